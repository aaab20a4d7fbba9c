/* mixed_ports.h - a coordinator of station.yaml with its ports, for the tests of its calls. */
#ifndef MIXED_PORTS_H
#define MIXED_PORTS_H

#include "check.h"

#include <string.h>

#include "station.h"

static station_coordinator coordinator;
static station_train_port *train;
static station_tram_port *tram;
static station_bus_port *bus;
static station_ward_port *ward;
static station_store_port *store;
static station_hall_port *halls[STATION_HALL_THREADS];

/* A new coordinator, not yet started, its ports open. */
static inline void open_station(void)
{
    CHECK_EQUAL(station_coordinator_init(&coordinator), CORINTH_OK);
    train = station_train_open(&coordinator, 0);
    tram = station_tram_open(&coordinator, 0);
    bus = station_bus_open(&coordinator, 0);
    ward = station_ward_open(&coordinator, 0);
    store = station_store_open(&coordinator, 0);
    for (uint32_t i = 0; i < STATION_HALL_THREADS; i++) {
        halls[i] = station_hall_open(&coordinator, i);
    }
}

static inline void start_station(void)
{
    open_station();
    CHECK_EQUAL(station_coordinator_start(&coordinator), CORINTH_OK);
}

/* A transfer with one component, whose header says that it comes from nowhere. */
static inline station_transfer passenger(uint64_t number, station_world target)
{
    station_transfer result;
    station_transfer_init(&result, STATION_ROUTE_NONE, target);
    result.entity = number;
    station_transfer_add_pass(&result)->number = number;
    return result;
}

static inline corinth_lane_stats stats_of(size_t lane)
{
    return station_coordinator_stats(&coordinator).lanes[lane];
}

#endif
