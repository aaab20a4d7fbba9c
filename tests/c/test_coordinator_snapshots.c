/*
 * Goal: a snapshot of a coordinator at work never shows more received than sent, always adds up,
 * and shows no count that went back.
 * Method: two threads that send over different lanes, those that receive, and four that take one
 * snapshot after the other, for 10 seconds.
 */
#include "mixed_ports.h"
#include "stress.h"

#define SNAPSHOTS_MS 10000u
/* How many a reader takes before it lets another thread run: few, so that senders get to send. */
#define SNAPSHOTS_AT_ONCE 4u
#define READERS 4
/* So many readers never let others run: they are interrupted anywhere, also inside a snapshot. */
#define INTERRUPTED_READERS 2

/* A sender, with a lane of its own. */
typedef struct writer {
    mixed_world source;
    mixed_world target;
    size_t lane;
    uint64_t end_ms;
    uint64_t sent;
} writer;

/* Who takes one snapshot after the other. */
typedef struct reader {
    uint64_t snapshots;
    bool gives_way;
} reader;

static writer writers[2] = {
    {.source = MIXED_WORLD_HEAVY, .target = MIXED_WORLD_HUB,
     .lane = MIXED_HEAVY_TO_HUB_INDEX},
    {.source = MIXED_WORLD_LIGHT, .target = MIXED_WORLD_POOL,
     .lane = MIXED_LIGHT_TO_POOL_INDEX},
};

static uint32_t is_over; /* atomic */

static void *keep_sending(void *context)
{
    writer *self = context;
    stress_budget budget = {self->end_ms};
    unsigned attempts = 0;
    uint32_t steps = 0;
    self->sent = 0;
    while (stress_has_time(&budget, &steps)) {
        mixed_transfer transfer = new_transfer(self->sent, self->target);
        transfer.source = self->source;
        if (mixed_coordinator_send(&coordinator, &transfer) == CORINTH_OK) {
            self->sent++;
        } else {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static void *keep_receiving(void *context)
{
    mixed_world world = *(const mixed_world *)context;
    unsigned attempts = 0;
    for (bool is_last = false;;) {
        mixed_transfer received;
        if (mixed_coordinator_receive(&coordinator, world, &received) != CORINTH_OK) {
            if (is_last) {
                return NULL;
            }
            is_last = corinth_internal_load_acquire_u32(&is_over) != 0;
            check_relax(&attempts);
        }
    }
}

/* No count goes back, in any reader's eyes: each is another snapshot of the same counters. */
static void *keep_reading(void *context)
{
    reader *self = context;
    corinth_lane_stats before[2] = {{0}, {0}};
    while (corinth_internal_load_acquire_u32(&is_over) == 0) {
        mixed_coordinator_snapshot stats = mixed_coordinator_stats(&coordinator);
        for (size_t i = 0; i < 2; i++) {
            const corinth_lane_stats *lane = &stats.lanes[writers[i].lane];
            CHECK_AT_MOST(lane->received, lane->sent);
            CHECK_EQUAL(lane->sent, lane->received + lane->in_lane + lane->undelivered);
            CHECK_AT_MOST(before[i].sent, lane->sent);
            CHECK_AT_MOST(before[i].received, lane->received);
            CHECK_AT_MOST(before[i].full, lane->full);
            CHECK_AT_MOST(before[i].high_water, lane->high_water);
            before[i] = *lane;
        }
        self->snapshots++;
        if (self->gives_way && self->snapshots % SNAPSHOTS_AT_ONCE == 0) {
            (void)sched_yield();
        }
    }
    return NULL;
}

/* For a time and not a number of transfers: what is looked for takes many looks. */
static void run_snapshots(stress *run)
{
    check_case("snapshots by four readers beside two senders of different lanes");
    start_coordinator();
    is_over = 0;
    pthread_t senders[2];
    pthread_t receivers[2];
    pthread_t threads[READERS];
    reader readers[READERS] = {{0}};
    for (size_t i = 0; i < READERS; i++) {
        readers[i].gives_way = i >= INTERRUPTED_READERS;
        threads[i] = check_thread(keep_reading, &readers[i]);
    }
    uint64_t end_ms = stress_end_ms(run, check_scaled(SNAPSHOTS_MS));
    for (size_t i = 0; i < 2; i++) {
        writers[i].end_ms = end_ms;
        senders[i] = check_thread(keep_sending, &writers[i]);
        receivers[i] = check_thread(keep_receiving, &writers[i].target);
    }
    check_join(senders[0]);
    check_join(senders[1]);
    corinth_internal_store_release_u32(&is_over, 1);
    uint64_t taken = 0;
    for (size_t i = 0; i < READERS; i++) {
        check_join(threads[i]);
        taken += readers[i].snapshots;
    }
    for (size_t i = 0; i < 2; i++) {
        check_join(receivers[i]);
        corinth_lane_stats stats = stats_of(writers[i].lane);
        CHECK_EQUAL(stats.sent, writers[i].sent);
        CHECK_EQUAL(stats.received, writers[i].sent);
    }
    printf("  %" PRIu64 " transfers\n", writers[0].sent + writers[1].sent);
    stress_reached(run, "snapshots", taken, READERS);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    while (stress_next_round(&run)) {
        run_snapshots(&run);
    }
    return 0;
}
