/*
 * lane_mpmc_ports.h - the coordinator of crowd.yaml, a port for each thread, and their ledger, for
 * the scenarios of worlds with several threads.
 */
#ifndef EXPLORER_SCENARIOS_LANE_MPMC_PORTS_H
#define EXPLORER_SCENARIOS_LANE_MPMC_PORTS_H

#include "crowd.h"

#include "explorer.h"
#include "ledger.h"

static crowd_coordinator coordinator;
static crowd_here_port *here[CROWD_HERE_THREADS];
static crowd_there_port *there[CROWD_THERE_THREADS];

static inline void crowd_setup(void)
{
    ledger_clear();
    crowd_coordinator_init(&coordinator);
    for (uint32_t index = 0; index < CROWD_HERE_THREADS; index++) {
        here[index] = crowd_here_open(&coordinator, index);
    }
    for (uint32_t index = 0; index < CROWD_THERE_THREADS; index++) {
        there[index] = crowd_there_open(&coordinator, index);
    }
    crowd_coordinator_start(&coordinator);
}

/* Sends one transfer, and notes it if it moved. */
static inline corinth_status crowd_try_send(uint32_t index, uint32_t item)
{
    uint32_t number = ledger_number(index, item);
    crowd_transfer transfer;
    crowd_transfer_init(&transfer, CROWD_WORLD_HERE, CROWD_WORLD_THERE);
    crowd_transfer_pack_item(&transfer, &(crowd_item){.number = number});
    corinth_status status = crowd_here_send(here[index], &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&sent[index], number);
    }
    return status;
}

static inline void crowd_take(ledger_page *page, const crowd_transfer *transfer)
{
    const crowd_item *item = crowd_transfer_unpack_item(transfer);
    explorer_check(item != NULL, "what arrives was sent");
    ledger_add(page, item->number);
}

/* Receives one transfer if there is one, and notes it. */
static inline bool crowd_try_receive(uint32_t index)
{
    crowd_transfer transfer;
    bool is_one = crowd_there_receive(there[index], &transfer) == CORINTH_OK;
    if (is_one) {
        crowd_take(&received[index], &transfer);
    }
    return is_one;
}

static inline void crowd_keep(void *context, const crowd_transfer *transfer)
{
    (void)context;
    crowd_take(&drained, transfer);
}

/* Drains, and compares what moved with what arrived and with what was counted. */
static inline void crowd_check(void)
{
    size_t left = crowd_coordinator_drain(&coordinator, crowd_keep, NULL);
    explorer_check(left == drained.rows, "drain says how many it handed over");
    ledger_check();
    crowd_coordinator_snapshot stats = crowd_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[CROWD_HERE_TO_THERE_INDEX];
    explorer_check(lane->sent == ledger_rows(sent), "sent counts what moved");
    explorer_check(lane->received == ledger_rows(received), "received counts what arrived");
    explorer_check(lane->undelivered == left, "undelivered counts what was drained");
    explorer_check(lane->in_lane == 0, "nothing is left");
}

#endif
