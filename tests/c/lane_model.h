/*
 * lane_model.h - what a lane must return when one thread at a time uses it: a queue of numbers for
 * each class of transfers, with a place for what was aborted where the lane keeps it.
 */
#ifndef LANE_MODEL_H
#define LANE_MODEL_H

#include "check.h"

/* Above any capacity in use, and below the size of the largest entry. */
#define MODEL_CAPACITY_MAX 64
/* An entry that is passed and never received. */
#define MODEL_SKIPPED UINT64_MAX

typedef struct model_ring {
    uint64_t entries[MODEL_CAPACITY_MAX]; /* the first one is the oldest */
    size_t length;
    size_t capacity;
    uint64_t first; /* the position of the oldest one, or of the next */
    bool keeps_skipped;
} model_ring;

static inline void model_init(model_ring *ring, size_t capacity, uint64_t start, bool keeps_skipped)
{
    CHECK(capacity <= MODEL_CAPACITY_MAX);
    ring->length = 0;
    ring->capacity = capacity;
    ring->first = start;
    ring->keeps_skipped = keeps_skipped;
}

/* `count`, or what is left of it before the array ends. */
static inline size_t model_contiguous(const model_ring *ring, uint64_t position, size_t count)
{
    size_t to_end = ring->capacity - (size_t)(position % ring->capacity);
    return count < to_end ? count : to_end;
}

/* How many slots a claim of `wanted` gets. */
static inline size_t model_reserve(const model_ring *ring, size_t wanted)
{
    size_t free_slots = ring->capacity - ring->length;
    size_t count = wanted < free_slots ? wanted : free_slots;
    return model_contiguous(ring, ring->first + ring->length, count);
}

/* Appends what a claim of `claimed` slots became: `count` numbers, the rest aborted. */
static inline void model_commit(
    model_ring *ring, size_t claimed, size_t count, const uint64_t *numbers)
{
    for (size_t i = 0; i < claimed; i++) {
        if (i < count || ring->keeps_skipped) {
            ring->entries[ring->length] = i < count ? numbers[i] : MODEL_SKIPPED;
            ring->length++;
        }
    }
    CHECK(ring->length <= ring->capacity);
}

/* Takes the oldest `count` entries away. */
static inline void model_release(model_ring *ring, size_t count)
{
    CHECK(count <= ring->length);
    for (size_t i = count; i < ring->length; i++) {
        ring->entries[i - count] = ring->entries[i];
    }
    ring->length -= count;
    ring->first += count;
}

/* Passes what was aborted; returns how many transfers a claim of `wanted` gets then. */
static inline size_t model_peek(model_ring *ring, size_t wanted)
{
    while (ring->length > 0 && ring->entries[0] == MODEL_SKIPPED) {
        model_release(ring, 1);
    }
    size_t count = 0;
    while (count < ring->length && ring->entries[count] != MODEL_SKIPPED && count < wanted) {
        count++;
    }
    return model_contiguous(ring, ring->first, count);
}

#endif
