/*
 * Goal: a snapshot of a generated coordinator never finds more received than sent, where
 * the ring counts what is sent.
 * Method: every execution of one transfer through a lane beside a snapshot.
 */
#include "lane_spsc.h"

#define NAMED(name) lane_spsc_##name
#define CONSTANT(name) LANE_SPSC_##name
#include "snapshot.h"

const explorer_program_form explorer_program = {
    .name = "mutant_snapshot_spsc",
    .source = "generated coordinator: 1 transfer beside a snapshot, SPSC",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"reader", reader}},
    .setup = setup,
};
