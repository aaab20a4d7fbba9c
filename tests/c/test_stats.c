/*
 * Goal: statistics add up: a snapshot never shows more received than sent, always sent = received +
 * in lane + undelivered, and never goes back; a reset restarts all and loses nothing.
 * Method: counters step by step in one thread; then two threads that exchange items over two SPSC
 * lanes, and four around one MPMC lane, while four others take snapshots, of which one resets.
 *
 * The file is longer than others because the same readers watch all of these.
 */
#include "stress.h"

#include <string.h>

#include <corinth/mpmc.h>
#include <corinth/spsc.h>
#include <corinth/stats.h>

#define EXCHANGED_ITEMS 3000000u
#define SHARED_ITEMS 1000000u
#define CAPACITY 64
#define BULK_MAX 8
#define READERS 4
#define ENDS_MAX 2
#define UNKNOWN UINT64_MAX

/*
 * A lane without slots: its ring, and the counters of all its ends, a cache line each. With one end
 * on each side its ring is SPSC, and counts what is sent.
 */
typedef struct lane {
    corinth_ring ring;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[CAPACITY];
    corinth_lane_record record;
    struct {
        corinth_sender_counters counters;
        corinth_ring_side side;
    } senders[ENDS_MAX];
    struct {
        corinth_receiver_counters counters;
        corinth_ring_side side;
    } receivers[ENDS_MAX];
    uint32_t ends;
    corinth_counter total; /* atomic; how many were sent in the end, UNKNOWN until then */
} lane;

static lane lanes[2];
static corinth_counter epoch;   /* atomic */
static uint32_t threads_done;   /* atomic */
static uint32_t writer_threads;
static stress_budget budget;

static void lane_init(lane *self, uint32_t ends)
{
    memset(self, 0, sizeof(*self));
    corinth_ring_init(&self->ring, self->marks, CAPACITY, 0);
    for (uint32_t i = 0; i < ENDS_MAX; i++) {
        corinth_ring_init_producer(&self->senders[i].side, &self->ring, self->marks);
        corinth_ring_init_consumer(&self->receivers[i].side, &self->ring, self->marks);
    }
    self->ends = ends;
    self->total = UNKNOWN;
}

static corinth_lane_tally tally_of(const lane *self)
{
    uint64_t now = corinth_internal_load_relaxed_u64(&epoch);
    corinth_lane_tally tally = corinth_tally_begin(&self->record, now);
    for (uint32_t i = 0; i < self->ends; i++) {
        corinth_tally_receiver(&tally, &self->receivers[i].counters);
        corinth_tally_drops(&tally, &self->senders[i].counters);
    }
    for (uint32_t i = 0; i < self->ends; i++) {
        corinth_tally_sender(&tally, &self->senders[i].counters);
    }
    if (self->ends == 1) {
        corinth_tally_published(&tally, corinth_internal_load_relaxed(&self->ring.written));
    }
    return tally;
}

static corinth_lane_stats stats_of(const lane *self)
{
    corinth_lane_tally tally = tally_of(self);
    return corinth_tally_end(&tally);
}

static void check_stats(const lane *self, const corinth_lane_stats *expected)
{
    corinth_lane_stats stats = stats_of(self);
    CHECK_EQUAL(stats.sent, expected->sent);
    CHECK_EQUAL(stats.received, expected->received);
    CHECK_EQUAL(stats.in_lane, expected->in_lane);
    CHECK_EQUAL(stats.dropped_oldest, expected->dropped_oldest);
    CHECK_EQUAL(stats.dropped_newest, expected->dropped_newest);
    CHECK_EQUAL(stats.closed, expected->closed);
    CHECK_EQUAL(stats.drained, expected->drained);
    CHECK_EQUAL(stats.undelivered, stats.dropped_oldest + stats.dropped_newest + stats.closed
                                       + stats.drained);
    CHECK_EQUAL(stats.full, expected->full);
    CHECK_EQUAL(stats.high_water, expected->high_water);
}

static void run_counts(void)
{
    check_case("counts of all ends add up, and restart at a reset");
    lane *self = &lanes[0];
    lane_init(self, 2);
    epoch = 1;
    corinth_count_sent(&self->senders[0].counters, 7);
    corinth_count_sent(&self->senders[1].counters, 5);
    corinth_count_full(&self->senders[1].counters);
    corinth_record_high_water(&self->receivers[0].counters, 3, 1);
    corinth_record_high_water(&self->receivers[1].counters, 9, 1);
    corinth_record_high_water(&self->receivers[1].counters, 4, 1);
    corinth_count_received(&self->receivers[0].counters, 3);
    corinth_count_received(&self->receivers[1].counters, 4);
    corinth_count_drained(&self->record, 2);
    check_stats(self, &(corinth_lane_stats){.sent = 12, .received = 7, .in_lane = 3,
                                           .drained = 2, .full = 1, .high_water = 9});
    /* What is in the lane counts as sent after the reset: the equation holds on. */
    corinth_lane_tally tally = tally_of(self);
    corinth_tally_reset(&tally, &self->record);
    epoch = 2;
    check_stats(self, &(corinth_lane_stats){.sent = 3, .in_lane = 3});
    corinth_record_high_water(&self->receivers[0].counters, 2, 2);
    corinth_count_received(&self->receivers[0].counters, 2);
    corinth_count_sent(&self->senders[0].counters, 10);
    corinth_count_full(&self->senders[0].counters);
    corinth_count_drained(&self->record, 1);
    check_stats(self, &(corinth_lane_stats){.sent = 13, .received = 2, .in_lane = 10,
                                           .drained = 1, .full = 1, .high_water = 2});
}

static void run_reasons(void)
{
    check_case("each reason for which one isn't delivered has its count, and restarts at a reset");
    lane *self = &lanes[0];
    lane_init(self, 2);
    epoch = 1;
    corinth_count_sent(&self->senders[0].counters, 100);
    corinth_count_dropped_oldest(&self->senders[0].counters, 1);
    corinth_count_dropped_oldest(&self->senders[1].counters, 4);
    corinth_count_dropped_newest(&self->senders[0].counters, 2);
    corinth_count_dropped_newest(&self->senders[1].counters, 10);
    corinth_count_closed(&self->receivers[0].counters, 3);
    corinth_count_closed(&self->receivers[1].counters, 14);
    corinth_count_drained(&self->record, 30);
    check_stats(self, &(corinth_lane_stats){.sent = 112, .in_lane = 48, .dropped_oldest = 5,
                                           .dropped_newest = 12, .closed = 17, .drained = 30});
    corinth_lane_tally tally = tally_of(self);
    corinth_tally_reset(&tally, &self->record);
    epoch = 2;
    check_stats(self, &(corinth_lane_stats){.sent = 48, .in_lane = 48});
    corinth_count_dropped_oldest(&self->senders[1].counters, 1);
    corinth_count_dropped_newest(&self->senders[1].counters, 2);
    corinth_count_closed(&self->receivers[1].counters, 3);
    corinth_count_drained(&self->record, 4);
    check_stats(self, &(corinth_lane_stats){.sent = 50, .in_lane = 40, .dropped_oldest = 1,
                                           .dropped_newest = 2, .closed = 3, .drained = 4});
}

/* What is dropped for want of room is never published, and was sent all the same. */
static void run_published(void)
{
    check_case("a ring's position counts what was sent");
    lane *self = &lanes[0];
    lane_init(self, 1);
    epoch = 1;
    corinth_internal_store_relaxed(&self->ring.written, 20);
    corinth_count_received(&self->receivers[0].counters, 3);
    corinth_count_closed(&self->receivers[0].counters, 2);
    corinth_count_drained(&self->record, 4);
    corinth_count_dropped_newest(&self->senders[0].counters, 7);
    check_stats(self, &(corinth_lane_stats){.sent = 27, .received = 3, .in_lane = 11,
                                           .dropped_newest = 7, .closed = 2, .drained = 4});
}

static void run_ticks(void)
{
    check_case("ticks of all ports add up, and restart at a reset");
    corinth_tick_counters ports[2];
    memset(ports, 0, sizeof(ports));
    corinth_count_tick(&ports[0], 10, 1);
    corinth_count_tick(&ports[0], 30, 1);
    corinth_count_tick(&ports[1], 20, 1);
    corinth_world_stats world = {0, 0, 0, false};
    corinth_tally_ticks(&world, &ports[0], 1);
    corinth_tally_ticks(&world, &ports[1], 1);
    CHECK_EQUAL(world.ticks, 3);
    CHECK_EQUAL(world.tick_ns_total, 60);
    CHECK_EQUAL(world.tick_ns_max, 30);
    corinth_count_tick(&ports[1], 5, 2);
    world = (corinth_world_stats){0, 0, 0, false};
    corinth_tally_ticks(&world, &ports[0], 2);
    corinth_tally_ticks(&world, &ports[1], 2);
    CHECK_EQUAL(world.ticks, 1);
    CHECK_EQUAL(world.tick_ns_total, 5);
    CHECK_EQUAL(world.tick_ns_max, 5);
}

/* Sends up to `wanted` over a lane whose only sender this is; counts as generated code does. */
static size_t send_spsc(lane *self, size_t wanted)
{
    size_t count = corinth_spsc_reserve(&self->senders[0].side, CAPACITY, wanted);
    if (count == 0) {
        corinth_count_full(&self->senders[0].counters);
        return 0;
    }
    (void)corinth_spsc_commit(&self->senders[0].side, CAPACITY, count);
    return count;
}

static size_t receive_spsc(lane *self)
{
    corinth_ring_side *side = &self->receivers[0].side;
    size_t count = corinth_spsc_peek(side, CAPACITY, BULK_MAX);
    if (count > 0) {
        uint64_t now = corinth_internal_load_relaxed_u64(&epoch);
        corinth_record_high_water(&self->receivers[0].counters, side->backlog, now);
        corinth_spsc_release(side, CAPACITY, count);
        corinth_count_received(&self->receivers[0].counters, count);
    }
    return count;
}

/* A thread of the tests below, with the lanes that it sends over and receives from. */
typedef struct worker {
    lane *outgoing;
    lane *incoming;
    uint32_t index;
    uint64_t seed;
    uint64_t snapshots; /* that it took, if it does that */
} worker;

static void *exchange(void *context)
{
    const worker *self = context;
    check_random random = check_random_stream(self->seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t items = check_scaled(EXCHANGED_ITEMS);
    bool is_over = false;
    uint64_t sent = 0;
    uint64_t received = 0;
    while (!is_over || received < __atomic_load_n(&self->incoming->total, __ATOMIC_ACQUIRE)) {
        size_t count = 0;
        if (!is_over) {
            size_t wanted = 1 + check_random_below(&random, BULK_MAX);
            size_t left = (size_t)(items - sent);
            count = send_spsc(self->outgoing, wanted < left ? wanted : left);
            sent += count;
            is_over = sent == items || !stress_has_time(&budget, &steps);
            if (is_over) {
                __atomic_store_n(&self->outgoing->total, sent, __ATOMIC_RELEASE);
            }
        }
        size_t taken = receive_spsc(self->incoming);
        received += taken;
        if (count + taken == 0) {
            check_relax(&attempts);
        }
    }
    __atomic_fetch_add(&threads_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void *send_shared(void *context)
{
    const worker *self = context;
    lane *target = self->outgoing;
    corinth_ring_side *side = &target->senders[self->index].side;
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t left = check_scaled(SHARED_ITEMS);
    while (left > 0 && stress_has_time(&budget, &steps)) {
        size_t wanted = left < BULK_MAX ? (size_t)left : BULK_MAX;
        size_t count = corinth_mpmc_reserve(side, CAPACITY, wanted);
        if (count == 0) {
            corinth_count_full(&target->senders[self->index].counters);
            check_relax(&attempts);
            continue;
        }
        corinth_count_sent(&target->senders[self->index].counters, count);
        (void)corinth_mpmc_commit(side, CAPACITY, count);
        left -= count;
    }
    __atomic_fetch_add(&threads_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void *receive_shared(void *context)
{
    const worker *self = context;
    lane *source = self->incoming;
    corinth_receiver_counters *counters = &source->receivers[self->index].counters;
    corinth_ring_side *side = &source->receivers[self->index].side;
    unsigned attempts = 0;
    /* The senders are done before the lane is found empty for good. */
    for (bool is_last = false; !is_last;) {
        is_last = __atomic_load_n(&threads_done, __ATOMIC_ACQUIRE) >= ENDS_MAX;
        size_t count = corinth_mpmc_peek(side, CAPACITY, 3);
        if (count == 0) {
            check_relax(&attempts);
            continue;
        }
        is_last = false;
        uint64_t now = corinth_internal_load_relaxed_u64(&epoch);
        corinth_marks_sample(side, CAPACITY, count);
        CHECK_AT_MOST(count, side->backlog);
        corinth_record_high_water(counters, side->backlog, now);
        corinth_mpmc_release(side, CAPACITY, count);
        corinth_count_received(counters, count);
    }
    __atomic_fetch_add(&threads_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void check_snapshot(const corinth_lane_stats *stats)
{
    CHECK_AT_MOST(stats->received, stats->sent);
    CHECK_EQUAL(stats->sent, stats->received + stats->in_lane + stats->undelivered);
    CHECK_AT_MOST(stats->high_water, CAPACITY);
}

/* Takes snapshots as long as the others work. */
static void *read_snapshots(void *context)
{
    worker *self = context;
    corinth_lane_tally before[2] = {tally_of(&lanes[0]), tally_of(&lanes[1])};
    while (__atomic_load_n(&threads_done, __ATOMIC_ACQUIRE) < writer_threads) {
        size_t index = self->snapshots % 2;
        corinth_lane_tally tally = tally_of(&lanes[index]);
        corinth_lane_stats stats = corinth_tally_end(&tally);
        check_snapshot(&stats);
        CHECK_AT_MOST(before[index].received, tally.received);
        CHECK_AT_MOST(before[index].sent, tally.sent);
        CHECK_AT_MOST(before[index].full, tally.full);
        CHECK_AT_MOST(before[index].base.base_received, tally.base.base_received);
        before[index] = tally;
        self->snapshots++;
        /* Only the first reader resets: resets are made by one thread at a time. */
        if (self->index == 0 && self->snapshots % 1024 < 2) {
            corinth_tally_reset(&tally, &lanes[index].record);
            corinth_internal_store_relaxed_u64(
                &epoch, corinth_internal_load_relaxed_u64(&epoch) + 1);
        }
        if (self->snapshots % 64 == 0) {
            (void)sched_yield();
        }
    }
    CHECK(self->snapshots > 0);
    return NULL;
}

/*
 * Runs the writers with READERS readers beside them, then checks that everything adds up. Returns
 * how many items were sent.
 */
static uint64_t run_threads(worker *writers, void *(*const *functions)(void *), uint32_t count)
{
    pthread_t threads[READERS + 2 * ENDS_MAX];
    worker readers[READERS];
    threads_done = 0;
    writer_threads = count;
    epoch = 1;
    for (uint32_t i = 0; i < READERS; i++) {
        readers[i] = (worker){.index = i};
        threads[i] = check_thread(read_snapshots, &readers[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        threads[READERS + i] = check_thread(functions[i], &writers[i]);
    }
    for (uint32_t i = 0; i < READERS + count; i++) {
        check_join(threads[i]);
    }
    uint64_t snapshots = 0;
    for (uint32_t i = 0; i < READERS; i++) {
        snapshots += readers[i].snapshots;
    }
    uint64_t sent = 0;
    for (uint32_t i = 0; i < 2; i++) {
        corinth_lane_stats stats = stats_of(&lanes[i]);
        check_snapshot(&stats);
        CHECK_EQUAL(stats.in_lane, 0);
        sent += tally_of(&lanes[i]).sent;
    }
    printf("  %" PRIu64 " snapshots\n", snapshots);
    return sent;
}

static void run_exchange(stress *run)
{
    check_case("snapshots of two SPSC lanes, their two writers at work");
    lane_init(&lanes[0], 1);
    lane_init(&lanes[1], 1);
    worker pair[] = {
        {.outgoing = &lanes[0], .incoming = &lanes[1], .index = 0, .seed = run->seed},
        {.outgoing = &lanes[1], .incoming = &lanes[0], .index = 1, .seed = run->seed},
    };
    void *(*const exchangers[])(void *) = {exchange, exchange};
    budget = stress_budget_of(run);
    uint64_t sent = run_threads(pair, exchangers, 2);
    stress_reached(run, "items", sent, 2 * check_scaled(EXCHANGED_ITEMS));
}

static void run_shared(stress *run)
{
    check_case("snapshots of an MPMC lane, two senders and two receivers at work");
    lane_init(&lanes[0], ENDS_MAX);
    lane_init(&lanes[1], 0);
    worker workers[] = {
        {.outgoing = &lanes[0], .index = 0},
        {.outgoing = &lanes[0], .index = 1},
        {.incoming = &lanes[0], .index = 0},
        {.incoming = &lanes[0], .index = 1},
    };
    void *(*const members[])(void *) = {send_shared, send_shared, receive_shared, receive_shared};
    budget = stress_budget_of(run);
    uint64_t sent = run_threads(workers, members, 4);
    stress_reached(run, "items", sent, ENDS_MAX * check_scaled(SHARED_ITEMS));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    run_counts();
    run_reasons();
    run_published();
    run_ticks();
    while (stress_next_round(&run)) {
        run_exchange(&run);
        run_shared(&run);
    }
    return 0;
}
