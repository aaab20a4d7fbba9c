/*
 * Goal: a claim that is given up wakes whoever it held up: nothing else will, for what lies behind
 * it was rung for when it couldn't be received yet.
 * Method: one thread claims a slot, another sends behind it and rings; the receiver finds nothing
 * and sleeps. Then the first gives its claim up. A lost wake-up is a hang, which the watchdog ends.
 */
#include "check.h"

#include "convoy.h"

#define WATCHDOG_S 30

static convoy_coordinator coordinator;
static uint32_t wakes; /* atomic */

static void count_wake(void *context)
{
    (void)context;
    __atomic_fetch_add(&wakes, 1, __ATOMIC_RELAXED);
}

static void *receive_one(void *context)
{
    convoy_ship_port *port = context;
    convoy_transfer transfer;
    while (convoy_ship_receive(port, &transfer) != CORINTH_OK) {
        CHECK_EQUAL(convoy_ship_wait(port, CORINTH_FOREVER), CORINTH_OK);
    }
    CHECK_EQUAL(transfer.entity, 7);
    return NULL;
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_wakeups();
    CHECK_EQUAL(convoy_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(convoy_coordinator_start(&coordinator), CORINTH_OK);
    convoy_quay_port *first = convoy_quay_open(&coordinator, 0);
    convoy_quay_port *second = convoy_quay_open(&coordinator, 1);
    convoy_ship_port *ship = convoy_ship_open(&coordinator, 0);
    convoy_ship_set_wake(ship, count_wake, NULL);

    check_case("a claim given up wakes whoever it held up");
    convoy_quay_to_ship_claim claim;
    CHECK_EQUAL(convoy_quay_to_ship_reserve(first, 1, &claim), 1);
    pthread_t receiver = check_thread(receive_one, ship);
    convoy_transfer transfer;
    convoy_transfer_init(&transfer, CONVOY_WORLD_QUAY, CONVOY_WORLD_SHIP);
    transfer.entity = 7;
    CHECK_EQUAL(convoy_quay_send(second, &transfer), CORINTH_OK);
    /* Once it took a ring, wait until it sleeps again: what it was rung for is held up. */
    while (__atomic_load_n(&wakes, __ATOMIC_RELAXED) == 0) {
        corinth_doorbell_ring(
            &coordinator.bells[CONVOY_WORLD_SHIP], coordinator.ship_parkers, 1);
        (void)sched_yield();
    }
    const uint32_t *sleeping = &coordinator.bells[CONVOY_WORLD_SHIP].sleeping[0];
    while (corinth_internal_load_relaxed_u32(sleeping) == 0) {
        (void)sched_yield();
    }
    convoy_quay_to_ship_abort(first, &claim);
    convoy_quay_flush(first);
    check_join(receiver);
    CHECK_EQUAL(__atomic_load_n(&wakes, __ATOMIC_RELAXED), 2);
    CHECK_EQUAL(convoy_coordinator_total_pending(&coordinator), 0);
    CHECK_EQUAL(convoy_coordinator_deinit(&coordinator), 0);
    return 0;
}
