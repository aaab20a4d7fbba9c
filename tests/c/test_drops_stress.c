/*
 * Goal: whatever threads do at once, a lane that drops loses nothing: each transfer arrives, or is
 * handed over with the reason that is counted, or is left for a drain; what arrives is in order.
 * Method: two threads that send, one by one and in batches, and two that receive, in place and by
 * copies, over a lane of two slots that drops its oldest and one that drops the newest, while a
 * third looks at snapshots.
 */
#include "stress.h"

#include <string.h>

#include "drops.h"

#define ITEMS 100000u
#define BATCH_MAX 5
#define SENDERS DROPS_SOURCE_THREADS
#define RECEIVERS 2

/* What a transfer's number says: who sent it, to which lane, and as which one. */
#define NUMBER_OF(sender, item) ((uint64_t)(item) * SENDERS + (sender))

typedef enum fate { UNKNOWN, ARRIVED, DROPPED_OLDEST, DROPPED_NEWEST, LEFT } fate;

static drops_coordinator coordinator;
static drops_world target;
static size_t lane_index;
static uint32_t senders_left; /* atomic */
static uint32_t fates[ITEMS * SENDERS]; /* atomic; of each number */
static uint64_t items;
static stress_budget budget;

static void settle(uint64_t number, fate what)
{
    CHECK(number < (uint64_t)ITEMS * SENDERS);
    /* Twice, by two threads, must not pass unnoticed. */
    uint32_t before = __atomic_exchange_n(&fates[number], (uint32_t)what, __ATOMIC_RELAXED);
    CHECK_EQUAL(before, UNKNOWN);
}

static void undelivered(
    void *context, const drops_transfer *transfer, corinth_undelivered_reason reason)
{
    CHECK(context == NULL);
    CHECK_EQUAL(transfer->target, target);
    CHECK_EQUAL(transfer->entity, drops_transfer_unpack_item(transfer)->number);
    CHECK_AT_MOST(reason, CORINTH_UNDELIVERED_DROPPED_NEWEST);
    settle(transfer->entity,
           reason == CORINTH_UNDELIVERED_DROPPED_OLDEST ? DROPPED_OLDEST : DROPPED_NEWEST);
}

static void new_transfer(drops_transfer *transfer, uint64_t number)
{
    drops_transfer_init(transfer, DROPS_WORLD_SOURCE, target);
    transfer->entity = number;
    drops_transfer_add_item(transfer)->number = number;
}

/* A sender's number of its own, and how many it sent. */
typedef struct sender {
    uint32_t index;
    uint64_t seed;
    uint64_t sent;
} sender;

static void *keep_sending(void *context)
{
    sender *self = context;
    drops_source_port *port = drops_source_open(&coordinator, self->index);
    check_random random = check_random_stream(self->seed, self->index);
    uint32_t steps = 0;
    while (self->sent < items && stress_has_time(&budget, &steps)) {
        drops_transfer batch[BATCH_MAX];
        uint64_t left = items - self->sent;
        size_t count = check_random_below(&random, BATCH_MAX) + 1;
        count = count < left ? count : (size_t)left;
        for (size_t i = 0; i < count; i++) {
            new_transfer(&batch[i], NUMBER_OF(self->index, self->sent + i));
        }
        size_t moved = 0;
        CHECK_EQUAL(drops_source_send_batch(port, batch, count, &moved), CORINTH_OK);
        CHECK_EQUAL(moved, count);
        self->sent += count;
        if (check_random_below(&random, 4) == 0) {
            (void)sched_yield();
        }
    }
    __atomic_fetch_sub(&senders_left, 1, __ATOMIC_ACQ_REL);
    return NULL;
}

/* What a receiver has seen last of each sender. */
typedef struct receiver {
    uint32_t index;
    uint64_t last[SENDERS];
    uint64_t received;
} receiver;

static void take(receiver *self, const drops_transfer *transfer)
{
    uint64_t number = transfer->entity;
    CHECK_EQUAL(drops_transfer_unpack_item(transfer)->number, number);
    settle(number, ARRIVED);
    uint64_t *last = &self->last[number % SENDERS];
    CHECK(*last < number + 1);
    *last = number + 1;
    self->received++;
}

static bool receive_newest(receiver *self, bool is_in_place)
{
    drops_newest_port *port = drops_newest_open(&coordinator, self->index);
    drops_transfer transfer;
    if (!is_in_place) {
        bool is_one = drops_newest_receive(port, &transfer) == CORINTH_OK;
        if (is_one) {
            take(self, &transfer);
        }
        return is_one;
    }
    drops_source_to_newest_batch batch;
    size_t count = drops_source_to_newest_peek(port, 2, &batch);
    for (size_t i = 0; i < count; i++) {
        take(self, &batch.slots[i]);
    }
    drops_source_to_newest_release(port, &batch, count);
    return count > 0;
}

static bool receive_oldest(receiver *self, bool is_in_place)
{
    drops_oldest_port *port = drops_oldest_open(&coordinator, self->index);
    drops_transfer transfer;
    if (!is_in_place) {
        bool is_one = drops_oldest_receive(port, &transfer) == CORINTH_OK;
        if (is_one) {
            take(self, &transfer);
        }
        return is_one;
    }
    drops_source_to_oldest_batch batch;
    size_t count = drops_source_to_oldest_peek(port, 2, &batch);
    for (size_t i = 0; i < count; i++) {
        take(self, &batch.slots[i]);
    }
    drops_source_to_oldest_release(port, &batch, count);
    return count > 0;
}

static void *keep_receiving(void *context)
{
    receiver *self = context;
    bool is_in_place = false;
    unsigned attempts = 0;
    bool is_over = false;
    bool is_one = true;
    while (is_one || !is_over) {
        is_over = __atomic_load_n(&senders_left, __ATOMIC_ACQUIRE) == 0;
        is_one = target == DROPS_WORLD_NEWEST ? receive_newest(self, is_in_place)
                                              : receive_oldest(self, is_in_place);
        is_in_place = !is_in_place;
        if (!is_one) {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static corinth_lane_stats stats_of_lane(void)
{
    return drops_coordinator_stats(&coordinator).lanes[lane_index];
}

static void *keep_looking(void *context)
{
    uint64_t *looks = context;
    corinth_lane_stats before = stats_of_lane();
    while (__atomic_load_n(&senders_left, __ATOMIC_ACQUIRE) > 0) {
        corinth_lane_stats now = stats_of_lane();
        CHECK_EQUAL(now.sent, now.received + now.in_lane + now.undelivered);
        CHECK_EQUAL(now.undelivered, now.dropped_oldest + now.dropped_newest);
        CHECK(now.received >= before.received && now.dropped_oldest >= before.dropped_oldest);
        CHECK(now.dropped_newest >= before.dropped_newest && now.sent >= before.sent);
        before = now;
        ++*looks;
    }
    return NULL;
}

static void settle_left(void *context, const drops_transfer *transfer)
{
    CHECK(context == NULL);
    settle(transfer->entity, LEFT);
}

/* Each number that was sent has one fate, and there are as many of each as were counted. */
static void check_fates(const sender senders[SENDERS], uint64_t received)
{
    uint64_t counts[LEFT + 1] = {0};
    for (uint32_t i = 0; i < SENDERS; i++) {
        for (uint64_t item = 0; item < ITEMS; item++) {
            uint32_t what = fates[NUMBER_OF(i, item)];
            CHECK((what == UNKNOWN) == (item >= senders[i].sent));
            counts[what]++;
        }
    }
    corinth_lane_stats lane = stats_of_lane();
    CHECK_EQUAL(lane.sent, senders[0].sent + senders[1].sent);
    CHECK_EQUAL(lane.received, received);
    CHECK_EQUAL(lane.received, counts[ARRIVED]);
    CHECK_EQUAL(lane.dropped_oldest, counts[DROPPED_OLDEST]);
    CHECK_EQUAL(lane.dropped_newest, counts[DROPPED_NEWEST]);
    CHECK_EQUAL(lane.drained, counts[LEFT]);
    CHECK_EQUAL(lane.in_lane, 0);
    CHECK_AT_MOST(lane.full, lane.sent);
    printf("  %" PRIu64 " arrived, %" PRIu64 " and %" PRIu64 " dropped as oldest and newest\n",
           counts[ARRIVED], counts[DROPPED_OLDEST], counts[DROPPED_NEWEST]);
}

static void run_lane(stress *run, drops_world to, size_t lane, uint32_t receiver_count)
{
    target = to;
    lane_index = lane;
    items = check_scaled(ITEMS);
    memset(fates, 0, sizeof(fates));
    budget = stress_budget_of(run);
    CHECK_EQUAL(drops_coordinator_init(&coordinator), CORINTH_OK);
    drops_coordinator_set_undelivered(&coordinator, undelivered, NULL);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
    senders_left = SENDERS;
    sender senders[SENDERS];
    receiver receivers[RECEIVERS];
    memset(receivers, 0, sizeof(receivers));
    uint64_t looks = 0;
    pthread_t threads[SENDERS + RECEIVERS + 1];
    uint32_t count = 0;
    for (uint32_t i = 0; i < SENDERS; i++) {
        senders[i] = (sender){.index = i, .seed = run->seed};
        threads[count++] = check_thread(keep_sending, &senders[i]);
    }
    for (uint32_t i = 0; i < receiver_count; i++) {
        receivers[i].index = i;
        threads[count++] = check_thread(keep_receiving, &receivers[i]);
    }
    threads[count++] = check_thread(keep_looking, &looks);
    for (uint32_t i = 0; i < count; i++) {
        check_join(threads[i]);
    }
    (void)drops_coordinator_drain(&coordinator, settle_left, NULL);
    check_fates(senders, receivers[0].received + receivers[1].received);
    stress_reached(run, "items", senders[0].sent + senders[1].sent, items * SENDERS);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    while (stress_next_round(&run)) {
        for (uint32_t receivers = 1; receivers <= RECEIVERS; receivers++) {
            printf("- %" PRIu32 " receivers, the oldest is dropped\n", receivers);
            run_lane(&run, DROPS_WORLD_OLDEST, DROPS_SOURCE_TO_OLDEST_INDEX, receivers);
            printf("- %" PRIu32 " receivers, the newest is dropped\n", receivers);
            run_lane(&run, DROPS_WORLD_NEWEST, DROPS_SOURCE_TO_NEWEST_INDEX, receivers);
        }
    }
    return 0;
}
