/*
 * Goal: what a reset remembers is never ahead of the counters that a snapshot then reads.
 * Method: every execution of a thread that counts, of one that resets, and of a reader.
 */
#include <corinth/stats.h>

#include "explorer.h"

#define EPOCH 1u

static corinth_sender_counters sent;
static corinth_receiver_counters received;
static corinth_lane_record record;

static void counter(void)
{
    corinth_count_sent(&sent, 4);
    corinth_count_full(&sent);
    corinth_count_received(&received, 1);
    corinth_count_drained(&record, 1);
    corinth_count_closed(&received, 1);
    corinth_count_dropped_oldest(&sent, 1);
    corinth_count_dropped_newest(&sent, 1);
}

static corinth_lane_tally tally_all(void)
{
    corinth_lane_tally tally = corinth_tally_begin(&record, EPOCH);
    corinth_tally_receiver(&tally, &received);
    corinth_tally_drops(&tally, &sent);
    corinth_tally_sender(&tally, &sent);
    return tally;
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
    explorer_check(stats.received <= 1, "received since the reset");
    explorer_check(stats.dropped_oldest <= 1, "dropped as the oldest since the reset");
    explorer_check(stats.dropped_newest <= 1, "dropped as the newest since the reset");
    explorer_check(stats.closed <= 1, "closed since the reset");
    explorer_check(stats.drained <= 1, "drained since the reset");
    explorer_check(stats.full <= 1, "full since the reset");
}

static void setup(void)
{
    sent = (corinth_sender_counters){0};
    received = (corinth_receiver_counters){0};
    record = (corinth_lane_record){0};
}

const explorer_program_form explorer_program = {
    .name = "mutant_reset",
    .source = "statistics: 1 thread that counts, 1 reset, 1 reader",
    .threads = {{"counter", counter}, {"resetter", resetter}, {"reader", reader}},
    .setup = setup,
};
