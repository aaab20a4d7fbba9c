/* mixed_ports.h - a coordinator of mixed.yaml with its ports, for the tests of its calls. */
#ifndef MIXED_PORTS_H
#define MIXED_PORTS_H

#include "check.h"

#include <string.h>

#include "mixed.h"

static mixed_coordinator coordinator;
static mixed_heavy_port *heavy;
static mixed_light_port *light;
static mixed_medium_port *medium;
static mixed_hub_port *hub;
static mixed_sink_port *sink;
static mixed_pool_port *pool[MIXED_POOL_THREADS];

/* A new coordinator, not yet started, its ports open. */
static inline void open_coordinator(void)
{
    CHECK_EQUAL(mixed_coordinator_init(&coordinator), CORINTH_OK);
    heavy = mixed_heavy_open(&coordinator, 0);
    light = mixed_light_open(&coordinator, 0);
    medium = mixed_medium_open(&coordinator, 0);
    hub = mixed_hub_open(&coordinator, 0);
    sink = mixed_sink_open(&coordinator, 0);
    for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
        pool[i] = mixed_pool_open(&coordinator, i);
    }
}

static inline void start_coordinator(void)
{
    open_coordinator();
    CHECK_EQUAL(mixed_coordinator_start(&coordinator), CORINTH_OK);
}

/* A transfer with one component, whose header says that it comes from nowhere. */
static inline mixed_transfer new_transfer(uint64_t number, mixed_world target)
{
    mixed_transfer result;
    mixed_transfer_init(&result, MIXED_ROUTE_NONE, target);
    result.entity = number;
    mixed_transfer_add_item(&result)->number = number;
    return result;
}

static inline corinth_lane_stats stats_of(size_t lane)
{
    return mixed_coordinator_stats(&coordinator).lanes[lane];
}

#endif
