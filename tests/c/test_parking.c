/*
 * Goal: a ring for n transfers wakes n threads and a stop all of them; a time-out comes, not early,
 * and answers OK when it loses the race against a ring.
 * Method: the doorbell's bits step by step in one thread; then threads that park against a thread
 * that rings, a million times with a time-out. There are as many OKs as bits that ringers took; who
 * is forgotten hangs, which the watchdog ends.
 */
#include "sleeping_world.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#define TIMED_PARKS 1000000u /* of all waiters */
/* Such that about every tenth park is over before it is rung. */
#define TIMEOUT_NS_MAX 30000u
#define STOP_ROUNDS 5000u
#define WAITERS 4

static world the_world;

/* The first threads in the order of their numbers, in both words of bits, and no others. */
static void run_ring_wakes_as_many(void)
{
    static const uint32_t sleepers[] = {0, 5, 31, 32, 33, 63};
    const size_t count = sizeof(sleepers) / sizeof(sleepers[0]);
    check_case("a ring for n transfers wakes n threads, of either word of bits");
    for (size_t transfers = 1; transfers <= count + 1; transfers++) {
        uint32_t keys[sizeof(sleepers) / sizeof(sleepers[0])];
        world_init(&the_world, CORINTH_THREADS_MAX);
        ring(&the_world, transfers);
        CHECK_EQUAL(calls_of(&the_world), 0);
        for (size_t i = 0; i < count; i++) {
            keys[i] = prepare(&the_world, sleepers[i]);
        }
        ring(&the_world, transfers);
        CHECK_EQUAL(calls_of(&the_world), transfers < count ? transfers : count);
        for (size_t i = 0; i < count; i++) {
            corinth_status expected = i < transfers ? CORINTH_OK : CORINTH_TIMED_OUT;
            CHECK_EQUAL(commit(&the_world, sleepers[i], keys[i], 0), expected);
        }
        ring(&the_world, SIZE_MAX);
        CHECK_EQUAL(calls_of(&the_world), transfers < count ? transfers : count);
    }
}

/* With nobody asleep before it in the order of numbers. */
static void run_ring_finds_any(void)
{
    check_case("a ring finds whoever sleeps alone");
    world_init(&the_world, CORINTH_THREADS_MAX);
    for (uint32_t index = 0; index < CORINTH_THREADS_MAX; index++) {
        uint32_t key = prepare(&the_world, index);
        ring(&the_world, 1);
        CHECK_EQUAL(the_world.calls[index], 1);
        CHECK_EQUAL(commit(&the_world, index, key, CORINTH_FOREVER), CORINTH_OK);
    }
    CHECK_EQUAL(calls_of(&the_world), CORINTH_THREADS_MAX);
}

static void run_cancel_withdraws(void)
{
    check_case("a thread that withdrew is not rung; one that was rung doesn't sleep");
    world_init(&the_world, 2);
    (void)prepare(&the_world, 0);
    uint32_t key = prepare(&the_world, 1);
    corinth_parker_cancel(&the_world.bell, 0);
    ring(&the_world, 1);
    CHECK_EQUAL(the_world.calls[0], 0);
    CHECK_EQUAL(the_world.calls[1], 1);
    CHECK_EQUAL(commit(&the_world, 1, key, CORINTH_FOREVER), CORINTH_OK);
    /* Rung before it withdrew: nothing of that ring is left for the next round. */
    (void)prepare(&the_world, 0);
    ring(&the_world, 1);
    corinth_parker_cancel(&the_world.bell, 0);
    key = prepare(&the_world, 0);
    CHECK_EQUAL(commit(&the_world, 0, key, MILLISECOND_NS), CORINTH_TIMED_OUT);
}

/* A ringer of an earlier round may raise the signal late; that must not keep anyone awake. */
static void run_late_ringer(void)
{
    check_case("a thread sleeps, not spins, after a late ring of an earlier round");
    world_init(&the_world, 1);
    uint32_t key = prepare(&the_world, 0);
    __atomic_fetch_add(&the_world.parkers[0].signal, 2, __ATOMIC_RELEASE);
    uint64_t before = sleeps();
    CHECK_EQUAL(commit(&the_world, 0, key, 20 * MILLISECOND_NS), CORINTH_TIMED_OUT);
    CHECK(sleeps() > before);
}

static void ignore_signal(int number)
{
    (void)number;
}

static void *interrupt(void *context)
{
    const pthread_t *sleeper = context;
    for (int i = 0; i < 10; i++) {
        (void)poll(NULL, 0, 2);
        CHECK_EQUAL(pthread_kill(*sleeper, SIGUSR1), 0);
    }
    return NULL;
}

/* Signals and early returns of the kernel don't shorten a time-out. */
static void run_timeouts(void)
{
    check_case("a time-out comes, and not early");
    CHECK_EQUAL(corinth_deadline_ns(CORINTH_FOREVER), CORINTH_FOREVER);
    CHECK_EQUAL(corinth_deadline_ns(CORINTH_FOREVER - 1), CORINTH_FOREVER);
    CHECK_EQUAL(corinth_time_left_ns(CORINTH_FOREVER), CORINTH_FOREVER);
    CHECK_EQUAL(corinth_time_left_ns(corinth_clock_ns()), 0);
    CHECK_AT_MOST(corinth_time_left_ns(corinth_deadline_ns(MILLISECOND_NS)), MILLISECOND_NS);
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = ignore_signal;
    CHECK_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    world_init(&the_world, 1);
    pthread_t self = pthread_self();
    pthread_t interrupter = check_thread(interrupt, &self);
    uint64_t begin_ns = corinth_clock_ns();
    uint32_t key = prepare(&the_world, 0);
    CHECK_EQUAL(commit(&the_world, 0, key, 50 * MILLISECOND_NS), CORINTH_TIMED_OUT);
    CHECK_AT_MOST(50 * MILLISECOND_NS, corinth_clock_ns() - begin_ns);
    check_join(interrupter);
    CHECK_EQUAL(calls_of(&the_world), 0);
}

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
            corinth_parker_cancel(&the_world.bell, self->index);
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
    check_case("a time-out that loses the race answers OK: as many OKs as rings");
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
        corinth_parker_cancel(&the_world.bell, self->index);
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
    run_ring_wakes_as_many();
    run_ring_finds_any();
    run_cancel_withdraws();
    run_late_ringer();
    run_timeouts();
    while (stress_next_round(&run)) {
        run_timeouts_against_rings(&run);
        run_stops(&run);
    }
    return 0;
}
