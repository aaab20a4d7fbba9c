/*
 * Goal: a snapshot of a generated coordinator never finds more received than sent.
 * Method: every execution of one transfer through a lane beside a snapshot.
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
}

static void receiver(void)
{
    relay_transfer transfer;
    (void)relay_there_receive(there, &transfer);
}

static void reader(void)
{
    relay_coordinator_snapshot stats = relay_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[RELAY_HERE_TO_THERE_INDEX];
    explorer_check(lane->received <= lane->sent, "what was received was sent");
    explorer_check(lane->in_lane == lane->sent - lane->received, "and is somewhere");
    explorer_check(lane->sent <= 1, "there is one transfer");
}

static void setup(void)
{
    relay_coordinator_init(&coordinator);
    here = relay_here_open(&coordinator, 0);
    there = relay_there_open(&coordinator, 0);
    relay_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_snapshot",
    .source = "generated coordinator: 1 transfer beside a snapshot",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"reader", reader}},
    .setup = setup,
};
