/*
 * Goal: a reset beside a snapshot makes no counter go below zero and no total untrue.
 * Method: every execution of a port that sends and receives, a thread that resets, and a reader.
 */
#include <corinth/stats.h>

#include "explorer.h"

#define ITEMS 2u
#define EPOCH 1u

static corinth_sender_counters sender_counters;
static corinth_receiver_counters receiver_counters;
static corinth_lane_record record;

static corinth_lane_tally tally_all(void)
{
    corinth_lane_tally tally = corinth_tally_begin(&record, EPOCH);
    corinth_tally_receiver(&tally, &receiver_counters);
    corinth_tally_sender(&tally, &sender_counters);
    return tally;
}

static void port(void)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        corinth_count_sent(&sender_counters, 1);
        corinth_count_received(&receiver_counters, 1);
    }
}

static void resetter(void)
{
    corinth_lane_tally tally = tally_all();
    corinth_tally_reset(&tally, &record);
}

static void reader(void)
{
    corinth_lane_tally tally = tally_all();
    corinth_lane_stats stats = corinth_tally_end(&tally);
    explorer_check(stats.received <= ITEMS && stats.sent <= ITEMS, "no counter wrapped");
    explorer_check(stats.received <= stats.sent, "never more received than sent");
}

static void setup(void)
{
    sender_counters = (corinth_sender_counters){0};
    receiver_counters = (corinth_receiver_counters){.epoch = EPOCH};
    record = (corinth_lane_record){0};
}

const explorer_program_form explorer_program = {
    .name = "stats_reset",
    .source = "statistics: 1 port, 1 reset, 1 reader",
    .threads = {{"port", port}, {"resetter", resetter}, {"reader", reader}},
    .setup = setup,
};
