/*
 * Goal: a stop beside sends and receives loses nothing and delivers nothing twice: what send called
 * OK was received or is drained, what it called STOPPED wasn't sent, and the counters agree.
 * Method: every execution of a generated coordinator of two worlds. The receiver sleeps while there
 * is nothing; after all have ended, thread 0 drains and compares with each number sent.
 */
#include "relay.h"

#include "explorer.h"

#define ITEMS 2u

static relay_coordinator coordinator;
static relay_here_port *here;
static relay_there_port *there;
static unsigned moved;              /* sends that answered OK */
static unsigned arrived[ITEMS + 1]; /* how often each number was received or drained */
static unsigned received;
static uint32_t last_number;

static void take(const relay_transfer *transfer)
{
    const relay_item *item = relay_transfer_unpack_item(transfer);
    explorer_check(item != NULL && item->number <= ITEMS, "only what was sent");
    explorer_check(item->number > last_number, "in the order of sending");
    last_number = item->number;
    arrived[item->number]++;
}

static void sender(void)
{
    for (uint32_t number = 1; number <= ITEMS; number++) {
        relay_transfer transfer;
        relay_transfer_init(&transfer, RELAY_WORLD_HERE, RELAY_WORLD_THERE);
        relay_transfer_pack_item(&transfer, &(relay_item){.number = number});
        corinth_status status = relay_here_send(here, &transfer);
        explorer_check(status == CORINTH_OK || status == CORINTH_STOPPED, "there is room");
        if (status != CORINTH_OK) {
            break;
        }
        moved++;
    }
    relay_here_flush(here);
}

static void receiver(void)
{
    corinth_status status;
    do {
        relay_transfer transfer;
        while (relay_there_receive(there, &transfer) == CORINTH_OK) {
            take(&transfer);
            received++;
        }
        status = relay_there_wait(there, CORINTH_FOREVER);
    } while (status == CORINTH_OK);
    explorer_check(status == CORINTH_STOPPED, "the wait ends only by a stop");
}

static void stopper(void)
{
    explorer_check(relay_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
}

static void setup(void)
{
    moved = 0;
    received = 0;
    last_number = 0;
    for (unsigned i = 0; i <= ITEMS; i++) {
        arrived[i] = 0;
    }
    relay_coordinator_init(&coordinator);
    here = relay_here_open(&coordinator, 0);
    there = relay_there_open(&coordinator, 0);
    relay_coordinator_start(&coordinator);
}

static void drained(void *context, const relay_transfer *transfer)
{
    (void)context;
    take(transfer);
}

static void finish(void)
{
    size_t left = relay_coordinator_drain(&coordinator, drained, NULL);
    explorer_check(received + left == moved, "what was sent is received or left");
    for (unsigned number = 1; number <= ITEMS; number++) {
        explorer_check(arrived[number] == (number <= moved ? 1u : 0u), "each of them once");
    }
    relay_coordinator_snapshot stats = relay_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[RELAY_HERE_TO_THERE_INDEX];
    explorer_check(lane->sent == moved, "sent counts what moved");
    explorer_check(lane->received == received, "received counts what arrived");
    explorer_check(lane->undelivered == left && lane->in_lane == 0, "the rest was drained");
    explorer_register(0, moved);
}

const explorer_program_form explorer_program = {
    .name = "coordinator",
    .source = "generated coordinator: sends of 2 transfers, a waiting receiver, a stop, a drain",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"stopper", stopper}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0", "1", "2"},
};
