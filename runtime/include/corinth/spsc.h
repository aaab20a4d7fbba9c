/*
 * spsc.h - a bounded ring between one producing and one consuming thread.
 *
 * Progress: wait-free. Every call ends after a fixed number of its own steps, whatever the other
 * thread does. FULL and EMPTY are exact at the moment that the other side's position is read.
 *
 * The ring knows positions, not payloads: the lane that contains it owns `capacity` slots, and slot
 * number p & (capacity - 1) belongs to position p. The protocol decides who may touch it:
 *
 *     read <= p < written     the consumer (written and read as published)
 *     otherwise               the producer
 *
 * Each side's own position is private to it (`next`), beside the last value that it saw of the
 * other side's (`seen`). What the other side reads is a separate published copy, so that the line
 * which both touch moves only when one has something to tell. `seen` is refreshed only when it does
 * not satisfy the call. (Lamport 1977 for the two counters; Lee, Bu and Chandranmenon 2010 for
 * `seen`.)
 *
 * Orders. There are two pairs, and each hands slots over in one direction:
 *
 *     commit stores written (release)  ->  peek loads written (acquire): the slots' contents
 *     release stores read (release)    ->  reserve loads read (acquire): the emptied slots
 *
 * Counters. `capacity` is a power of two, at most 2^30. Positions wrap; written - read is computed
 * unsigned and is at most the capacity.
 */
#ifndef CORINTH_SPSC_H
#define CORINTH_SPSC_H

#include <stddef.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* One side's private state; only its thread touches it. */
typedef struct corinth_spsc_side {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position next; /* where this side goes on */
    corinth_position seen;                                     /* the other side's, as last read */
} corinth_spsc_side;

typedef struct corinth_spsc {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position written; /* atomic; producer publishes */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position read;    /* atomic; consumer publishes */
    corinth_spsc_side producer;
    corinth_spsc_side consumer;
} corinth_spsc;

CORINTH_STATIC_ASSERT(offsetof(corinth_spsc, read) == CORINTH_CACHE_LINE, "own line");
CORINTH_STATIC_ASSERT(offsetof(corinth_spsc, producer) == 2 * CORINTH_CACHE_LINE, "own line");
CORINTH_STATIC_ASSERT(offsetof(corinth_spsc, consumer) == 3 * CORINTH_CACHE_LINE, "own line");
CORINTH_STATIC_ASSERT(sizeof(corinth_spsc) == 4 * CORINTH_CACHE_LINE, "nothing shares its lines");

/*
 * Makes the ring empty. `start` is the first position, 0 outside tests. From one thread, before
 * either side begins.
 */
static inline void corinth_spsc_init(corinth_spsc *ring, corinth_position start)
{
    CORINTH_ASSERT(ring != NULL);
    /* Relaxed: how the ring is handed to its two threads orders them. */
    corinth_internal_store_relaxed(&ring->written, start);
    corinth_internal_store_relaxed(&ring->read, start);
    ring->producer.next = start;
    ring->producer.seen = start;
    ring->consumer.next = start;
    ring->consumer.seen = start;
}

/*
 * How many of `wanted` slots lie before the end of the slot array, counted from `position`: a claim
 * is contiguous.
 */
static inline size_t corinth_internal_contiguous(
    size_t capacity, corinth_position position, size_t wanted)
{
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    size_t to_end = capacity - (size_t)(position & (capacity - 1));
    return wanted < to_end ? wanted : to_end;
}

/*
 * Producer: up to `wanted` contiguous slots to fill in place. Answers how many, 0 when the ring is
 * full; `*first` is the first one's position. Nothing is visible to the consumer until commit, and
 * a reservation that is never committed leaves nothing behind: the next one answers the same slots.
 */
static inline size_t corinth_spsc_reserve(
    corinth_spsc *ring, size_t capacity, size_t wanted, corinth_position *first)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(first != NULL);
    CORINTH_ASSERT(wanted > 0);
    corinth_spsc_side *own = &ring->producer;
    size_t free_slots = capacity - (size_t)(own->next - own->seen);
    if (free_slots < wanted) {
        /* Acquire: with the consumer's release in corinth_spsc_release. What it read of these slots
         * is done before they are overwritten. */
        own->seen = corinth_internal_load_acquire(&ring->read);
        free_slots = capacity - (size_t)(own->next - own->seen);
    }
    CORINTH_ASSERT(free_slots <= capacity);
    *first = own->next;
    size_t count = wanted < free_slots ? wanted : free_slots;
    return corinth_internal_contiguous(capacity, own->next, count);
}

/* Producer: publishes the first `count` slots of the open reservation. */
static inline void corinth_spsc_commit(corinth_spsc *ring, size_t capacity, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    corinth_spsc_side *own = &ring->producer;
    CORINTH_ASSERT(count <= capacity - (size_t)(own->next - own->seen));
    own->next += (corinth_position)count;
    /* Release: with the consumer's acquire in corinth_spsc_peek. The slots' contents come first. */
    corinth_internal_store_release(&ring->written, own->next);
    (void)capacity;
}

/*
 * Consumer: up to `wanted` contiguous slots to read in place. Answers how many, 0 when the ring is
 * empty. `*ready` is how many the consumer knows to be ready, at least the answer: what a refresh
 * saw, for the high-water mark.
 */
static inline size_t corinth_spsc_peek(
    corinth_spsc *ring, size_t capacity, size_t wanted, corinth_position *first, size_t *ready)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(first != NULL);
    CORINTH_ASSERT(ready != NULL);
    CORINTH_ASSERT(wanted > 0);
    corinth_spsc_side *own = &ring->consumer;
    *ready = (size_t)(own->seen - own->next);
    if (*ready < wanted) {
        /* Acquire: with the producer's release in corinth_spsc_commit. The contents are there. */
        own->seen = corinth_internal_load_acquire(&ring->written);
        *ready = (size_t)(own->seen - own->next);
    }
    CORINTH_ASSERT(*ready <= capacity);
    *first = own->next;
    size_t count = wanted < *ready ? wanted : *ready;
    return corinth_internal_contiguous(capacity, own->next, count);
}

/* Consumer: gives the first `count` slots of the open peek back to the producer. */
static inline void corinth_spsc_release(corinth_spsc *ring, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    corinth_spsc_side *own = &ring->consumer;
    CORINTH_ASSERT(count <= (size_t)(own->seen - own->next));
    own->next += (corinth_position)count;
    /* Release: with the producer's acquire in corinth_spsc_reserve. The reading comes first. */
    corinth_internal_store_release(&ring->read, own->next);
}

/*
 * Consumer: whether a peek would answer more than 0. A waiting thread asks this after its fence, so
 * it reads the shared position whenever the private copy says empty.
 */
static inline bool corinth_spsc_is_ready(const corinth_spsc *ring)
{
    CORINTH_ASSERT(ring != NULL);
    const corinth_spsc_side *own = &ring->consumer;
    if (own->seen != own->next) {
        return true;
    }
    /* Relaxed: nothing is read on the strength of this answer, the peek that follows acquires. */
    return corinth_internal_load_relaxed(&ring->written) != own->next;
}

/*
 * Any thread: how many slots were written and not read, 0 to capacity. Exact when neither side is
 * in a call. The read position is taken first: taken second it could have overtaken the other.
 */
static inline size_t corinth_spsc_length(const corinth_spsc *ring, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    /* Acquire: with corinth_spsc_release, whose value is never ahead of `written`. Reading it first
     * and acquiring makes the value of `written` that follows at least as new. */
    corinth_position read = corinth_internal_load_acquire(&ring->read);
    corinth_position written = corinth_internal_load_relaxed(&ring->written);
    size_t length = (size_t)(written - read);
    return length < capacity ? length : capacity;
}

CORINTH_END_DECLARATIONS

#endif
