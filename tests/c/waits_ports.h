/* waits_ports.h - a coordinator of waits.yaml with its ports, for the tests of waiting. */
#ifndef WAITS_PORTS_H
#define WAITS_PORTS_H

#include "check.h"

#include "waits.h"

#define SHORT_NS UINT64_C(2000000)

static waits_coordinator coordinator;
static waits_source_port *source[WAITS_SOURCE_THREADS];
static waits_hub_port *hub[WAITS_HUB_THREADS];
static waits_sink_port *sink;
static waits_spinner_port *spinner;
static waits_yielder_port *yielder;

static uint32_t wakes[WAITS_HUB_THREADS]; /* atomic; calls of the hub's wake functions */

static inline void count_wake(void *context)
{
    __atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

/* A new coordinator that runs, its ports open. */
static inline void begin(void)
{
    CHECK_EQUAL(waits_coordinator_init(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < WAITS_HUB_THREADS; i++) {
        source[i] = waits_source_open(&coordinator, i);
        hub[i] = waits_hub_open(&coordinator, i);
        wakes[i] = 0;
        waits_hub_set_wake(hub[i], count_wake, &wakes[i]);
    }
    sink = waits_sink_open(&coordinator, 0);
    spinner = waits_spinner_open(&coordinator, 0);
    yielder = waits_yielder_open(&coordinator, 0);
    CHECK_EQUAL(waits_coordinator_start(&coordinator), CORINTH_OK);
}

static inline waits_transfer item_for(waits_world target, uint32_t number)
{
    waits_transfer transfer;
    waits_transfer_init(&transfer, WAITS_ROUTE_NONE, target);
    waits_transfer_pack_item(&transfer, &(waits_item){.number = number});
    return transfer;
}

static inline uint32_t number_of(const waits_transfer *transfer)
{
    const waits_item *item = waits_transfer_unpack_item(transfer);
    CHECK(item != NULL);
    return item->number;
}

static inline corinth_status send_to_hub(uint32_t number)
{
    waits_transfer transfer = item_for(WAITS_WORLD_HUB, number);
    return waits_source_send(source[0], &transfer);
}

/* Fills the lane from the hub to the sink. */
static inline void fill_sink(void)
{
    for (uint32_t i = 0; i < WAITS_HUB_TO_SINK_CAPACITY; i++) {
        waits_transfer transfer = item_for(WAITS_WORLD_SINK, i);
        CHECK_EQUAL(waits_hub_try_send(hub[0], &transfer), CORINTH_OK);
    }
}

static inline void receive_at_sink(void)
{
    waits_transfer transfer;
    CHECK_EQUAL(waits_sink_receive(sink, &transfer), CORINTH_OK);
}

/* Returns once thread `index` is announced at the doorbell. */
static inline void until_asleep(const corinth_bell *bell, uint32_t index)
{
    unsigned attempts = 0;
    while ((__atomic_load_n(&bell->doorbell->sleeping[0], __ATOMIC_RELAXED) >> index & 1) == 0) {
        check_relax(&attempts);
    }
}

/* The bells, which are private: to see who sleeps. */
#define HUB_BELL (&coordinator.bells[1])
#define ROOM_TO_SINK (&coordinator.rooms[0])

#endif
