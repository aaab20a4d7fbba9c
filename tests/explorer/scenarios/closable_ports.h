/*
 * closable_ports.h - the coordinator of closable.yaml, its ports and their ledger. What is handed
 * over because a lane is closed, or drained, stands on the ledger's page for that.
 */
#ifndef EXPLORER_SCENARIOS_CLOSABLE_PORTS_H
#define EXPLORER_SCENARIOS_CLOSABLE_PORTS_H

#include "closable.h"

#include "explorer.h"
#include "ledger.h"
#include "modes.h"

static closable_coordinator coordinator;
static closable_one_port *one;
static closable_two_port *two[CLOSABLE_TWO_THREADS];
static closable_sink_port *sink;
static closable_pool_port *pool;
static closable_team_port *team[CLOSABLE_TEAM_THREADS];

static inline uint32_t number_of(const closable_transfer *transfer)
{
    const closable_item *item = closable_transfer_unpack_item(transfer);
    explorer_check(item != NULL, "what arrives was sent");
    return item->number;
}

/* What was handed over, by its number: several threads may do so at the same time. */
#define NUMBERS 20u
static bool handed[NUMBERS];

static inline void note_undelivered(
    void *context, const void *transfer, corinth_undelivered_reason reason)
{
    uint32_t number = number_of((const closable_transfer *)transfer);
    explorer_check(context == &coordinator, "the handler's own");
    explorer_check(reason == CORINTH_UNDELIVERED_CLOSED, "it is in the lane that was closed");
    explorer_check(number < NUMBERS && !handed[number], "it is handed over once");
    handed[number] = true;
}

static inline void closable_setup(void)
{
    ledger_clear();
    for (uint32_t number = 0; number < NUMBERS; number++) {
        handed[number] = false;
    }
    closable_coordinator_init(&coordinator);
    if (is_by_fences()) {
        closable_coordinator_use_fences(&coordinator);
    }
    one = closable_one_open(&coordinator, 0);
    sink = closable_sink_open(&coordinator, 0);
    pool = closable_pool_open(&coordinator, 0);
    for (uint32_t index = 0; index < 2; index++) {
        two[index] = closable_two_open(&coordinator, index);
        team[index] = closable_team_open(&coordinator, index);
    }
    corinth_coordinator_set_undelivered(&coordinator.base, note_undelivered, &coordinator);
    explorer_check(closable_coordinator_start(&coordinator) == CORINTH_OK, "it has a handler");
}

static inline closable_transfer numbered(uint32_t number)
{
    closable_transfer transfer;
    closable_transfer_init(&transfer, CLOSABLE_WORLD_ONE, CLOSABLE_WORLD_SINK);
    closable_transfer_pack_item(&transfer, &(closable_item){.number = number});
    return transfer;
}

/* Drains what is left; everything that was sent is somewhere, once, and is counted so. */
static inline void closable_check(size_t lane)
{
    for (uint32_t number = 0; number < NUMBERS; number++) {
        if (handed[number]) {
            ledger_add(&drained, number);
        }
    }
    corinth_lane_stats before = closable_coordinator_stats(&coordinator).lanes[lane];
    explorer_check(before.sent == ledger_rows(sent), "sent counts what moved");
    explorer_check(before.received == ledger_rows(received), "received counts what arrived");
    explorer_check(before.closed == drained.rows, "closed counts what was handed over");
    corinth_drain drain = {0, 0};
    closable_transfer transfer;
    while (corinth_coordinator_take_left(&coordinator.base, &drain, &transfer)) {
        ledger_add(&drained, number_of(&transfer));
    }
    for (unsigned i = 0; i < LEDGER_PAGES; i++) {
        for (unsigned row = 0; row < sent[i].rows; row++) {
            uint32_t number = sent[i].number[row];
            unsigned count = ledger_count(&drained, number);
            count += ledger_count(&received[0], number) + ledger_count(&received[1], number);
            explorer_check(count == 1, "what was sent is somewhere, once");
        }
    }
    explorer_check(ledger_rows(received) + drained.rows == ledger_rows(sent), "and nothing else");
}

#endif
