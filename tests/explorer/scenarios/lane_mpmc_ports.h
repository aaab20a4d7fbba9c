/*
 * lane_mpmc_ports.h - the coordinator of lane_mpmc.yaml, a port for each thread, and their
 * ledger, for the scenarios of worlds with several threads.
 */
#ifndef EXPLORER_SCENARIOS_LANE_MPMC_PORTS_H
#define EXPLORER_SCENARIOS_LANE_MPMC_PORTS_H

#include "lane_mpmc.h"

#include "explorer.h"
#include "ledger.h"
#include "modes.h"

static lane_mpmc_coordinator coordinator;
static lane_mpmc_source_port *sources[LANE_MPMC_SOURCE_THREADS];
static lane_mpmc_target_port *targets[LANE_MPMC_TARGET_THREADS];

static inline void lane_mpmc_setup(void)
{
    ledger_clear();
    lane_mpmc_coordinator_init(&coordinator);
    if (is_by_fences()) {
        lane_mpmc_coordinator_use_fences(&coordinator);
    }
    for (uint32_t index = 0; index < LANE_MPMC_SOURCE_THREADS; index++) {
        sources[index] = lane_mpmc_source_open(&coordinator, index);
    }
    for (uint32_t index = 0; index < LANE_MPMC_TARGET_THREADS; index++) {
        targets[index] = lane_mpmc_target_open(&coordinator, index);
    }
    lane_mpmc_coordinator_start(&coordinator);
}

/* Sends one transfer, and notes it if it moved. */
static inline corinth_status lane_mpmc_try_send(uint32_t index, uint32_t item)
{
    uint32_t number = ledger_number(index, item);
    lane_mpmc_transfer transfer;
    lane_mpmc_transfer_init(&transfer, LANE_MPMC_WORLD_SOURCE, LANE_MPMC_WORLD_TARGET);
    lane_mpmc_transfer_pack_item(&transfer, &(lane_mpmc_item){.number = number});
    corinth_status status = lane_mpmc_source_send(sources[index], &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&sent[index], number);
    }
    return status;
}

/* Sends two transfers by one publication, and notes them. */
static inline void lane_mpmc_send_both(void)
{
    lane_mpmc_transfer transfers[2];
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t number = ledger_number(0, i + 1);
        lane_mpmc_transfer_init(&transfers[i], LANE_MPMC_WORLD_SOURCE, LANE_MPMC_WORLD_TARGET);
        lane_mpmc_transfer_pack_item(&transfers[i], &(lane_mpmc_item){.number = number});
        ledger_add(&sent[0], number);
    }
    size_t count = 0;
    corinth_status status = lane_mpmc_source_send_batch(sources[0], transfers, 2, &count);
    explorer_check(status == CORINTH_OK && count == 2, "there is room");
}

static inline void lane_mpmc_take(ledger_page *page, const lane_mpmc_transfer *transfer)
{
    const lane_mpmc_item *item = lane_mpmc_transfer_unpack_item(transfer);
    explorer_check(item != NULL, "what arrives was sent");
    ledger_add(page, item->number);
}

/* Receives one transfer if there is one, and notes it. */
static inline bool lane_mpmc_try_receive(uint32_t index)
{
    lane_mpmc_transfer transfer;
    bool is_one = lane_mpmc_target_receive(targets[index], &transfer) == CORINTH_OK;
    if (is_one) {
        lane_mpmc_take(&received[index], &transfer);
    }
    return is_one;
}

static inline void lane_mpmc_keep(void *context, const lane_mpmc_transfer *transfer)
{
    (void)context;
    lane_mpmc_take(&drained, transfer);
}

/* Drains, and compares what moved with what arrived and with what was counted. */
static inline void lane_mpmc_check(void)
{
    size_t left = lane_mpmc_coordinator_drain(&coordinator, lane_mpmc_keep, NULL);
    explorer_check(left == drained.rows, "drain says how many it handed over");
    ledger_check();
    lane_mpmc_coordinator_snapshot stats = lane_mpmc_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[LANE_MPMC_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->sent == ledger_rows(sent), "sent counts what moved");
    explorer_check(lane->received == ledger_rows(received), "received counts what arrived");
    explorer_check(lane->undelivered == left, "undelivered counts what was drained");
    explorer_check(lane->in_lane == 0, "nothing is left");
}

#endif
