/*
 * Goal: what the ancestor's queues got wrong stays right. Each case is named after its defect.
 * Method: the shortest sequence of calls that showed it, on each kind of ring; where it took
 * threads, some hundred thousand operations. Statistics that raced, tore or showed more received
 * than sent have their cases in test_stats.c; test_rings_stress.c is what replaces an XOR checksum.
 */
#include "ring_lane.h"

#include <stddef.h>

#include <corinth/lane.h>
#include <corinth/parking.h>

#define CAPACITY 8
#define STEPS 64
#define OBSERVED_ITEMS 300000u
#define BATCHES 50000u
#define BATCH 4
#define WATCHDOG_S 60
#define SIDES 2

static lane the_lane;
static lane_side producers[SIDES];
static lane_side consumers[SIDES];
static uint32_t is_done; /* atomic */

static void start_at(const ring_kind *kind, corinth_position start)
{
    lane_init(&the_lane, kind, CAPACITY, start);
    for (size_t i = 0; i < SIDES; i++) {
        side_init(&the_lane, &producers[i], true);
        side_init(&the_lane, &consumers[i], false);
    }
    is_done = 0;
}

static void send_one(void)
{
    CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 1);
    CHECK_EQUAL(commit(&the_lane, &producers[0], 1), 1);
}

static void receive_one(void)
{
    CHECK_EQUAL(peek(&the_lane, &consumers[0], 1), 1);
    release(&the_lane, &consumers[0], 1);
}

/* One slot in, one out, and then the other way round, across the place where `start` wraps. */
static void pass_across(const ring_kind *kind, corinth_position start)
{
    start_at(kind, start);
    for (size_t step = 0; step < STEPS; step++) {
        size_t in_lane = step < CAPACITY ? step : CAPACITY;
        CHECK_EQUAL(length_of(&the_lane), in_lane);
        if (in_lane == CAPACITY) {
            CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 0);
            receive_one();
        }
        CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 1);
        CHECK_EQUAL(producers[0].side.next, (corinth_position)(start + step));
        CHECK_EQUAL(commit(&the_lane, &producers[0], 1), 1);
    }
}

/* The ancestor died after 2^31 pushes: it took positions' difference through a signed cast. */
static void run_positions_past_their_sign(void)
{
    check_case("position difference through a signed cast: dies after 2^31 pushes");
    for (size_t i = 0; i < RING_KINDS; i++) {
        const ring_kind *kind = &ring_kinds[i];
        pass_across(kind, (corinth_position)UINT64_C(0x80000000) - STEPS / 2);
        pass_across(kind, (corinth_position)UINT64_C(0x100000000) - STEPS / 2);
        pass_across(kind, (corinth_position)((corinth_position)-1 / 2 + 1) - STEPS / 2);
        pass_across(kind, (corinth_position)0 - STEPS / 2);
    }
}

static void *pass_items(void *context)
{
    (void)context;
    for (uint64_t passed = 0; passed < check_scaled(OBSERVED_ITEMS); passed++) {
        send_one();
        receive_one();
    }
    corinth_internal_store_release_u32(&is_done, 1);
    return NULL;
}

/* It read the tail before the head, and so could return that there are 2^32 - 1 items. */
static void run_length_out_of_range(void)
{
    check_case("len read tail before head: could answer 2^32-1");
    for (size_t i = 0; i < RING_KINDS; i++) {
        start_at(&ring_kinds[i], 0);
        pthread_t passer = check_thread(pass_items, NULL);
        while (corinth_internal_load_acquire_u32(&is_done) == 0) {
            CHECK_AT_MOST(length_of(&the_lane), CAPACITY);
        }
        check_join(passer);
        CHECK_EQUAL(length_of(&the_lane), 0);
    }
}

/* Two threads' data on one cache line cost it most of its speed. */
static void run_shared_cache_lines(void)
{
    check_case("head, tail and slots shared cache lines");
    CHECK(offsetof(corinth_ring, read) - offsetof(corinth_ring, written) >= CORINTH_CACHE_LINE);
    CHECK(sizeof(corinth_ring) - offsetof(corinth_ring, read) >= CORINTH_CACHE_LINE);
    CHECK_EQUAL(CORINTH_ALIGNOF(corinth_ring), CORINTH_CACHE_LINE);
    CHECK_EQUAL(CORINTH_ALIGNOF(corinth_sender), CORINTH_CACHE_LINE);
    CHECK_EQUAL(CORINTH_ALIGNOF(corinth_receiver), CORINTH_CACHE_LINE);
    CHECK_EQUAL(sizeof(corinth_parker) % CORINTH_CACHE_LINE, 0);
    CHECK_EQUAL(sizeof(corinth_doorbell) % CORINTH_CACHE_LINE, 0);
}

static void *send_batches(void *context)
{
    lane_side *own = context;
    uint32_t number = own == &producers[0] ? 0 : 1;
    unsigned attempts = 0;
    for (uint64_t sent = 0; sent < check_scaled(BATCHES);) {
        size_t claimed = reserve(&the_lane, own, BATCH);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* A slot says who sent it and how many slots of its batch are still to come. */
        for (size_t i = 0; i < claimed; i++) {
            item *slot = slot_of(&the_lane, own->side.next + (corinth_position)i);
            slot->number = number * 16 + (uint32_t)(claimed - 1 - i);
        }
        CHECK_EQUAL(commit(&the_lane, own, claimed), claimed);
        sent++;
    }
    __atomic_fetch_add(&is_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Receives until both senders are done: a batch that has begun ends before the next begins. */
static void receive_batches(void)
{
    uint32_t last = 0;
    unsigned attempts = 0;
    for (bool is_empty_for_good = false; !is_empty_for_good;) {
        bool are_done = corinth_internal_load_acquire_u32(&is_done) == 2;
        size_t count = peek(&the_lane, &consumers[0], CAPACITY);
        for (size_t i = 0; i < count; i++) {
            corinth_position at = consumers[0].side.next + (corinth_position)i;
            uint32_t slot = slot_of(&the_lane, at)->number;
            CHECK(last % 16 == 0 || slot == last - 1);
            last = slot;
        }
        if (count > 0) {
            release(&the_lane, &consumers[0], count);
        } else {
            check_relax(&attempts);
        }
        is_empty_for_good = are_done && count == 0;
    }
    CHECK_EQUAL(last % 16, 0);
}

/* A batch was a loop over single sends, into which others sent theirs. */
static void run_batch_of_single_operations(void)
{
    check_case("batch looped over single operations");
    for (size_t i = 0; i < RING_KINDS; i++) {
        if (ring_kinds[i].has_producers) {
            start_at(&ring_kinds[i], 0);
            CHECK_EQUAL(reserve(&the_lane, &producers[0], 3), 3);
            CHECK_EQUAL(the_lane.ring.written, 3);
            start_at(&ring_kinds[i], (corinth_position)0 - 100);
            pthread_t senders[] = {check_thread(send_batches, &producers[0]),
                                   check_thread(send_batches, &producers[1])};
            receive_batches();
            check_join(senders[0]);
            check_join(senders[1]);
        }
    }
}

/*
 * It was called lock-free and linearizable, but a stalled producer holds up consumers. So does it
 * here, and the header says so; what is promised is that no call spins on it: each returns.
 */
static void stall(const ring_kind *kind)
{
    start_at(kind, 0);
    CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 1);
    CHECK_EQUAL(reserve(&the_lane, &producers[1], CAPACITY - 1), CAPACITY - 1);
    (void)commit(&the_lane, &producers[1], CAPACITY - 1);
    for (int attempt = 0; attempt < 100; attempt++) {
        CHECK_EQUAL(peek(&the_lane, &consumers[0], CAPACITY), 0);
        CHECK_EQUAL(reserve(&the_lane, &producers[1], 1), 0);
        CHECK(!is_ready(&the_lane, &consumers[0]));
        CHECK_EQUAL(length_of(&the_lane), CAPACITY);
    }
    (void)commit(&the_lane, &producers[0], 1);
    CHECK_EQUAL(peek(&the_lane, &consumers[0], CAPACITY), CAPACITY);
    CHECK_EQUAL(consumers[0].side.next, 0);
    /* A consumer stalled inside a claim holds up producers one lap later, and they return too. */
    CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 0);
    CHECK_EQUAL(kind->has_consumers ? peek(&the_lane, &consumers[1], 1) : 0, 0);
    release(&the_lane, &consumers[0], CAPACITY);
    CHECK_EQUAL(reserve(&the_lane, &producers[0], 1), 1);
    CHECK_EQUAL(producers[0].side.next, CAPACITY);
}

static void run_stalled_producer(void)
{
    check_case("a producer stalled inside a claim holds up what is behind it, and no call spins");
    for (size_t i = 0; i < RING_KINDS; i++) {
        if (ring_kinds[i].has_producers) {
            stall(&ring_kinds[i]);
        }
    }
}

/* What was reserved and aborted must neither be received nor block anything. */
static void run_aborted_claims(void)
{
    check_case("an aborted claim is never received and holds nothing up");
    for (size_t i = 0; i < RING_KINDS; i++) {
        start_at(&ring_kinds[i], 0);
        CHECK_EQUAL(reserve(&the_lane, &producers[0], 2), 2);
        if (ring_kinds[i].has_producers) {
            CHECK_EQUAL(reserve(&the_lane, &producers[1], 1), 1);
            (void)commit(&the_lane, &producers[1], 1);
            CHECK_EQUAL(commit(&the_lane, &producers[0], 0), 2);
            CHECK_EQUAL(peek(&the_lane, &consumers[0], CAPACITY), 1);
            CHECK_EQUAL(consumers[0].side.next, 2);
            release(&the_lane, &consumers[0], 1);
        } else {
            /* There is nothing to mark: the next claim returns the same slots. */
            CHECK_EQUAL(commit(&the_lane, &producers[0], 0), 0);
            CHECK_EQUAL(reserve(&the_lane, &producers[0], 2), 2);
            CHECK_EQUAL(producers[0].side.next, 0);
        }
        CHECK_EQUAL(peek(&the_lane, &consumers[0], 1), 0);
        CHECK_EQUAL(length_of(&the_lane), 0);
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_positions_past_their_sign();
    run_shared_cache_lines();
    run_stalled_producer();
    run_aborted_claims();
    /* With threads a broken ring may hang, so what one thread shows comes before. */
    run_length_out_of_range();
    run_batch_of_single_operations();
    return 0;
}
