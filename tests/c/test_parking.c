/*
 * Goal: a ring for n transfers wakes n threads, whichever sleep; a time-out comes, and not early,
 * and returns OK to threads that were rung.
 * Method: the doorbell's bits step by step in one thread, and one sleep that signals interrupt.
 */
#include "parking_world.h"

#include <poll.h>
#include <signal.h>

#define WATCHDOG_S 30

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

/* With no thread asleep before it in the order of numbers. */
static void run_ring_finds_any(void)
{
    check_case("a ring finds a thread that sleeps alone");
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
    cancel(&the_world, 0);
    ring(&the_world, 1);
    CHECK_EQUAL(the_world.calls[0], 0);
    CHECK_EQUAL(the_world.calls[1], 1);
    CHECK_EQUAL(commit(&the_world, 1, key, CORINTH_FOREVER), CORINTH_OK);
    /* Rung before it withdrew: nothing of that ring is left for the next round. */
    (void)prepare(&the_world, 0);
    ring(&the_world, 1);
    cancel(&the_world, 0);
    key = prepare(&the_world, 0);
    CHECK_EQUAL(commit(&the_world, 0, key, MILLISECOND_NS), CORINTH_TIMED_OUT);
}

/* As another process has one: what it doesn't share are the wake functions. */
static void run_second_handle(void)
{
    static corinth_waker wakers[CORINTH_THREADS_MAX];
    corinth_counter calls = 0;
    corinth_bell second;
    check_case("a second handle rings what sleeps by the first, and calls its own wake functions");
    world_init(&the_world, CORINTH_THREADS_MAX);
    uint32_t key = prepare(&the_world, CORINTH_THREADS_MAX - 1);
    bool is_fenced = corinth_bell_is_fenced(&the_world.bell);
    corinth_bell_init(&second, &the_world.doorbell, the_world.parkers, wakers,
                      CORINTH_THREADS_MAX, false);
    corinth_bell_set_wake(&second, CORINTH_THREADS_MAX - 1, count_call, &calls);
    CHECK_EQUAL(corinth_bell_is_fenced(&second), is_fenced);
    corinth_bell_ring(&second, 1);
    CHECK_EQUAL(calls, 1);
    CHECK_EQUAL(calls_of(&the_world), 0);
    CHECK_EQUAL(commit(&the_world, CORINTH_THREADS_MAX - 1, key, 0), CORINTH_OK);
}

static void run_reset(void)
{
    check_case("after a reset no thread sleeps, and wake functions are called as before");
    world_init(&the_world, 2);
    (void)prepare(&the_world, 0);
    corinth_bell_reset(&the_world.bell, true);
    CHECK(corinth_bell_is_fenced(&the_world.bell));
    ring(&the_world, 2);
    CHECK_EQUAL(calls_of(&the_world), 0);
    uint32_t key = prepare(&the_world, 0);
    ring(&the_world, 2);
    CHECK_EQUAL(the_world.calls[0], 1);
    CHECK_EQUAL(commit(&the_world, 0, key, 0), CORINTH_OK);
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

/* A lane whose senders wait for room has one, beside the world's. */
static void run_two_bells(void)
{
    static corinth_doorbell doorbell;
    corinth_bell room;
    check_case("a thread sleeps at two doorbells, and is awake at both when one is rung");
    world_init(&the_world, 2);
    corinth_bell_init(&room, &doorbell, the_world.parkers, the_world.wakers, 2, false);
    corinth_bell_reset(&room, corinth_bell_is_fenced(&the_world.bell));
    corinth_bell_set_wake(&room, 1, count_call, &the_world.calls[1]);
    corinth_bell *const both[] = {&the_world.bell, &room};
    for (size_t rung = 0; rung < 2; rung++) {
        uint32_t key = corinth_bells_prepare(both, 2, 1);
        corinth_bell_ring(both[rung], 2);
        CHECK_EQUAL(calls_of(&the_world), rung + 1);
        CHECK_EQUAL(corinth_bells_commit(both, 2, 1, key, CORINTH_FOREVER), CORINTH_OK);
        corinth_bell_ring(both[0], 2);
        corinth_bell_ring(both[1], 2);
        CHECK_EQUAL(calls_of(&the_world), rung + 1);
    }
    uint32_t key = corinth_bells_prepare(both, 2, 1);
    CHECK_EQUAL(corinth_bells_commit(both, 2, 1, key, MILLISECOND_NS), CORINTH_TIMED_OUT);
    (void)corinth_bells_prepare(both, 2, 1);
    corinth_bells_cancel(both, 2, 1);
    corinth_bell_ring(both[0], 2);
    corinth_bell_ring(both[1], 2);
    CHECK_EQUAL(calls_of(&the_world), 2);
}

static void run_interrupt(void)
{
    check_case("an interrupt ends one thread's sleep, or its next one, until it is taken");
    world_init(&the_world, 2);
    uint32_t keys[2] = {prepare(&the_world, 0), prepare(&the_world, 1)};
    corinth_bell_interrupt(&the_world.bell, 1);
    CHECK_EQUAL(the_world.calls[0], 0);
    CHECK_EQUAL(the_world.calls[1], 1);
    CHECK_EQUAL(commit(&the_world, 1, keys[1], CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(commit(&the_world, 0, keys[0], MILLISECOND_NS), CORINTH_TIMED_OUT);
    keys[1] = prepare(&the_world, 1);
    CHECK_EQUAL(commit(&the_world, 1, keys[1], CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK(corinth_bell_take_interrupt(&the_world.bell, 1));
    CHECK(!corinth_bell_take_interrupt(&the_world.bell, 1));
    keys[1] = prepare(&the_world, 1);
    corinth_bell_interrupt(&the_world.bell, 1);
    ring(&the_world, 1);
    CHECK_EQUAL(commit(&the_world, 1, keys[1], CORINTH_FOREVER), CORINTH_OK);
    CHECK(corinth_bell_take_interrupt(&the_world.bell, 1));
    CHECK(!corinth_bell_take_interrupt(&the_world.bell, 0));
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

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_ring_wakes_as_many();
    run_ring_finds_any();
    run_cancel_withdraws();
    run_second_handle();
    run_reset();
    run_late_ringer();
    run_two_bells();
    run_interrupt();
    run_timeouts();
    return 0;
}
