/*
 * lane_ports.h - the ports of one pair_*.yaml, and transfers that are known by their numbers: what
 * the tests of every kind of lane work with.
 *
 * Include it after the headers of the pair, with SHAPE and SHAPE_CONSTANT joining its names. One
 * thread uses all ports, so that every answer is determined.
 */
#ifndef LANE_PORTS_H
#define LANE_PORTS_H

#include "check.h"

#include <string.h>

#define NEAR_THREADS SHAPE_CONSTANT(NEAR_THREADS)
#define FAR_THREADS SHAPE_CONSTANT(FAR_THREADS)
#define CAPACITY SHAPE_CONSTANT(NEAR_TO_FAR_CAPACITY)
#define PRIORITY_CAPACITY SHAPE_CONSTANT(NEAR_TO_FAR_PRIORITY_CAPACITY)
#define BURST SHAPE_CONSTANT(NEAR_TO_FAR_PRIORITY_BURST)
#define INDEX SHAPE_CONSTANT(NEAR_TO_FAR_INDEX)
#define NEAR SHAPE_CONSTANT(WORLD_NEAR)
#define FAR SHAPE_CONSTANT(WORLD_FAR)
#define PRIORITY SHAPE_CONSTANT(TRANSFER_PRIORITY)
#define KEEPS_SKIPPED (NEAR_THREADS > 1)
#define HAS_MARKS (NEAR_THREADS > 1 || FAR_THREADS > 1)

typedef SHAPE(transfer) transfer;
typedef SHAPE(near_port) near_port;
typedef SHAPE(far_port) far_port;
typedef SHAPE(near_to_far_claim) claim;
typedef SHAPE(near_to_far_batch) batch;

static SHAPE(coordinator) coordinator;
static near_port *nears[NEAR_THREADS];
static far_port *fars[FAR_THREADS];

/* Has the positions of one of the lane's rings begin elsewhere, as if so many had gone through. */
static inline void move_ring(size_t ring, size_t capacity, uint64_t start)
{
    corinth_ring_side *first = &nears[0]->senders[ring].side;
    corinth_ring_init(first->ring, first->marks, capacity, (corinth_position)start);
    for (uint32_t i = 0; i < NEAR_THREADS; i++) {
        corinth_ring_init_producer(&nears[i]->senders[ring].side, first->ring, first->marks);
    }
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        corinth_ring_init_consumer(&fars[i]->receivers[ring].side, first->ring, first->marks);
    }
    if (!HAS_MARKS) {
        corinth_internal_store_relaxed_u64(&fars[0]->receivers[ring].counters->received, start);
    }
}

static inline void begin(uint64_t start)
{
    if (!HAS_MARKS) {
        /* The count of all that was sent would pass 64 bits: no program lives to see that. */
        start &= UINT64_MAX / 4;
    }
    CHECK_EQUAL(SHAPE(coordinator_init)(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < NEAR_THREADS; i++) {
        nears[i] = SHAPE(near_open)(&coordinator, i);
    }
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        fars[i] = SHAPE(far_open)(&coordinator, i);
    }
    move_ring(0, CAPACITY, start);
    move_ring(1, PRIORITY_CAPACITY, start);
    SHAPE(coordinator_stats_reset)(&coordinator);
    CHECK_EQUAL(SHAPE(coordinator_start)(&coordinator), CORINTH_OK);
}

static inline corinth_lane_stats stats_of_lane(void)
{
    return SHAPE(coordinator_stats)(&coordinator).lanes[INDEX];
}

/* Transfer `number`, which says so twice and wrongly that it comes from far. */
static inline transfer numbered(uint64_t number, uint8_t flags)
{
    transfer result;
    SHAPE(transfer_init)(&result, FAR, FAR);
    result.entity = number;
    result.generation = (uint32_t)number;
    result.flags = flags;
    SHAPE(transfer_add_item)(&result)->number = ~number;
    return result;
}

/* It is transfer `number` with all that it had, from near to far. */
static inline void check_received(const transfer *received, uint64_t number, uint8_t flags)
{
    CHECK_EQUAL(received->entity, number);
    CHECK_EQUAL(received->generation, (uint32_t)number);
    CHECK_EQUAL(received->source, NEAR);
    CHECK_EQUAL(received->target, FAR);
    CHECK_EQUAL(received->flags, flags);
    CHECK(SHAPE(transfer_has_item)(received));
    CHECK_EQUAL(SHAPE(transfer_unpack_item)(received)->number, ~number);
}

static inline corinth_status send_one(near_port *port, uint64_t number, uint8_t flags)
{
    transfer before = numbered(number, flags);
    transfer after = before;
    corinth_status status = SHAPE(near_send)(port, &after);
    CHECK_EQUAL(memcmp(&before, &after, sizeof(before)), 0);
    return status;
}

static inline void receive_one(far_port *port, uint64_t number, uint8_t flags)
{
    transfer received;
    CHECK_EQUAL(SHAPE(far_receive)(port, &received), CORINTH_OK);
    check_received(&received, number, flags);
}

static inline void expect_empty(void)
{
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        transfer received;
        CHECK_EQUAL(SHAPE(far_receive)(fars[i], &received), CORINTH_EMPTY);
    }
    CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), 0);
}

static inline void fill(claim *open, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_EQUAL(open->slots[i].source, NEAR);
        CHECK_EQUAL(open->slots[i].target, FAR);
        CHECK_EQUAL(open->slots[i].entity, 0);
        CHECK_EQUAL(open->slots[i].generation, 0);
        CHECK_EQUAL(open->slots[i].mask, 0);
        transfer whole = numbered(number + i, open->slots[i].flags);
        SHAPE(near_to_far_place)(open, i, &whole); /* with the wrong source that it brings */
    }
}

#endif
