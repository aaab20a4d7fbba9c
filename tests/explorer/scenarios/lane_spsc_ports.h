/*
 * lane_spsc_ports.h - the coordinator of lane_spsc.yaml, its two ports and their ledger, for
 * scenarios of worlds with one thread each.
 */
#ifndef EXPLORER_SCENARIOS_LANE_SPSC_PORTS_H
#define EXPLORER_SCENARIOS_LANE_SPSC_PORTS_H

#include "lane_spsc.h"

#include "explorer.h"
#include "ledger.h"
#include "modes.h"

static lane_spsc_coordinator coordinator;
static lane_spsc_source_port *source;
static lane_spsc_target_port *target;

static inline void lane_spsc_setup(void)
{
    ledger_clear();
    lane_spsc_coordinator_init(&coordinator);
    if (is_by_fences()) {
        lane_spsc_coordinator_use_fences(&coordinator);
    }
    source = lane_spsc_source_open(&coordinator, 0);
    target = lane_spsc_target_open(&coordinator, 0);
    lane_spsc_coordinator_start(&coordinator);
}

/* Sends one transfer, and notes it if it moved. */
static inline corinth_status lane_spsc_try_send(uint32_t item)
{
    uint32_t number = ledger_number(0, item);
    lane_spsc_transfer transfer;
    lane_spsc_transfer_init(&transfer, LANE_SPSC_WORLD_SOURCE, LANE_SPSC_WORLD_TARGET);
    lane_spsc_transfer_pack_item(&transfer, &(lane_spsc_item){.number = number});
    corinth_status status = lane_spsc_source_send(source, &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&sent[0], number);
    }
    return status;
}

/* Receives and notes whatever is there. */
static inline void lane_spsc_receive_all(void)
{
    lane_spsc_transfer transfer;
    while (lane_spsc_target_receive(target, &transfer) == CORINTH_OK) {
        const lane_spsc_item *item = lane_spsc_transfer_unpack_item(&transfer);
        explorer_check(item != NULL, "what arrives was sent");
        ledger_add(&received[0], item->number);
    }
}

/* All was received, and the counters say so. */
static inline void lane_spsc_check(void)
{
    ledger_check();
    lane_spsc_coordinator_snapshot stats = lane_spsc_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[LANE_SPSC_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->sent == sent[0].rows, "sent counts what moved");
    explorer_check(lane->received == sent[0].rows, "received counts what arrived");
    explorer_check(lane->in_lane == 0 && lane->undelivered == 0, "nothing is left");
}

#endif
