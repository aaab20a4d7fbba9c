/*
 * Goal: a send into a full lane takes the oldest out, drops it and goes in, beside a receiver that
 * wants the same: each transfer goes one way, in order, and only where the receiver has the oldest
 * in its hands the newest is dropped. No send waits.
 * Method: every execution of three sends into a full lane beside two receives.
 */
#include "drop_lane.h"

#include "drop_lane_ports.h"

#define ITEMS 3u

static void sender(void)
{
    for (uint32_t item = 3; item < 3 + ITEMS; item++) {
        drop_lane_send(0, item);
    }
}

static void receiver(void)
{
    drop_lane_try_receive();
    drop_lane_try_receive();
}

const explorer_program_form explorer_program = {
    .name = "drop_oldest",
    .source = "drop_oldest: 3 sends into a full lane of 2, 2 receives",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = drop_lane_setup,
    .finish = drop_lane_check,
    .must_see = {"1 0", "2 0", "3 0", "0 1", "1 1", "2 1", "0 2", "1 2", "0 3"},
};
