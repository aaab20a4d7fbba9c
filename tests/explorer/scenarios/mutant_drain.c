/*
 * Goal: a snapshot never finds more drained than sent.
 * Method: every execution of a sender, of who drains what is there, and of a reader.
 */
#include <corinth/spsc.h>
#include <corinth/stats.h>

#include "explorer.h"

#define CAPACITY 2u
#define EPOCH 1u

static corinth_ring ring;
static corinth_ring_side producer;
static corinth_ring_side consumer;
static corinth_sender_counters counters;
static corinth_lane_record record;

static void sender(void)
{
    explorer_check(corinth_spsc_reserve(&producer, CAPACITY, 1) == 1, "there is room");
    corinth_count_sent(&counters, 1);
    (void)corinth_spsc_commit(&producer, CAPACITY, 1);
}

static void drainer(void)
{
    size_t count = corinth_spsc_peek(&consumer, CAPACITY, 1);
    corinth_spsc_release(&consumer, CAPACITY, count);
    corinth_count_drained(&record, count);
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
    corinth_ring_init(&ring, NULL, CAPACITY, 0);
    corinth_ring_init_producer(&producer, &ring, NULL);
    corinth_ring_init_consumer(&consumer, &ring, NULL);
    counters = (corinth_sender_counters){0};
    record = (corinth_lane_record){0};
}

const explorer_program_form explorer_program = {
    .name = "mutant_drain",
    .source = "statistics: 1 sender, 1 who drains, 1 reader",
    .threads = {{"sender", sender}, {"drainer", drainer}, {"reader", reader}},
    .setup = setup,
};
