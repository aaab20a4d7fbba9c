/*
 * Goal: what the ancestor's queues got wrong stays right. Each case is named after its defect.
 * Method: the shortest sequence of calls that showed it, on both rings; where it took threads, some
 * hundred thousand operations. Statistics that raced, tore or showed more received than sent have
 * their cases in test_stats.c; test_mpmc_stress.c is what replaces an XOR checksum.
 */
#include "check.h"

#include <stddef.h>

#include <corinth/mpmc.h>
#include <corinth/parking.h>
#include <corinth/spsc.h>

#define CAPACITY 8
#define STEPS 64
#define OBSERVED_ITEMS 300000u
#define BATCHES 50000u
#define BATCH 4
#define WATCHDOG_S 60

/* Rings without slots, except for the numbers that some cases need. */
typedef struct lane {
    corinth_mpmc ring;
    corinth_mpmc_mark marks[CAPACITY];
    uint32_t slots[CAPACITY];
    uint32_t is_done; /* atomic */
} lane;

static lane the_lane;
static corinth_spsc the_spsc;

static size_t reserve(size_t wanted, corinth_position *first)
{
    return corinth_mpmc_reserve(&the_lane.ring, the_lane.marks, CAPACITY, wanted, first);
}

static void commit(corinth_position first, size_t claimed, size_t count)
{
    corinth_mpmc_commit(the_lane.marks, CAPACITY, first, claimed, count);
}

static size_t peek(size_t wanted, corinth_position *first)
{
    return corinth_mpmc_peek(&the_lane.ring, the_lane.marks, CAPACITY, wanted, first);
}

static void release(corinth_position first, size_t claimed)
{
    corinth_mpmc_release(the_lane.marks, CAPACITY, first, claimed);
}

static void start_at(corinth_position start)
{
    corinth_mpmc_init(&the_lane.ring, the_lane.marks, CAPACITY, start);
    corinth_spsc_init(&the_spsc, start);
    the_lane.is_done = 0;
}

/* One slot in, one out, and then the other way round, across the place where `start` wraps. */
static void pass_across(corinth_position start)
{
    corinth_position first;
    size_t ready;
    start_at(start);
    for (size_t step = 0; step < STEPS; step++) {
        size_t in_lane = step < CAPACITY ? step : CAPACITY;
        CHECK_EQUAL(corinth_mpmc_length(&the_lane.ring, CAPACITY), in_lane);
        CHECK_EQUAL(corinth_spsc_length(&the_spsc, CAPACITY), in_lane);
        if (in_lane == CAPACITY) {
            CHECK_EQUAL(reserve(1, &first), 0);
            CHECK_EQUAL(corinth_spsc_reserve(&the_spsc, CAPACITY, 1, &first), 0);
            CHECK_EQUAL(peek(1, &first), 1);
            release(first, 1);
            CHECK_EQUAL(corinth_spsc_peek(&the_spsc, CAPACITY, 1, &first, &ready), 1);
            CHECK_AT_MOST(ready, CAPACITY);
            corinth_spsc_release(&the_spsc, 1);
        }
        CHECK_EQUAL(reserve(1, &first), 1);
        CHECK_EQUAL(first, (corinth_position)(start + step));
        commit(first, 1, 1);
        CHECK_EQUAL(corinth_spsc_reserve(&the_spsc, CAPACITY, 1, &first), 1);
        CHECK_EQUAL(first, (corinth_position)(start + step));
        corinth_spsc_commit(&the_spsc, CAPACITY, 1);
    }
}

/* The ancestor died after 2^31 pushes: it took positions' difference through a signed cast. */
static void run_positions_past_their_sign(void)
{
    check_case("position difference through a signed cast: dies after 2^31 pushes");
    pass_across((corinth_position)UINT64_C(0x80000000) - STEPS / 2);
    pass_across((corinth_position)UINT64_C(0x100000000) - STEPS / 2);
    pass_across((corinth_position)((corinth_position)-1 / 2 + 1) - STEPS / 2);
    pass_across((corinth_position)0 - STEPS / 2);
}

static void *pass_items(void *context)
{
    (void)context;
    for (uint64_t passed = 0; passed < check_scaled(OBSERVED_ITEMS); passed++) {
        corinth_position first;
        size_t ready;
        CHECK_EQUAL(reserve(1, &first), 1);
        commit(first, 1, 1);
        CHECK_EQUAL(corinth_spsc_reserve(&the_spsc, CAPACITY, 1, &first), 1);
        corinth_spsc_commit(&the_spsc, CAPACITY, 1);
        CHECK_EQUAL(peek(1, &first), 1);
        release(first, 1);
        CHECK_EQUAL(corinth_spsc_peek(&the_spsc, CAPACITY, 1, &first, &ready), 1);
        corinth_spsc_release(&the_spsc, 1);
    }
    corinth_internal_store_release_u32(&the_lane.is_done, 1);
    return NULL;
}

/* It read the tail before the head, and so could answer that there are 2^32 - 1 items. */
static void run_length_out_of_range(void)
{
    check_case("len read tail before head: could answer 2^32-1");
    start_at(0);
    pthread_t passer = check_thread(pass_items, NULL);
    while (corinth_internal_load_acquire_u32(&the_lane.is_done) == 0) {
        CHECK_AT_MOST(corinth_mpmc_length(&the_lane.ring, CAPACITY), CAPACITY);
        CHECK_AT_MOST(corinth_spsc_length(&the_spsc, CAPACITY), CAPACITY);
    }
    check_join(passer);
    CHECK_EQUAL(corinth_mpmc_length(&the_lane.ring, CAPACITY), 0);
    CHECK_EQUAL(corinth_spsc_length(&the_spsc, CAPACITY), 0);
}

/* Two threads' data on one cache line cost it most of its speed. */
static void run_shared_cache_lines(void)
{
    check_case("head, tail and slots shared cache lines");
    CHECK(offsetof(corinth_spsc, read) - offsetof(corinth_spsc, written) >= CORINTH_CACHE_LINE);
    CHECK(offsetof(corinth_spsc, producer) - offsetof(corinth_spsc, read) >= CORINTH_CACHE_LINE);
    CHECK(offsetof(corinth_spsc, consumer) - offsetof(corinth_spsc, producer)
          >= CORINTH_CACHE_LINE);
    CHECK(sizeof(corinth_spsc) - offsetof(corinth_spsc, consumer) >= CORINTH_CACHE_LINE);
    CHECK(offsetof(corinth_mpmc, dequeue) - offsetof(corinth_mpmc, enqueue) >= CORINTH_CACHE_LINE);
    CHECK(sizeof(corinth_mpmc) - offsetof(corinth_mpmc, dequeue) >= CORINTH_CACHE_LINE);
    CHECK_EQUAL(CORINTH_ALIGNOF(corinth_spsc), CORINTH_CACHE_LINE);
    CHECK_EQUAL(CORINTH_ALIGNOF(corinth_mpmc), CORINTH_CACHE_LINE);
    CHECK_EQUAL(sizeof(corinth_parker) % CORINTH_CACHE_LINE, 0);
    CHECK_EQUAL(sizeof(corinth_doorbell) % CORINTH_CACHE_LINE, 0);
}

static void *send_batches(void *context)
{
    uint32_t number = *(const uint32_t *)context;
    unsigned attempts = 0;
    for (uint64_t sent = 0; sent < check_scaled(BATCHES);) {
        corinth_position first;
        size_t claimed = reserve(BATCH, &first);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* A slot says who sent it and how many slots of its batch are still to come. */
        for (size_t i = 0; i < claimed; i++) {
            size_t index = (size_t)(first + (corinth_position)i) & (CAPACITY - 1);
            the_lane.slots[index] = number * 16 + (uint32_t)(claimed - 1 - i);
        }
        commit(first, claimed, claimed);
        sent++;
    }
    __atomic_fetch_add(&the_lane.is_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* A batch was a loop over single sends, into which others sent theirs. */
static void run_batch_of_single_operations(void)
{
    check_case("batch looped over single operations");
    uint32_t numbers[] = {0, 1};
    start_at(0);
    corinth_position first;
    CHECK_EQUAL(reserve(3, &first), 3);
    CHECK_EQUAL(the_lane.ring.enqueue, 3);
    start_at((corinth_position)0 - 100);
    pthread_t senders[] = {check_thread(send_batches, &numbers[0]),
                           check_thread(send_batches, &numbers[1])};
    uint32_t last = 0;
    unsigned attempts = 0;
    for (bool is_empty_for_good = false; !is_empty_for_good;) {
        bool is_done = corinth_internal_load_acquire_u32(&the_lane.is_done) == 2;
        size_t count = peek(CAPACITY, &first);
        for (size_t i = 0; i < count; i++) {
            size_t index = (size_t)(first + (corinth_position)i) & (CAPACITY - 1);
            uint32_t slot = the_lane.slots[index];
            CHECK(last % 16 == 0 || slot == last - 1);
            last = slot;
        }
        if (count > 0) {
            release(first, count);
        } else {
            check_relax(&attempts);
        }
        is_empty_for_good = is_done && count == 0;
    }
    CHECK_EQUAL(last % 16, 0);
    check_join(senders[0]);
    check_join(senders[1]);
}

/*
 * It was called lock-free and linearizable, but a stalled producer holds up consumers. So does it
 * here, and the header says so; what is promised is that no call spins on it: each returns.
 */
static void run_stalled_producer(void)
{
    check_case("a producer stalled inside a claim holds up what is behind it, and no call spins");
    corinth_position stalled;
    corinth_position first;
    start_at(0);
    CHECK_EQUAL(reserve(1, &stalled), 1);
    CHECK_EQUAL(reserve(CAPACITY - 1, &first), CAPACITY - 1);
    commit(first, CAPACITY - 1, CAPACITY - 1);
    for (int attempt = 0; attempt < 100; attempt++) {
        corinth_position none;
        CHECK_EQUAL(peek(CAPACITY, &none), 0);
        CHECK_EQUAL(reserve(1, &none), 0);
        CHECK(!corinth_mpmc_is_ready(&the_lane.ring, the_lane.marks, CAPACITY));
        CHECK_EQUAL(corinth_mpmc_length(&the_lane.ring, CAPACITY), CAPACITY);
    }
    commit(stalled, 1, 1);
    CHECK_EQUAL(peek(CAPACITY, &first), CAPACITY);
    CHECK_EQUAL(first, stalled);
    /* A consumer stalled inside a claim holds up producers one lap later, and they return too. */
    CHECK_EQUAL(reserve(1, &first), 0);
    CHECK_EQUAL(peek(1, &first), 0);
    release(stalled, CAPACITY);
    CHECK_EQUAL(reserve(1, &first), 1);
    CHECK_EQUAL(first, CAPACITY);
}

/* What was reserved and aborted must neither be received nor block anything. */
static void run_aborted_claims(void)
{
    check_case("an aborted claim is never received and holds nothing up");
    corinth_position aborted;
    corinth_position first;
    size_t ready;
    start_at(0);
    CHECK_EQUAL(reserve(2, &aborted), 2);
    CHECK_EQUAL(reserve(1, &first), 1);
    commit(first, 1, 1);
    commit(aborted, 2, 0);
    CHECK_EQUAL(peek(CAPACITY, &first), 1);
    CHECK_EQUAL(first, 2);
    release(first, 1);
    CHECK_EQUAL(peek(1, &first), 0);
    CHECK_EQUAL(corinth_mpmc_length(&the_lane.ring, CAPACITY), 0);
    /* With one producer there is nothing to mark: the next claim returns the same slots. */
    CHECK_EQUAL(corinth_spsc_reserve(&the_spsc, CAPACITY, 2, &aborted), 2);
    CHECK_EQUAL(corinth_spsc_peek(&the_spsc, CAPACITY, 1, &first, &ready), 0);
    CHECK_EQUAL(corinth_spsc_reserve(&the_spsc, CAPACITY, 2, &first), 2);
    CHECK_EQUAL(first, aborted);
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
