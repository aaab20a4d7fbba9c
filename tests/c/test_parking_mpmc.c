/*
 * Goal: where several threads wait for what several others send, each item finds an awake one, and
 * a stop wakes all.
 * Method: four threads receive from one lane of two producers, which abort slots too, and sleep
 * whenever it is empty. Whoever misses a ring hangs, which the watchdog ends.
 */
#include "parking_world.h"
#include "stress.h"

#include <poll.h>

#include <corinth/mpmc.h>

#define ITEMS 200000u
#define WAITERS 4
#define LANE_CAPACITY 64

static world the_world;
static stress_budget budget;

/* A lane of many producers, from which several threads receive until they are stopped. */
static struct shared {
    corinth_mpmc lane;
    corinth_mpmc_mark marks[LANE_CAPACITY];
    uint64_t received; /* atomic */
    uint32_t is_stopped; /* atomic */
    uint64_t seed;
} shared;

static void *work(void *context)
{
    waiter *self = context;
    for (;;) {
        corinth_position first;
        size_t count = corinth_mpmc_peek(&shared.lane, shared.marks, LANE_CAPACITY, 3, &first);
        if (count > 0) {
            corinth_mpmc_release(shared.marks, LANE_CAPACITY, first, count);
            __atomic_fetch_add(&shared.received, count, __ATOMIC_RELAXED);
            continue;
        }
        uint32_t key = prepare(&the_world, self->index);
        bool is_stopped = corinth_internal_load_relaxed_u32(&shared.is_stopped) != 0;
        if (is_stopped || corinth_mpmc_is_ready(&shared.lane, shared.marks, LANE_CAPACITY)) {
            corinth_parker_cancel(&the_world.bell, self->index);
            if (is_stopped) {
                return NULL;
            }
            continue;
        }
        self->parked++;
        CHECK_EQUAL(commit(&the_world, self->index, key, CORINTH_FOREVER), CORINTH_OK);
    }
}

static void *feed(void *context)
{
    waiter *self = context;
    check_random random = check_random_stream(shared.seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t left = check_scaled(ITEMS);
    while (left > 0 && stress_has_time(&budget, &steps)) {
        corinth_position first;
        size_t wanted = 1 + check_random_below(&random, 4);
        wanted = wanted < left ? wanted : (size_t)left;
        size_t claimed =
            corinth_mpmc_reserve(&shared.lane, shared.marks, LANE_CAPACITY, wanted, &first);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* Some are aborted: that too is rung, for it may have held up what lies behind it. */
        size_t count = check_random_below(&random, 8) == 0 ? claimed - 1 : claimed;
        corinth_mpmc_commit(shared.marks, LANE_CAPACITY, first, claimed, count);
        ring(&the_world, claimed);
        left -= count;
        self->sent += count;
        if (check_random_below(&random, 4) == 0) {
            (void)sched_yield();
        }
    }
    return NULL;
}

static void run_several(stress *run)
{
    check_case("several threads wait for several: each item finds an awake one, a stop all");
    world_init(&the_world, WAITERS);
    corinth_mpmc_init(&shared.lane, shared.marks, LANE_CAPACITY, 0);
    budget = stress_budget_of(run);
    shared.received = 0;
    shared.is_stopped = 0;
    shared.seed = run->seed;
    waiter waiters[WAITERS + 2];
    pthread_t threads[WAITERS + 2];
    for (uint32_t i = 0; i < WAITERS + 2; i++) {
        waiters[i] = (waiter){.index = i};
        threads[i] = check_thread(i < WAITERS ? work : feed, &waiters[i]);
    }
    uint64_t total = 0;
    for (uint32_t i = WAITERS; i < WAITERS + 2; i++) {
        check_join(threads[i]);
        total += waiters[i].sent;
    }
    /* Everything must arrive before the stop, which wakes everybody, could hide a loss. */
    while (__atomic_load_n(&shared.received, __ATOMIC_RELAXED) < total) {
        (void)poll(NULL, 0, 1);
    }
    corinth_internal_store_relaxed_u32(&shared.is_stopped, 1);
    ring(&the_world, SIZE_MAX);
    uint64_t parked = 0;
    for (uint32_t i = 0; i < WAITERS; i++) {
        check_join(threads[i]);
        parked += waiters[i].parked;
    }
    CHECK_EQUAL(shared.received, total);
    printf("  parked %" PRIu64 " times\n", parked);
    stress_reached(run, "items", total, 2 * check_scaled(ITEMS));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        run_several(&run);
    }
    return 0;
}
