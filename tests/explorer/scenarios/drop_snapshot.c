/*
 * Goal: a snapshot beside sends that drop the oldest, and one that drops itself, finds what was
 * sent in one place: received, in the lane or undelivered, and never more than was sent.
 * Method: every execution of three sends into a full lane beside a snapshot; or while the receiver
 * holds the oldest.
 */
#include "drop_lane.h"

#include "drop_lane_ports.h"

#define FREE 1u
#define HELD 2u

static void sender(void)
{
    for (uint32_t item = 3; item <= 5; item++) {
        drop_lane_send(0, item);
    }
}

static void reader(void)
{
    drop_lane_coordinator_snapshot stats = drop_lane_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[DROP_LANE_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->undelivered <= lane->sent, "what was dropped was sent");
    explorer_check(lane->sent == lane->in_lane + lane->undelivered, "and is somewhere");
    explorer_check(explorer_value() == HELD ? lane->dropped_oldest == 0 : lane->dropped_newest == 0,
                   "it is counted by its reason");
}

static drop_lane_source_to_target_batch batch;

static void setup(void)
{
    drop_lane_setup();
    if (explorer_value() == HELD) {
        explorer_check(drop_lane_source_to_target_peek(target, 1, &batch) == 1, "there is one");
    }
}

static void finish(void)
{
    if (explorer_value() == HELD) {
        ledger_add(&received[0], drop_lane_number(&batch.slots[0]));
        drop_lane_source_to_target_release(target, &batch, 1);
    }
    drop_lane_check();
}

const explorer_program_form explorer_program = {
    .name = "drop_snapshot",
    .source = "drop_oldest: 3 sends into a full lane of 2, a snapshot",
    .threads = {{"sender", sender}, {"reader", reader}},
    .setup = setup,
    .finish = finish,
    .cases = {{"free", FREE}, {"held", HELD}},
};
