/*
 * Goal: a snapshot never finds more received than sent, and no epoch before its value, where the
 * ring's position counts what was sent.
 * Method: every execution of one sender, one receiver and two readers on an SPSC ring.
 */
#include <corinth/spsc.h>
#include <corinth/stats.h>

#include "explorer.h"

#define CAPACITY 2u
#define ITEMS 2u
#define EPOCH 7u

static corinth_ring ring;
static corinth_ring_side producer;
static corinth_ring_side consumer;
static corinth_sender_counters sender_counters;
static corinth_receiver_counters receiver_counters;
static corinth_lane_record record;

static void sender(void)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        size_t count = corinth_spsc_reserve(&producer, CAPACITY, 1);
        explorer_check(count == 1, "two slots hold two items");
        (void)corinth_spsc_commit(&producer, CAPACITY, 1);
    }
}

static void receiver(void)
{
    unsigned received = 0;
    while (received < ITEMS) {
        size_t count = corinth_spsc_peek(&consumer, CAPACITY, 2);
        if (count == 0) {
            explorer_pause();
            continue;
        }
        corinth_record_high_water(&receiver_counters, consumer.backlog, EPOCH);
        corinth_spsc_release(&consumer, CAPACITY, count);
        corinth_count_received(&receiver_counters, count);
        received += (unsigned)count;
    }
}

static corinth_lane_stats snapshot(void)
{
    corinth_lane_tally tally = corinth_tally_begin(&record, EPOCH);
    corinth_tally_receiver(&tally, &receiver_counters);
    corinth_tally_sender(&tally, &sender_counters);
    corinth_tally_published(&tally, corinth_internal_load_relaxed(&ring.written));
    return corinth_tally_end(&tally);
}

static void reader(void)
{
    corinth_lane_stats stats = snapshot();
    explorer_check(stats.received <= stats.sent, "never more received than sent");
    explorer_check(stats.sent <= ITEMS, "a counter is one of its values");
    explorer_check(stats.in_lane == stats.sent - stats.received, "what is sent is somewhere");
    explorer_check(stats.high_water <= CAPACITY, "the high water is of this epoch");
}

static void setup(void)
{
    corinth_ring_init(&ring, NULL, CAPACITY, 0);
    corinth_ring_init_producer(&producer, &ring, NULL);
    corinth_ring_init_consumer(&consumer, &ring, NULL);
    sender_counters = (corinth_sender_counters){0};
    /* What an earlier epoch left must not be shown as this one's. */
    receiver_counters = (corinth_receiver_counters){.high_water = 99, .epoch = EPOCH - 1};
    record = (corinth_lane_record){0};
}

static void finish(void)
{
    corinth_lane_stats stats = snapshot();
    explorer_check(stats.sent == ITEMS && stats.received == ITEMS, "exact when quiet");
    explorer_check(stats.high_water >= 1, "something was ready");
}

const explorer_program_form explorer_program = {
    .name = "stats",
    .source = "statistics: 1 sender, 1 receiver, 2 readers, 2 items",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"reader_0", reader},
                {"reader_1", reader}},
    .setup = setup,
    .finish = finish,
};
