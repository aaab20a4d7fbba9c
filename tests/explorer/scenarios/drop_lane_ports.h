/*
 * drop_lane_ports.h - the coordinator of drop_lane.yaml, whose lane is full when threads begin, and
 * where each transfer went: the ledger for those that arrive, a mark for each that is dropped.
 *
 * A number is marked without an atomic access, by the thread that drops it: two that drop the same
 * are a race.
 */
#ifndef EXPLORER_SCENARIOS_DROP_LANE_PORTS_H
#define EXPLORER_SCENARIOS_DROP_LANE_PORTS_H

#include "drop_lane.h"

#include "explorer.h"
#include "ledger.h"

#define NUMBERS (10u * DROP_LANE_SOURCE_THREADS)
#define AS_OLDEST 1u
#define AS_NEWEST 2u

static drop_lane_coordinator coordinator;
static drop_lane_source_port *sources[DROP_LANE_SOURCE_THREADS];
static drop_lane_target_port *target;
static uint32_t dropped[NUMBERS]; /* 0, or how */

static inline uint32_t drop_lane_number(const drop_lane_transfer *transfer)
{
    const drop_lane_item *item = drop_lane_transfer_unpack_item(transfer);
    explorer_check(item != NULL && item->number < NUMBERS, "only what was sent");
    return item->number;
}

static inline void drop_lane_undelivered(
    void *context, const drop_lane_transfer *transfer, corinth_undelivered_reason reason)
{
    explorer_check(context == &coordinator, "the context is the program's");
    uint32_t number = drop_lane_number(transfer);
    explorer_check(dropped[number] == 0, "each is dropped once");
    dropped[number] = reason == CORINTH_UNDELIVERED_DROPPED_OLDEST ? AS_OLDEST : AS_NEWEST;
}

static inline void drop_lane_send(uint32_t index, uint32_t item)
{
    uint32_t number = ledger_number(index, item);
    drop_lane_transfer transfer;
    drop_lane_transfer_init(&transfer, DROP_LANE_WORLD_SOURCE, DROP_LANE_WORLD_TARGET);
    drop_lane_transfer_pack_item(&transfer, &(drop_lane_item){.number = number});
    corinth_status status = drop_lane_source_send(sources[index], &transfer);
    explorer_check(status == CORINTH_OK, "a send that drops is OK");
    ledger_add(&sent[index], number);
}

static inline void drop_lane_try_receive(void)
{
    drop_lane_transfer transfer;
    if (drop_lane_target_receive(target, &transfer) == CORINTH_OK) {
        ledger_add(&received[0], drop_lane_number(&transfer));
    }
}

/* Two of sender 0 are there. */
static inline void drop_lane_setup(void)
{
    ledger_clear();
    for (uint32_t number = 0; number < NUMBERS; number++) {
        dropped[number] = 0;
    }
    drop_lane_coordinator_init(&coordinator);
    drop_lane_coordinator_set_undelivered(&coordinator, drop_lane_undelivered, &coordinator);
    for (uint32_t index = 0; index < DROP_LANE_SOURCE_THREADS; index++) {
        sources[index] = drop_lane_source_open(&coordinator, index);
    }
    target = drop_lane_target_open(&coordinator, 0);
    explorer_check(drop_lane_coordinator_start(&coordinator) == CORINTH_OK, "it has a handler");
    drop_lane_send(0, 1);
    drop_lane_send(0, 2);
}

static inline void drop_lane_keep(void *context, const drop_lane_transfer *transfer)
{
    (void)context;
    uint32_t number = drop_lane_number(transfer);
    ledger_add(&drained, number);
    for (uint32_t other = number + 1; other < (number / 10 + 1) * 10; other++) {
        explorer_check(dropped[other] != AS_OLDEST, "what is dropped was older");
    }
}

static inline unsigned drop_lane_count(uint32_t how)
{
    unsigned count = 0;
    for (uint32_t number = 0; number < NUMBERS; number++) {
        count += dropped[number] == how ? 1u : 0u;
    }
    return count;
}

/* Each number went one way, and the counters say the same. */
static inline void drop_lane_check(void)
{
    size_t left = drop_lane_coordinator_drain(&coordinator, drop_lane_keep, NULL);
    for (unsigned i = 0; i < DROP_LANE_SOURCE_THREADS; i++) {
        for (unsigned row = 0; row < sent[i].rows; row++) {
            uint32_t number = sent[i].number[row];
            unsigned count = ledger_count(&received[0], number) + ledger_count(&drained, number);
            explorer_check(count + (dropped[number] > 0 ? 1u : 0u) == 1, "each goes one way");
        }
    }
    for (unsigned row = 0; row < drained.rows; row++) {
        ledger_check_left(drained.number[row]);
    }
    drop_lane_coordinator_snapshot stats = drop_lane_coordinator_stats(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[DROP_LANE_SOURCE_TO_TARGET_INDEX];
    explorer_check(lane->sent == ledger_rows(sent), "what is dropped was sent");
    explorer_check(lane->received == received[0].rows, "received counts what arrived");
    explorer_check(lane->dropped_oldest == drop_lane_count(AS_OLDEST), "by its reason");
    explorer_check(lane->dropped_newest == drop_lane_count(AS_NEWEST), "by its reason, too");
    explorer_check(lane->drained == left && lane->in_lane == 0, "the rest was drained");
    explorer_register(0, (int64_t)lane->dropped_oldest);
    explorer_register(1, (int64_t)lane->dropped_newest);
}

#endif
