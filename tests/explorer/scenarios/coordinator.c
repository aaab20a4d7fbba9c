/*
 * Goal: a stop beside sends and receives loses nothing and delivers nothing twice: what send called
 * OK was received or is drained, what it called STOPPED wasn't sent, and the counters agree.
 * Method: every execution of a generated coordinator of two worlds. The receiver sleeps while there
 * is nothing; after all have ended, thread 0 drains and compares with each number sent. (By fences.
 * By barriers there are too many; coordinator_last, mutant_stop and mutant_wait have those.)
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "modes.h"

#define ITEMS 1u

static lane_spsc_coordinator coordinator;
static lane_spsc_source_port *source;
static lane_spsc_target_port *target;
static unsigned moved;              /* sends that returned OK */
static unsigned arrived[ITEMS + 1]; /* how often each number was received or drained */
static unsigned received;
static uint32_t last_number;

static void take(const lane_spsc_transfer *transfer)
{
    const lane_spsc_item *item = lane_spsc_transfer_unpack_item(transfer);
    explorer_check(item != NULL && item->number <= ITEMS, "only what was sent");
    explorer_check(item->number > last_number, "in the order of sending");
    last_number = item->number;
    arrived[item->number]++;
}

static void sender(void)
{
    for (uint32_t number = 1; number <= ITEMS; number++) {
        lane_spsc_transfer transfer;
        lane_spsc_transfer_init(&transfer, LANE_SPSC_WORLD_SOURCE, LANE_SPSC_WORLD_TARGET);
        lane_spsc_transfer_pack_item(&transfer, &(lane_spsc_item){.number = number});
        corinth_status status = lane_spsc_source_send(source, &transfer);
        explorer_check(status == CORINTH_OK || status == CORINTH_STOPPED, "there is room");
        if (status != CORINTH_OK) {
            break;
        }
        moved++;
    }
}

static void receiver(void)
{
    corinth_status status;
    do {
        lane_spsc_transfer transfer;
        while (lane_spsc_target_receive(target, &transfer) == CORINTH_OK) {
            take(&transfer);
            received++;
        }
        status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    } while (status == CORINTH_OK);
    explorer_check(status == CORINTH_STOPPED, "the wait ends only by a stop");
}

static void stopper(void)
{
    explorer_check(lane_spsc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
}

static void setup(void)
{
    moved = 0;
    received = 0;
    last_number = 0;
    for (unsigned i = 0; i <= ITEMS; i++) {
        arrived[i] = 0;
    }
    lane_spsc_coordinator_init(&coordinator);
    if (is_by_fences()) {
        lane_spsc_coordinator_use_fences(&coordinator);
    }
    source = lane_spsc_source_open(&coordinator, 0);
    target = lane_spsc_target_open(&coordinator, 0);
    lane_spsc_coordinator_start(&coordinator);
}

static void drained(void *context, const lane_spsc_transfer *transfer)
{
    (void)context;
    take(transfer);
    lane_spsc_coordinator_snapshot stats = lane_spsc_coordinator_stats(&coordinator);
    uint64_t undelivered = stats.lanes[LANE_SPSC_SOURCE_TO_TARGET_INDEX].undelivered;
    explorer_check(undelivered == 1, "what was handed over is counted before");
}

static void finish(void)
{
    size_t left = lane_spsc_coordinator_drain(&coordinator, drained, NULL);
    explorer_check(received + left == moved, "what was sent is received or left");
    for (unsigned number = 1; number <= ITEMS; number++) {
        explorer_check(arrived[number] == (number <= moved ? 1u : 0u), "each of them once");
    }
    lane_spsc_coordinator_snapshot stats = lane_spsc_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[LANE_SPSC_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->sent == moved, "sent counts what moved");
    explorer_check(lane->received == received, "received counts what arrived");
    explorer_check(lane->undelivered == left && lane->in_lane == 0, "the rest was drained");
    explorer_register(0, moved);
}

const explorer_program_form explorer_program = {
    .name = "coordinator",
    .source = "generated coordinator: a send, a waiting receiver, a stop, a drain",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"stopper", stopper}},
    .spared = 1u << 1, /* receiver */
    .setup = setup,
    .finish = finish,
    .cases = {{"fences", BY_FENCES}},
    .must_see = {"0", "1"},
};
