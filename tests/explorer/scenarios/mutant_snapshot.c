/*
 * Goal: a snapshot of a generated coordinator never finds more received than sent.
 * Method: every execution of one transfer through a lane beside a snapshot.
 */
#include "lane_spsc.h"

#include "explorer.h"

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
    (void)lane_spsc_target_receive(target, &transfer);
}

static void reader(void)
{
    lane_spsc_coordinator_snapshot stats = lane_spsc_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[LANE_SPSC_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->received <= lane->sent, "what was received was sent");
    explorer_check(lane->in_lane == lane->sent - lane->received, "and is somewhere");
    explorer_check(lane->sent <= 1, "there is one transfer");
}

static void setup(void)
{
    lane_spsc_coordinator_init(&coordinator);
    source = lane_spsc_source_open(&coordinator, 0);
    target = lane_spsc_target_open(&coordinator, 0);
    lane_spsc_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_snapshot",
    .source = "generated coordinator: 1 transfer beside a snapshot",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"reader", reader}},
    .setup = setup,
};
