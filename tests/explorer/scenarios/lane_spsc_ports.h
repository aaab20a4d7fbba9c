/*
 * lane_spsc_ports.h - the coordinator of relay.yaml, its two ports and their ledger, for scenarios
 * of worlds with one thread each.
 */
#ifndef EXPLORER_SCENARIOS_LANE_SPSC_PORTS_H
#define EXPLORER_SCENARIOS_LANE_SPSC_PORTS_H

#include "relay.h"

#include "explorer.h"
#include "ledger.h"

static relay_coordinator coordinator;
static relay_here_port *here;
static relay_there_port *there;

static inline void relay_setup(void)
{
    ledger_clear();
    relay_coordinator_init(&coordinator);
    here = relay_here_open(&coordinator, 0);
    there = relay_there_open(&coordinator, 0);
    relay_coordinator_start(&coordinator);
}

/* Sends one transfer, and notes it if it moved. */
static inline corinth_status relay_try_send(uint32_t item)
{
    uint32_t number = ledger_number(0, item);
    relay_transfer transfer;
    relay_transfer_init(&transfer, RELAY_WORLD_HERE, RELAY_WORLD_THERE);
    relay_transfer_pack_item(&transfer, &(relay_item){.number = number});
    corinth_status status = relay_here_send(here, &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&sent[0], number);
    }
    return status;
}

/* Receives and notes whatever is there. */
static inline void relay_receive_all(void)
{
    relay_transfer transfer;
    while (relay_there_receive(there, &transfer) == CORINTH_OK) {
        const relay_item *item = relay_transfer_unpack_item(&transfer);
        explorer_check(item != NULL, "what arrives was sent");
        ledger_add(&received[0], item->number);
    }
}

/* All was received, and the counters say so. */
static inline void relay_check(void)
{
    ledger_check();
    relay_coordinator_snapshot stats = relay_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[RELAY_HERE_TO_THERE_INDEX];
    explorer_check(lane->sent == sent[0].rows, "sent counts what moved");
    explorer_check(lane->received == sent[0].rows, "received counts what arrived");
    explorer_check(lane->in_lane == 0 && lane->undelivered == 0, "nothing is left");
}

#endif
