/*
 * Goal: a time-out that loses the race against a ring returns OK, and a stop wakes all threads,
 * whatever they are about to do.
 * Method: a million parks with a time-out against a thread that rings. There are as many OKs as
 * bits that the ringer took; who is forgotten by a stop hangs, which the watchdog ends.
 */
#include "parking_world.h"
#include "stress.h"

#include <sys/prctl.h>

#define TIMED_PARKS 1000000u /* of all waiters */
/* Such that about every tenth park is over before it is rung. */
#define TIMEOUT_NS_MAX 30000u
#define STOP_ROUNDS 5000u
#define WAITERS 4

static world the_world;
static uint32_t waiters_done; /* atomic */
static stress_budget budget;

static void *race(void *context)
{
    waiter *self = context;
    check_random random = check_random_stream(self->seed, self->index);
    uint32_t steps = 0;
    uint64_t parks = check_scaled(TIMED_PARKS) / WAITERS;
    /* The kernel may end a sleep 50 us late otherwise, when a ring has long come. */
    CHECK_EQUAL(prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL), 0);
    while (self->parked < parks && stress_has_time(&budget, &steps)) {
        uint32_t key = prepare(&the_world, self->index);
        bool may_cancel = self->index % 2 != 0;
        if (may_cancel && check_random_below(&random, 8) == 0) {
            cancel(&the_world, self->index);
            self->cancelled++;
            continue;
        }
        uint64_t timeout_ns = check_random_below(&random, TIMEOUT_NS_MAX);
        corinth_status status = commit(&the_world, self->index, key, timeout_ns);
        CHECK(status == CORINTH_OK || status == CORINTH_TIMED_OUT);
        self->parked++;
        self->rung += status == CORINTH_OK;
    }
    __atomic_fetch_add(&waiters_done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void run_timeouts_against_rings(stress *run)
{
    check_case("a time-out that loses the race returns OK: as many OKs as rings");
    world_init(&the_world, WAITERS);
    waiters_done = 0;
    budget = stress_budget_of(run);
    uint64_t slept_before = sleeps();
    waiter waiters[WAITERS];
    pthread_t threads[WAITERS];
    for (uint32_t i = 0; i < WAITERS; i++) {
        waiters[i] = (waiter){.index = i, .seed = run->seed};
        threads[i] = check_thread(race, &waiters[i]);
    }
    check_random random = check_random_stream(run->seed, WAITERS);
    while (__atomic_load_n(&waiters_done, __ATOMIC_ACQUIRE) < WAITERS) {
        ring(&the_world, 1 + check_random_below(&random, WAITERS));
        dither(&random);
    }
    uint64_t parked = 0;
    uint64_t rung = 0;
    for (uint32_t i = 0; i < WAITERS; i++) {
        check_join(threads[i]);
        parked += waiters[i].parked;
        rung += waiters[i].rung;
        /* A ring may have met a cancel, and so no OK; a thread that never cancels has them all. */
        CHECK_AT_MOST(waiters[i].rung, the_world.calls[i]);
        CHECK_AT_MOST(the_world.calls[i] - waiters[i].rung, waiters[i].cancelled);
    }
    printf("  %" PRIu64 " rings, %" PRIu64 " OKs, %" PRIu64 " sleeps\n", calls_of(&the_world), rung,
           sleeps() - slept_before);
    CHECK(rung > 0);
    stress_reached(run, "parks with a time-out", parked, check_scaled(TIMED_PARKS));
}

#define LAST_ROUND UINT32_MAX

static uint32_t stop_round; /* atomic */

static void *wait_for_stops(void *context)
{
    const waiter *self = context;
    for (uint32_t round = 1;; round++) {
        uint32_t key = prepare(&the_world, self->index);
        while (corinth_internal_load_relaxed_u32(&stop_round) < round) {
            CHECK_EQUAL(commit(&the_world, self->index, key, CORINTH_FOREVER), CORINTH_OK);
            key = prepare(&the_world, self->index);
        }
        cancel(&the_world, self->index);
        if (corinth_internal_load_relaxed_u32(&stop_round) == LAST_ROUND) {
            return NULL;
        }
        __atomic_fetch_add(&waiters_done, 1, __ATOMIC_RELEASE);
    }
}

static void run_stops(stress *run)
{
    check_case("a stop wakes everybody, whatever they are about to do");
    world_init(&the_world, 2 * WAITERS);
    waiters_done = 0;
    stop_round = 0;
    budget = stress_budget_of(run);
    waiter waiters[2 * WAITERS];
    pthread_t threads[2 * WAITERS];
    for (uint32_t i = 0; i < 2 * WAITERS; i++) {
        waiters[i] = (waiter){.index = i};
        threads[i] = check_thread(wait_for_stops, &waiters[i]);
    }
    uint32_t steps = 0;
    uint32_t rounds = (uint32_t)check_scaled(STOP_ROUNDS);
    uint32_t stops = 0;
    while (stops < rounds && stress_has_time(&budget, &steps)) {
        uint32_t round = ++stops;
        corinth_internal_store_relaxed_u32(&stop_round, round);
        ring(&the_world, SIZE_MAX);
        while (__atomic_load_n(&waiters_done, __ATOMIC_ACQUIRE) < 2 * WAITERS * round) {
            (void)sched_yield();
        }
    }
    corinth_internal_store_relaxed_u32(&stop_round, LAST_ROUND);
    ring(&the_world, SIZE_MAX);
    for (uint32_t i = 0; i < 2 * WAITERS; i++) {
        check_join(threads[i]);
    }
    stress_reached(run, "stops", stops, rounds);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        run_timeouts_against_rings(&run);
        run_stops(&run);
    }
    return 0;
}
