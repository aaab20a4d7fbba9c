/*
 * ring_lane.h - a ring of any kind with its marks and slots, as a lane has them, for tests.
 */
#ifndef RING_LANE_H
#define RING_LANE_H

#include "check.h"

#include <corinth/mpmc.h>
#include <corinth/mpsc.h>
#include <corinth/spmc.h>
#include <corinth/spsc.h>

#define CAPACITY_MAX 1024
/* Seals of slots that no consumer may see: of one that is free, and of one that was aborted. */
#define SPOILED UINT64_C(0xdeaddeaddeaddead)
#define ABORTED UINT64_C(0xabababababababab)

/* A kind of ring, and who may use it. */
typedef struct ring_kind {
    const char *name;
    const corinth_ring_kind *calls;
    bool has_producers; /* several at a time */
    bool has_consumers;
} ring_kind;

static const ring_kind ring_kinds[] = {
    {"SPSC", &corinth_spsc, false, false},
    {"MPSC", &corinth_mpsc, true, false},
    {"SPMC", &corinth_spmc, false, true},
    {"MPMC", &corinth_mpmc, true, true},
};

#define RING_KINDS (sizeof(ring_kinds) / sizeof(ring_kinds[0]))

typedef struct item {
    uint64_t seal; /* SPOILED, ABORTED, or made of the other two and the position */
    uint32_t producer;
    uint32_t number;
} item;

typedef struct lane {
    const ring_kind *kind;
    size_t capacity;
    corinth_ring ring;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[CAPACITY_MAX];
    item slots[CAPACITY_MAX];
} lane;

/* A thread's side of it, on a cache line of its own. */
typedef struct lane_side {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side side;
} lane_side;

static inline void lane_init(
    lane *queue, const ring_kind *kind, size_t capacity, corinth_position start)
{
    bool has_marks = kind->calls != &corinth_spsc;
    corinth_ring_init(&queue->ring, has_marks ? queue->marks : NULL, capacity, start);
    queue->kind = kind;
    queue->capacity = capacity;
    for (size_t i = 0; i < CAPACITY_MAX; i++) {
        queue->slots[i].seal = SPOILED;
    }
}

/* Makes a side of it. What was there before may not shine through. */
static inline void side_init(lane *queue, lane_side *made, bool is_producer)
{
    corinth_mark *marks = queue->kind->calls != &corinth_spsc ? queue->marks : NULL;
    memset(made, 0xaa, sizeof(*made));
    if (is_producer) {
        corinth_ring_init_producer(&made->side, &queue->ring, marks);
    } else {
        corinth_ring_init_consumer(&made->side, &queue->ring, marks);
    }
}

static inline size_t length_of(const lane *queue)
{
    return corinth_ring_length(&queue->ring, queue->capacity);
}

static inline bool has_room(const lane *queue, const lane_side *producer)
{
    return queue->kind->calls->has_room(&producer->side, queue->capacity);
}

static inline bool is_ready(const lane *queue, const lane_side *consumer)
{
    return queue->kind->calls->is_ready(&consumer->side, queue->capacity);
}

static inline size_t reserve(const lane *queue, lane_side *producer, size_t wanted)
{
    return queue->kind->calls->reserve(&producer->side, queue->capacity, wanted);
}

static inline size_t commit(const lane *queue, lane_side *producer, size_t count)
{
    return queue->kind->calls->commit(&producer->side, queue->capacity, count);
}

static inline size_t count_behind(const lane *queue, const lane_side *producer, size_t most)
{
    return queue->kind->calls->count_behind(&producer->side, queue->capacity, most);
}

static inline size_t peek(const lane *queue, lane_side *consumer, size_t wanted)
{
    const corinth_ring_kind *calls = queue->kind->calls;
    size_t count = calls->peek(&consumer->side, queue->capacity, wanted);
    if (count > 0 && calls->sample != NULL) {
        calls->sample(&consumer->side, queue->capacity, count);
    }
    return count;
}

static inline void release(const lane *queue, lane_side *consumer, size_t count)
{
    queue->kind->calls->release(&consumer->side, queue->capacity, count);
}

static inline size_t look(
    const lane *queue, lane_side *consumer, size_t offset, size_t wanted, bool *is_skipped)
{
    const corinth_ring_kind *calls = queue->kind->calls;
    return calls->look(&consumer->side, queue->capacity, offset, wanted, is_skipped);
}

static inline void free_first(const lane *queue, lane_side *consumer, size_t count)
{
    queue->kind->calls->free_first(&consumer->side, queue->capacity, count);
}

static inline size_t count_free(const lane *queue, lane_side *producer, size_t most)
{
    return queue->kind->calls->count_free(&producer->side, queue->capacity, most);
}

static inline item *slot_of(lane *queue, corinth_position position)
{
    return &queue->slots[(size_t)(position & (queue->capacity - 1))];
}

#endif
