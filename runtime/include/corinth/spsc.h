/*
 * spsc.h - a bounded ring between one producing and one consuming thread.
 *
 * Progress: wait-free. Every call ends after a fixed number of its own steps, whatever the other
 * thread does. FULL and EMPTY are exact at the moment when the other side's position is read.
 *
 * The ring knows positions, not payloads: the lane that contains it owns `capacity` slots, and
 * position p has slot number p & (capacity - 1). Which thread may touch that slot:
 *
 *     read <= p < written     the consumer (written and read as published)
 *     otherwise               the producer
 *
 * Each side keeps its own position in `next` and the value that it last read of the other side's in
 * `seen`; both are private to it. It publishes its position in a separate copy for the other side,
 * so that a cache line moves between the threads only for a publication. A side reads the other
 * side's position again only when `seen` isn't enough for the call. (Lamport 1977 for the two
 * counters; Lee, Bu and Chandranmenon 2010 for `seen`.)
 *
 * Orders. There are two pairs; each hands over slots in one direction:
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

/* One side's private state, which only its thread touches. */
typedef struct corinth_spsc_side {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position next; /* this side's position */
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
 * Makes the ring empty. `start` is the first position, 0 outside tests. Called from one thread,
 * before either side uses the ring.
 */
static inline void corinth_spsc_init(corinth_spsc *ring, corinth_position start)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT((uintptr_t)ring % CORINTH_CACHE_LINE == 0);
    /* Relaxed, both: handing the ring to its two threads orders them. */
    corinth_internal_store_relaxed(&ring->written, start);
    corinth_internal_store_relaxed(&ring->read, start);
    ring->producer.next = start;
    ring->producer.seen = start;
    ring->consumer.next = start;
    ring->consumer.seen = start;
}

/*
 * How many of `wanted` slots from `position` on lie before the end of the slot array, because a
 * claim must be contiguous.
 */
static inline size_t corinth_internal_contiguous(
    size_t capacity, corinth_position position, size_t wanted)
{
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    size_t to_end = capacity - (size_t)(position & (capacity - 1));
    return wanted < to_end ? wanted : to_end;
}

/*
 * Producer: reserves up to `wanted` contiguous slots to fill in place. Returns how many, 0 when the
 * ring is full; `*first` is the first slot's position. The consumer sees nothing before commit. A
 * reservation that isn't committed has no effect: the next one returns the same slots.
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
        /* Acquire: with the consumer's release in corinth_spsc_release. The consumer has read these
         * slots before they are overwritten. */
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
    /* Release: with the consumer's acquire in corinth_spsc_peek. The slots are filled before. */
    corinth_internal_store_release(&ring->written, own->next);
    (void)capacity;
}

/*
 * Consumer: up to `wanted` contiguous slots to read in place. Returns how many, 0 when the ring is
 * empty. `*ready` is for the high-water mark: how many slots were ready when this side last read
 * the producer's position, less those it released since; at least the returned number.
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
        /* Acquire: with the producer's release in corinth_spsc_commit. These slots are filled. */
        own->seen = corinth_internal_load_acquire(&ring->written);
        *ready = (size_t)(own->seen - own->next);
    }
    CORINTH_ASSERT(*ready <= capacity);
    *first = own->next;
    size_t count = wanted < *ready ? wanted : *ready;
    return corinth_internal_contiguous(capacity, own->next, count);
}

/* Consumer: returns the first `count` slots of the last peek to the producer. */
static inline void corinth_spsc_release(corinth_spsc *ring, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    corinth_spsc_side *own = &ring->consumer;
    CORINTH_ASSERT(count <= (size_t)(own->seen - own->next));
    own->next += (corinth_position)count;
    /* Release: with the producer's acquire in corinth_spsc_reserve. The slots are read before. */
    corinth_internal_store_release(&ring->read, own->next);
}

/*
 * Consumer: whether a peek would return more than 0. A thread that is about to sleep calls this
 * after its fence, so it must read the shared position when the private copy says empty.
 */
static inline bool corinth_spsc_is_ready(const corinth_spsc *ring)
{
    CORINTH_ASSERT(ring != NULL);
    const corinth_spsc_side *own = &ring->consumer;
    CORINTH_ASSERT((size_t)(own->seen - own->next) <= CORINTH_CAPACITY_MAX);
    if (own->seen != own->next) {
        return true;
    }
    /* Relaxed: no slot is read because of this result; the peek that follows acquires. */
    return corinth_internal_load_relaxed(&ring->written) != own->next;
}

/*
 * Any thread: how many slots are written and not yet released, 0 to capacity. Exact when neither
 * side is in a call. `read` is loaded first: loaded second, it could have overtaken `written`.
 */
static inline size_t corinth_spsc_length(const corinth_spsc *ring, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    /* Acquire: with corinth_spsc_release, whose value is never ahead of `written`. The load of
     * `written` that follows the acquire gets a value that is at least as new. */
    corinth_position read = corinth_internal_load_acquire(&ring->read);
    corinth_position written = corinth_internal_load_relaxed(&ring->written);
    size_t length = (size_t)(written - read);
    return length < capacity ? length : capacity;
}

CORINTH_END_DECLARATIONS

#endif
