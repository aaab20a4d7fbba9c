/*
 * Goal: a snapshot of a generated coordinator never finds more received than sent, where
 * senders count what they send.
 * Method: every execution of one transfer through a lane beside a snapshot.
 */
#include "lane_mpmc.h"

#define NAMED(name) lane_mpmc_##name
#define CONSTANT(name) LANE_MPMC_##name
#include "snapshot.h"

const explorer_program_form explorer_program = {
    .name = "mutant_snapshot",
    .source = "generated coordinator: 1 transfer beside a snapshot",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"reader", reader}},
    .setup = setup,
};
