/*
 * Goal: two senders that find a lane full drop each transfer once, one for one that goes in or
 * that they drop themselves; of a slot that one has freed and the other took, too.
 * Method: every execution of a send of each into a full lane beside a receive, and of two sends of
 * one and a send of the other.
 */
#include "drop_lane.h"

#include "drop_lane_ports.h"

#define ONE 1u
#define TWO 2u

static void sender_0(void)
{
    drop_lane_send(0, 3);
    if (explorer_value() == TWO) {
        drop_lane_send(0, 4);
    }
}

static void sender_1(void)
{
    drop_lane_send(1, 1);
}

static void receiver(void)
{
    if (explorer_value() == ONE) {
        drop_lane_try_receive();
    }
}

const explorer_program_form explorer_program = {
    .name = "drop_oldest_2x1",
    .source = "drop_oldest: 2 senders into a full lane of 2, a receive",
    .threads = {{"sender_0", sender_0}, {"sender_1", sender_1}, {"receiver", receiver}},
    .setup = drop_lane_setup,
    .finish = drop_lane_check,
    .cases = {{"receive", ONE}, {"two_sends", TWO}},
};
