/*
 * Goal: a snapshot never finds more undelivered than sent: neither what a sender took out that
 * another one sent, nor what it dropped itself, nor what a receiver took out of a closed lane.
 * Method: every execution of a sender, of one who does one of these, and of a reader.
 */
#include <corinth/mpmc.h>
#include <corinth/stats.h>

#include "explorer.h"

#define CAPACITY 2u
#define EPOCH 1u
#define OLDEST 0u
#define NEWEST 1u
#define CLOSED 2u

static corinth_ring ring;
static CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[CAPACITY];
static corinth_ring_side producer;
static corinth_ring_side consumer;
static corinth_sender_counters senders[2];
static corinth_receiver_counters receiver;
static corinth_lane_record record;

static void sender(void)
{
    explorer_check(corinth_mpmc_reserve(&producer, CAPACITY, 1) == 1, "there is room");
    corinth_count_sent(&senders[0], 1);
    (void)corinth_mpmc_commit(&producer, CAPACITY, 1);
}

static void dropper(void)
{
    if (explorer_value() == NEWEST) {
        corinth_count_dropped_newest(&senders[1], 1);
        return;
    }
    size_t count = corinth_mpmc_peek(&consumer, CAPACITY, 1);
    corinth_mpmc_release(&consumer, CAPACITY, count);
    if (explorer_value() == OLDEST) {
        corinth_count_dropped_oldest(&senders[1], count);
    } else {
        corinth_count_closed(&receiver, count);
    }
}

static void reader(void)
{
    corinth_lane_tally tally = corinth_tally_begin(&record, EPOCH);
    corinth_tally_receiver(&tally, &receiver);
    corinth_tally_drops(&tally, &senders[1]);
    corinth_tally_drops(&tally, &senders[0]);
    corinth_tally_sender(&tally, &senders[1]);
    corinth_tally_sender(&tally, &senders[0]);
    corinth_lane_stats stats = corinth_tally_end(&tally);
    explorer_check(stats.undelivered <= stats.sent, "what was dropped was sent");
}

static void setup(void)
{
    corinth_ring_init(&ring, marks, CAPACITY, 0);
    corinth_ring_init_producer(&producer, &ring, marks);
    corinth_ring_init_consumer(&consumer, &ring, marks);
    senders[0] = (corinth_sender_counters){0};
    senders[1] = (corinth_sender_counters){0};
    receiver = (corinth_receiver_counters){0};
    record = (corinth_lane_record){0};
}

const explorer_program_form explorer_program = {
    .name = "mutant_drops",
    .source = "statistics: 1 sender, 1 who drops, 1 reader",
    .threads = {{"sender", sender}, {"dropper", dropper}, {"reader", reader}},
    .setup = setup,
    .cases = {{"oldest", OLDEST}, {"newest", NEWEST}, {"closed", CLOSED}},
};
