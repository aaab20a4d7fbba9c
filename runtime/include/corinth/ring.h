/*
 * ring.h - what all rings have in common: their words, and the contract of their calls.
 *
 * A ring is a bounded queue of slots. It knows positions, not payloads: what contains it owns
 * `capacity` slots, a power of two, and position p has slot number p & (capacity - 1). Each kind of
 * ring is a header of its own (spsc.h, mpsc.h, spmc.h, mpmc.h); it says who may touch a slot when,
 * which orders hand slots over, and what progress it promises.
 *
 * A thread that uses the ring has a side of it, a producer's or a consumer's, which no other thread
 * touches. The side holds the slots from `next` to `limit`, which only its thread may touch:
 *
 *     next <= p < limit     a producer fills them, a consumer reads them; contiguous in the array
 *
 * So the usual call compares `limit - next` with what it wants, and looks at words of other threads
 * only if that isn't enough. What the rest of the world needs is published in the ring itself, by
 * each commit and each release: a snapshot, a restart or another process needs no side.
 */
#ifndef CORINTH_RING_H
#define CORINTH_RING_H

#include <stddef.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* What both ends of a ring publish. No pointer is in it, so it may lie in shared memory. */
typedef struct corinth_ring {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position written; /* atomic; the producers' */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position read;    /* atomic; the consumers' */
} corinth_ring;

/* Atomic: a slot's state and lap, in rings that have them; see marks.h. */
typedef uint32_t corinth_mark;

/* One thread's side of a ring. Private to that thread: no member is atomic. */
typedef struct corinth_ring_side {
    corinth_position next;  /* the first slot that this side holds */
    corinth_position limit; /* behind the last one */
    corinth_position seen;  /* the other end's published position, as last loaded */
    size_t backlog;         /* a consumer's: how many slots were ready when it last looked, or 0 */
    corinth_ring *ring;
    corinth_mark *marks; /* `capacity` of them, aligned to a line; NULL where the ring has none */
} corinth_ring_side;

CORINTH_STATIC_ASSERT(offsetof(corinth_ring, read) == CORINTH_CACHE_LINE, "own line");
CORINTH_STATIC_ASSERT(sizeof(corinth_ring) == 2 * CORINTH_CACHE_LINE, "nothing shares its lines");

/*
 * The calls of a kind of ring, the same for every kind. `capacity` is the same in all of them and
 * best a constant. Calls on one side come from one thread; a hand-over of a side to another thread
 * needs an order. A kind says how many sides of each sort it can have at a time.
 */
typedef struct corinth_ring_kind {
    /*
     * Producer: makes the side hold up to `wanted` free slots, at least one, from side->next on.
     * Returns how many; 0 means that the ring is full. Consumers see nothing of it before commit.
     */
    size_t (*reserve)(corinth_ring_side *side, size_t capacity, size_t wanted);
    /*
     * Producer: publishes the first `count` slots that the last reserve returned; their contents
     * come before. The others are free again, or marked skipped where several producers claim.
     * Returns how many slots consumers got to deal with, skipped ones included.
     */
    size_t (*commit)(corinth_ring_side *side, size_t capacity, size_t count);
    /*
     * Producer, right after a commit: how many slots behind its own, at most `most`, are published
     * already. No consumer could reach them until then, so who rings for the commit rings for them
     * too.
     */
    size_t (*count_behind)(const corinth_ring_side *side, size_t capacity, size_t most);
    /*
     * Consumer: makes the side hold up to `wanted` ready slots, at least one, from side->next on.
     * Returns how many; 0 means that none is ready.
     */
    size_t (*peek)(corinth_ring_side *side, size_t capacity, size_t wanted);
    /*
     * Consumer, after a peek that returned `count` slots: sets side->backlog to how many are ready,
     * as far as it is cheap to know. NULL where peek itself sets it when it looks.
     */
    void (*sample)(corinth_ring_side *side, size_t capacity, size_t count);
    /*
     * Consumer: returns the first `count` slots that the last peek returned to the producers. The
     * others stay with this side, whose next peek returns them.
     */
    void (*release)(corinth_ring_side *side, size_t capacity, size_t count);
    /*
     * Consumer: whether a peek would return more than 0, or pass slots that were skipped. For a
     * thread that is about to sleep, behind its fence.
     */
    bool (*is_ready)(const corinth_ring_side *side, size_t capacity);
} corinth_ring_kind;

/*
 * Makes an empty ring, whose first position is `start`, 0 outside tests. `marks` is NULL for a ring
 * without. From one thread, before any side of it is made.
 */
void corinth_ring_init(
    corinth_ring *ring, corinth_mark *marks, size_t capacity, corinth_position start);

/* Makes a producer's side, or a consumer's, of a ring that is quiet. It holds no slot. */
void corinth_ring_init_producer(corinth_ring_side *side, corinth_ring *ring, corinth_mark *marks);
void corinth_ring_init_consumer(corinth_ring_side *side, corinth_ring *ring, corinth_mark *marks);

/*
 * Any thread: how many positions producers have published or claimed and consumers haven't yet
 * released or claimed, 0 to `capacity`. Exact when the ring is quiet; of a ring between two
 * threads never less than what was there all the time. `read` is loaded first: loaded second, it
 * could have overtaken `written`.
 */
static inline size_t corinth_ring_length(const corinth_ring *ring, size_t capacity)
{
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    /* Acquire: with the release in corinth_spsc_release. The consumer has seen what it released, so
     * the second load is at least as new. Other rings move `read` by relaxed stores: there it only
     * keeps the second load behind the first. */
    corinth_position read = corinth_internal_load_acquire(&ring->read);
    corinth_position length = corinth_internal_load_relaxed(&ring->written) - read;
    if (length > (corinth_position)-1 / 2) {
        return 0; /* `read` is ahead of a stale `written`. */
    }
    return length < capacity ? (size_t)length : capacity;
}

/* How many slots lie from `position` to the end of the slot array, at least one. */
CORINTH_INLINE size_t corinth_internal_slots_to_end(size_t capacity, corinth_position position)
{
    return capacity - (size_t)(position & (capacity - 1));
}

/* How many slots the side holds. */
CORINTH_INLINE size_t corinth_internal_held(const corinth_ring_side *side)
{
    CORINTH_ASSERT(side->limit - side->next <= CORINTH_CAPACITY_MAX);
    return (size_t)(side->limit - side->next);
}

CORINTH_END_DECLARATIONS

#endif
