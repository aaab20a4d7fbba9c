/* selecting_ports.h - the coordinator of selecting.yaml, its ports; lanes to the sink are full. */
#ifndef EXPLORER_SCENARIOS_SELECTING_PORTS_H
#define EXPLORER_SCENARIOS_SELECTING_PORTS_H

#include "selecting.h"

#include "explorer.h"
#include "modes.h"

#define HUB_BOTH (SELECTING_HUB_INBOUND | SELECTING_HUB_ROOM_TO_SINK)

static selecting_coordinator coordinator;
static selecting_source_port *source;
static selecting_hub_port *hub;
static selecting_sink_port *sink;
static selecting_busy_port *busy;

static inline selecting_transfer selecting_new(selecting_world target)
{
    selecting_transfer transfer;
    selecting_transfer_init(&transfer, SELECTING_WORLD_SOURCE, target);
    selecting_transfer_pack_item(&transfer, &(selecting_item){.number = 1});
    return transfer;
}

static inline void selecting_send(selecting_world target)
{
    selecting_transfer transfer = selecting_new(target);
    explorer_check(selecting_source_send(source, &transfer) == CORINTH_OK, "there is room");
}

static inline void selecting_setup(void)
{
    selecting_coordinator_init(&coordinator);
    if (is_by_fences()) {
        selecting_coordinator_use_fences(&coordinator);
    }
    source = selecting_source_open(&coordinator, 0);
    hub = selecting_hub_open(&coordinator, 0);
    sink = selecting_sink_open(&coordinator, 0);
    busy = selecting_busy_open(&coordinator, 0);
    selecting_coordinator_start(&coordinator);
    selecting_transfer transfer = selecting_new(SELECTING_WORLD_SINK);
    while (selecting_hub_try_send(hub, &transfer) == CORINTH_OK) {
    }
    while (selecting_busy_try_send(busy, &transfer) == CORINTH_OK) {
    }
}

#endif
