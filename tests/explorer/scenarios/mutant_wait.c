/*
 * Goal: a generated world that waits until there is something receives what another one sends.
 * Method: every execution of one transfer through a generated coordinator of two worlds.
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "modes.h"

static lane_spsc_coordinator coordinator;
static lane_spsc_source_port *source;
static lane_spsc_target_port *target;

static void sender(void)
{
    lane_spsc_transfer transfer;
    lane_spsc_transfer_init(&transfer, LANE_SPSC_WORLD_SOURCE, LANE_SPSC_WORLD_TARGET);
    explorer_check(lane_spsc_source_send(source, &transfer) == CORINTH_OK, "there is room");
}

static void receiver(void)
{
    lane_spsc_transfer transfer;
    corinth_status status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    explorer_check(status == CORINTH_OK, "there is something in the end");
    explorer_check(lane_spsc_target_receive(target, &transfer) == CORINTH_OK, "and it is received");
}

static void setup(void)
{
    lane_spsc_coordinator_init(&coordinator);
    if (is_by_fences()) {
        lane_spsc_coordinator_use_fences(&coordinator);
    }
    source = lane_spsc_source_open(&coordinator, 0);
    target = lane_spsc_target_open(&coordinator, 0);
    lane_spsc_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_wait",
    .source = "generated coordinator: 1 transfer, 1 world that waits for it",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = setup,
    .cases = MODES,
};
