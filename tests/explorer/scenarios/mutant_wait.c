/*
 * Goal: a generated world that waits until there is something receives what another one sends.
 * Method: every execution of one transfer through a generated coordinator of two worlds.
 */
#include "relay.h"

#include "explorer.h"

static relay_coordinator coordinator;
static relay_here_port *here;
static relay_there_port *there;

static void sender(void)
{
    relay_transfer transfer;
    relay_transfer_init(&transfer, RELAY_WORLD_HERE, RELAY_WORLD_THERE);
    explorer_check(relay_here_send(here, &transfer) == CORINTH_OK, "there is room");
    relay_here_flush(here);
}

static void receiver(void)
{
    relay_transfer transfer;
    corinth_status status = relay_there_wait(there, CORINTH_FOREVER);
    explorer_check(status == CORINTH_OK, "there is something in the end");
    explorer_check(relay_there_receive(there, &transfer) == CORINTH_OK, "and it is received");
}

static void setup(void)
{
    relay_coordinator_init(&coordinator);
    here = relay_here_open(&coordinator, 0);
    there = relay_there_open(&coordinator, 0);
    relay_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_wait",
    .source = "generated coordinator: 1 transfer, 1 world that waits for it",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = setup,
};
