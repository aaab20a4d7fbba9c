/*
 * Goal: a snapshot never finds more undelivered than sent.
 * Method: every execution of a sender, of who drains what is there, and of a reader.
 */
#include <corinth/spsc.h>
#include <corinth/stats.h>

#include "explorer.h"

#define CAPACITY 2u
#define EPOCH 1u

static corinth_spsc ring;
static corinth_sender_counters counters;
static corinth_lane_record record;

static void sender(void)
{
    corinth_position first;
    explorer_check(corinth_spsc_reserve(&ring, CAPACITY, 1, &first) == 1, "there is room");
    corinth_count_sent(&counters, 1);
    corinth_spsc_commit(&ring, CAPACITY, 1);
}

static void drainer(void)
{
    corinth_position first;
    size_t ready;
    size_t count = corinth_spsc_peek(&ring, CAPACITY, 1, &first, &ready);
    corinth_spsc_release(&ring, count);
    corinth_count_undelivered(&record, count);
}

static void reader(void)
{
    corinth_lane_tally tally = corinth_tally_begin(&record, EPOCH);
    corinth_tally_sender(&tally, &counters);
    corinth_lane_stats stats = corinth_tally_end(&tally);
    explorer_check(stats.undelivered <= stats.sent, "what was drained was sent");
}

static void setup(void)
{
    corinth_spsc_init(&ring, 0);
    counters = (corinth_sender_counters){0};
    record = (corinth_lane_record){0};
}

const explorer_program_form explorer_program = {
    .name = "mutant_drain",
    .source = "statistics: 1 sender, 1 who drains, 1 reader",
    .threads = {{"sender", sender}, {"drainer", drainer}, {"reader", reader}},
    .setup = setup,
};
