/*
 * Goal: a generated world that waits learns of a stop.
 * Method: every execution of a stop beside a wait without end.
 */
#include "relay.h"

#include "explorer.h"

static relay_coordinator coordinator;
static relay_there_port *there;

static void stopper(void)
{
    relay_coordinator_stop(&coordinator);
}

static void waiter(void)
{
    corinth_status status = relay_there_wait(there, CORINTH_FOREVER);
    while (status == CORINTH_OK) {
        status = relay_there_wait(there, CORINTH_FOREVER);
    }
    explorer_check(status == CORINTH_STOPPED, "it was stopped");
}

static void setup(void)
{
    relay_coordinator_init(&coordinator);
    there = relay_there_open(&coordinator, 0);
    relay_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_stop",
    .source = "generated coordinator: stop beside 1 world that waits",
    .threads = {{"stopper", stopper}, {"waiter", waiter}},
    .setup = setup,
};
