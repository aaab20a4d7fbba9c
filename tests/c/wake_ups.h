/*
 * wake_ups.h - the body of test_wake_ups_*.c: a program that never flushes loses no wake-up.
 *
 * Include it after the headers of one pair_*.yaml, with SHAPE and SHAPE_CONSTANT joining its names.
 *
 * Method: senders send a few transfers and then, most of the time, wait until all that was sent has
 * arrived. Receivers sleep at random, by a wait or by its three steps. No other ring comes to the
 * rescue then: where one is lost, the program hangs and its watchdog says so.
 */
#ifndef WAKE_UPS_H
#define WAKE_UPS_H

#include "lane_ports.h"
#include "stress.h"

#define SENDS 1000000u
#define BURST_MAX 4u
#define PAUSE_MAX 300u

static corinth_counter sent_count;     /* atomic */
static corinth_counter received_count; /* atomic */
static uint64_t round_seed;
static stress_budget round_budget;

static uint64_t count_of(const corinth_counter *counter)
{
    return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

static void *sender(void *context)
{
    near_port *port = context;
    check_random random = check_random_stream(round_seed, port->base.index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    while (count_of(&sent_count) < check_scaled(SENDS) && stress_has_time(&round_budget, &steps)) {
        uint32_t burst = 1 + check_random_below(&random, BURST_MAX);
        for (uint32_t i = 0; i < burst; i++) {
            __atomic_fetch_add(&sent_count, 1, __ATOMIC_RELAXED);
            uint8_t flags = check_random_below(&random, 2) == 0 ? PRIORITY : 0;
            while (send_one(port, i, flags) != CORINTH_OK) {
                check_relax(&attempts);
            }
        }
        bool is_patient = check_random_below(&random, 8) != 0;
        while (is_patient && count_of(&received_count) < count_of(&sent_count)) {
            check_relax(&attempts);
        }
        check_linger(&random, PAUSE_MAX);
    }
    return NULL;
}

/* One of the two ways to sleep. Returns false when the coordinator has stopped. */
static bool sleep_once(far_port *port, bool is_in_steps)
{
    if (!is_in_steps) {
        return SHAPE(far_wait)(port, CORINTH_FOREVER) == CORINTH_OK;
    }
    uint32_t key = SHAPE(far_prepare_wait)(port);
    if (SHAPE(far_is_ready)(port) || !SHAPE(coordinator_is_running)(&coordinator)) {
        SHAPE(far_cancel_wait)(port);
        return SHAPE(coordinator_is_running)(&coordinator) || SHAPE(far_is_ready)(port);
    }
    return SHAPE(far_commit_wait)(port, key, CORINTH_FOREVER) == CORINTH_OK;
}

static void *receiver(void *context)
{
    far_port *port = context;
    check_random random = check_random_stream(round_seed, 100 + port->base.index);
    transfer received;
    do {
        while (SHAPE(far_receive)(port, &received) == CORINTH_OK) {
            __atomic_fetch_add(&received_count, 1, __ATOMIC_RELEASE);
        }
        check_linger(&random, PAUSE_MAX);
    } while (sleep_once(port, check_random_below(&random, 2) == 0));
    return NULL;
}

static void run_sleepers(stress *run, bool is_fenced)
{
    check_case(is_fenced ? "no wake-up is lost where senders pass fences"
                         : "no wake-up is lost where sleepers ask for barriers");
    begin(0);
    if (is_fenced) {
        CHECK_EQUAL(SHAPE(coordinator_stop)(&coordinator), CORINTH_OK);
        SHAPE(coordinator_use_fences)(&coordinator);
        CHECK_EQUAL(SHAPE(coordinator_start)(&coordinator), CORINTH_OK);
    }
    round_seed = run->seed;
    round_budget = stress_budget_of(run);
    sent_count = 0;
    received_count = 0;
    pthread_t senders[NEAR_THREADS];
    pthread_t receivers[FAR_THREADS];
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        receivers[i] = check_thread(receiver, fars[i]);
    }
    for (uint32_t i = 0; i < NEAR_THREADS; i++) {
        senders[i] = check_thread(sender, nears[i]);
    }
    for (uint32_t i = 0; i < NEAR_THREADS; i++) {
        check_join(senders[i]);
    }
    unsigned attempts = 0;
    while (count_of(&received_count) < count_of(&sent_count)) {
        check_relax(&attempts);
    }
    CHECK_EQUAL(SHAPE(coordinator_stop)(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        check_join(receivers[i]);
    }
    CHECK_EQUAL(received_count, sent_count);
    CHECK_EQUAL(SHAPE(coordinator_deinit)(&coordinator), 0);
    stress_reached(run, "transfers", sent_count, check_scaled(SENDS));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        run_sleepers(&run, false);
        run_sleepers(&run, true);
    }
    return 0;
}

#endif
