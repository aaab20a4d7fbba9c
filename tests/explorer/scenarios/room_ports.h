/*
 * room_ports.h - the coordinator of a schema whose one lane waits for room, its ports and their
 * ledger. A scenario includes the schema's header and names its prefix, ROOM and ROOM_CONSTANT,
 * before it.
 */
#ifndef EXPLORER_SCENARIOS_ROOM_PORTS_H
#define EXPLORER_SCENARIOS_ROOM_PORTS_H

#include "explorer.h"
#include "ledger.h"
#include "modes.h"

#define ROOM_SLOTS 2u

typedef ROOM(transfer) room_transfer;

static ROOM(coordinator) coordinator;
static ROOM(source_port) *sources[ROOM_CONSTANT(SOURCE_THREADS)];
static ROOM(target_port) *targets[ROOM_CONSTANT(TARGET_THREADS)];

static inline room_transfer room_item(uint32_t number)
{
    room_transfer transfer;
    ROOM(transfer_init)(&transfer, ROOM_CONSTANT(WORLD_SOURCE), ROOM_CONSTANT(WORLD_TARGET));
    ROOM(transfer_pack_item)(&transfer, &(ROOM(item)){.number = number});
    return transfer;
}

/* Sends one transfer, waits at most so long for room, and notes it if it moved. */
static inline corinth_status room_send_for(uint32_t index, uint32_t item, uint64_t timeout_ns)
{
    uint32_t number = ledger_number(index, item);
    room_transfer transfer = room_item(number);
    corinth_status status = ROOM(source_send_for)(sources[index], &transfer, timeout_ns);
    if (status == CORINTH_OK) {
        ledger_add(&sent[index], number);
    }
    return status;
}

/* Sends one transfer, and waits for room as long as it takes. */
static inline corinth_status room_send(uint32_t index, uint32_t item)
{
    uint32_t number = ledger_number(index, item);
    room_transfer transfer = room_item(number);
    corinth_status status = ROOM(source_send)(sources[index], &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&sent[index], number);
    }
    return status;
}

static inline void room_take(ledger_page *page, const room_transfer *transfer)
{
    const ROOM(item) *item = ROOM(transfer_unpack_item)(transfer);
    explorer_check(item != NULL, "what arrives was sent");
    ledger_add(page, item->number);
}

/* Receives one transfer if there is one, and notes it. */
static inline bool room_try_receive(uint32_t index)
{
    room_transfer transfer;
    bool is_one = ROOM(target_receive)(targets[index], &transfer) == CORINTH_OK;
    if (is_one) {
        room_take(&received[index], &transfer);
    }
    return is_one;
}

/* Receives so many transfers, and sleeps while there is none. */
static inline void room_receive(uint32_t index, uint32_t items)
{
    for (uint32_t left = items; left > 0;) {
        if (room_try_receive(index)) {
            left--;
        } else {
            corinth_status status = ROOM(target_wait)(targets[index], CORINTH_FOREVER);
            explorer_check(status == CORINTH_OK, "it is woken, and not by time");
        }
    }
}

/* Receives all of a full lane by one release. */
static inline void room_receive_full(uint32_t index)
{
    ROOM(source_to_target_batch) batch;
    size_t count = ROOM(source_to_target_peek)(targets[index], ROOM_SLOTS, &batch);
    explorer_check(count == ROOM_SLOTS, "two are there");
    room_take(&received[index], &batch.slots[0]);
    room_take(&received[index], &batch.slots[1]);
    ROOM(source_to_target_release)(targets[index], &batch, count);
}

static inline void room_setup(void)
{
    ledger_clear();
    ROOM(coordinator_init)(&coordinator);
    if (is_by_fences()) {
        ROOM(coordinator_use_fences)(&coordinator);
    }
    for (uint32_t index = 0; index < ROOM_CONSTANT(SOURCE_THREADS); index++) {
        sources[index] = ROOM(source_open)(&coordinator, index);
    }
    for (uint32_t index = 0; index < ROOM_CONSTANT(TARGET_THREADS); index++) {
        targets[index] = ROOM(target_open)(&coordinator, index);
    }
    ROOM(coordinator_start)(&coordinator);
}

/* The same, and the lane is full: sender 0 has sent its items 1 and 2. */
static inline void room_setup_full(void)
{
    room_setup();
    for (uint32_t item = 1; item <= ROOM_SLOTS; item++) {
        explorer_check(room_send_for(0, item, 0) == CORINTH_OK, "there is room");
    }
}

static inline void room_keep(void *context, const room_transfer *transfer)
{
    (void)context;
    room_take(&drained, transfer);
}

/* Drains, and compares what moved with what arrived and with what was counted. */
static inline void room_check(void)
{
    size_t left = ROOM(coordinator_drain)(&coordinator, room_keep, NULL);
    explorer_check(left == drained.rows, "drain says how many it handed over");
    ledger_check();
    ROOM(coordinator_snapshot) stats = ROOM(coordinator_stats)(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[0];
    explorer_check(lane->sent == ledger_rows(sent), "sent counts what moved");
    explorer_check(lane->received == ledger_rows(received), "received counts what arrived");
    explorer_check(lane->in_lane == 0, "nothing is left");
}

#endif
