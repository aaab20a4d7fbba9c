/*
 * mpmc_lane.h - an MPMC ring with its marks and slots, as a generated lane has them, for tests.
 */
#ifndef MPMC_LANE_H
#define MPMC_LANE_H

#include "check.h"

#include <corinth/mpmc.h>

#define CAPACITY_MAX 1024
/* Seals of slots that no consumer may see: of one that is free, and of one that was aborted. */
#define SPOILED UINT64_C(0xdeaddeaddeaddead)
#define ABORTED UINT64_C(0xabababababababab)

typedef struct item {
    uint64_t seal; /* SPOILED, ABORTED, or made of the other two and the position */
    uint32_t producer;
    uint32_t number;
} item;

typedef struct lane {
    corinth_mpmc ring;
    size_t capacity;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mpmc_mark marks[CAPACITY_MAX];
    item slots[CAPACITY_MAX];
} lane;

static inline void lane_init(lane *queue, size_t capacity, corinth_position start)
{
    corinth_mpmc_init(&queue->ring, queue->marks, capacity, start);
    queue->capacity = capacity;
    for (size_t i = 0; i < CAPACITY_MAX; i++) {
        queue->slots[i].seal = SPOILED;
    }
}

static inline size_t length_of(const lane *queue)
{
    return corinth_mpmc_length(&queue->ring, queue->capacity);
}

static inline bool is_ready(const lane *queue)
{
    return corinth_mpmc_is_ready(&queue->ring, queue->marks, queue->capacity);
}

static inline size_t reserve(lane *queue, size_t wanted, corinth_position *first)
{
    return corinth_mpmc_reserve(&queue->ring, queue->marks, queue->capacity, wanted, first);
}

static inline void commit(lane *queue, corinth_position first, size_t claimed, size_t count)
{
    corinth_mpmc_commit(queue->marks, queue->capacity, first, claimed, count);
}

static inline size_t peek(lane *queue, size_t wanted, corinth_position *first)
{
    return corinth_mpmc_peek(&queue->ring, queue->marks, queue->capacity, wanted, first);
}

static inline void release(lane *queue, corinth_position first, size_t claimed)
{
    corinth_mpmc_release(queue->marks, queue->capacity, first, claimed);
}

static inline item *slot_of(lane *queue, corinth_position position)
{
    return &queue->slots[(size_t)(position & (queue->capacity - 1))];
}

/* Claims everything there is, in contiguous parts; returns how many slots. */
static inline size_t claim_all(lane *queue, bool is_committed)
{
    size_t total = 0;
    for (int part = 0; part < 3; part++) {
        corinth_position first;
        size_t count = reserve(queue, queue->capacity, &first);
        if (count > 0) {
            CHECK_AT_MOST((size_t)(first & (queue->capacity - 1)) + count, queue->capacity);
            commit(queue, first, count, is_committed ? count : 0);
        }
        total += count;
    }
    return total;
}

/* Whatever happened before, an empty ring has all of its slots; skipping them all loses none. */
static inline void check_no_slot_is_lost(lane *queue)
{
    corinth_position first;
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(claim_all(queue, false), queue->capacity);
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    CHECK(is_ready(queue));
    CHECK_EQUAL(peek(queue, queue->capacity, &first), 0);
    CHECK(!is_ready(queue));
    CHECK_EQUAL(claim_all(queue, true), queue->capacity);
    size_t total = 0;
    for (int part = 0; part < 2; part++) {
        size_t count = peek(queue, queue->capacity, &first);
        release(queue, first, count);
        total += count;
    }
    CHECK_EQUAL(total, queue->capacity);
    CHECK_EQUAL(length_of(queue), 0);
}

#endif
