/*
 * Goal: a claim that is given up wakes whoever it held up: nothing else will, for what lies behind
 * it was rung for when it couldn't be received yet.
 * Method: one thread claims a slot, another sends behind it and rings; the receiver finds nothing
 * and sleeps. Then the first gives its claim up. A lost wake-up is a hang, which the watchdog ends.
 */
#include "check.h"

#include "aborts.h"

#define WATCHDOG_S 30

static aborts_coordinator coordinator;
static uint32_t wakes; /* atomic */

static void count_wake(void *context)
{
    (void)context;
    __atomic_fetch_add(&wakes, 1, __ATOMIC_RELAXED);
}

static void *receive_one(void *context)
{
    aborts_target_port *port = context;
    aborts_transfer transfer;
    while (aborts_target_receive(port, &transfer) != CORINTH_OK) {
        CHECK_EQUAL(aborts_target_wait(port, CORINTH_FOREVER), CORINTH_OK);
    }
    CHECK_EQUAL(transfer.entity, 7);
    return NULL;
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_wakeups();
    CHECK_EQUAL(aborts_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(aborts_coordinator_start(&coordinator), CORINTH_OK);
    aborts_source_port *first = aborts_source_open(&coordinator, 0);
    aborts_source_port *second = aborts_source_open(&coordinator, 1);
    aborts_target_port *target = aborts_target_open(&coordinator, 0);
    aborts_target_set_wake(target, count_wake, NULL);

    check_case("a claim given up wakes whoever it held up");
    aborts_source_to_target_claim claim;
    CHECK_EQUAL(aborts_source_to_target_reserve(first, 1, &claim), 1);
    pthread_t receiver = check_thread(receive_one, target);
    aborts_transfer transfer;
    aborts_transfer_init(&transfer, ABORTS_WORLD_SOURCE, ABORTS_WORLD_TARGET);
    transfer.entity = 7;
    CHECK_EQUAL(aborts_source_send(second, &transfer), CORINTH_OK);
    /* Once it took a ring, wait until it sleeps again: what it was rung for is held up. */
    while (__atomic_load_n(&wakes, __ATOMIC_RELAXED) == 0) {
        corinth_doorbell_ring(
            &coordinator.bells[ABORTS_WORLD_TARGET], coordinator.target_parkers, 1);
        (void)sched_yield();
    }
    const uint32_t *sleeping = &coordinator.bells[ABORTS_WORLD_TARGET].sleeping[0];
    while (corinth_internal_load_relaxed_u32(sleeping) == 0) {
        (void)sched_yield();
    }
    aborts_source_to_target_abort(first, &claim);
    aborts_source_flush(first);
    check_join(receiver);
    CHECK_EQUAL(__atomic_load_n(&wakes, __ATOMIC_RELAXED), 2);
    CHECK_EQUAL(aborts_coordinator_total_pending(&coordinator), 0);
    CHECK_EQUAL(aborts_coordinator_deinit(&coordinator), 0);
    return 0;
}
