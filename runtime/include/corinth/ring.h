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
 *
 * `look`, `free_first` and `count_free` are for one who forwards: who reads slots and returns them
 * only when told that they have arrived, or who sends a group only if all of it fits. They are NULL
 * where a kind has several threads at that end, because another one could take what was shown or
 * counted.
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
    /*
     * Producer: whether a reserve would return more than 0. For a thread that is about to sleep,
     * behind its fence.
     */
    bool (*has_room)(const corinth_ring_side *side, size_t capacity);
    /*
     * The only consumer: shows published slots from position side->next + `offset` on, at least one
     * and at most `wanted`, contiguous in the array. Returns how many; 0 means that none was
     * published there when it looked, so a thread that is about to sleep may look too. All of them
     * are ready and may be read, their contents come before; or all of them are skipped, and then
     * `*is_skipped` is true. It takes nothing: another look, a peek, or a side that is made later
     * finds the same. Every slot before the offset was shown by a look or held by a peek. So look
     * after look, each at the offset behind the one before, shows up to `capacity` slots, over the
     * end of the array. A call of `sample` counts what looks have shown from side->next on.
     *
     * Skipped slots are shown because they are slots: those behind can't be returned before them,
     * so they count in `offset` and in free_first, which alone makes them free. They hold nothing
     * to forward; who finds them at offset 0 has nothing to wait for and frees them, or producers
     * might have no room.
     */
    size_t (*look)(corinth_ring_side *side, size_t capacity, size_t offset, size_t wanted,
                   bool *is_skipped);
    /*
     * The only consumer: returns the first `count` slots from side->next on to the producers, all
     * of which a look has shown or a peek holds; what this thread read of them comes before. They
     * may go over the end of the array, and skipped ones are among them. The offsets of the slots
     * behind are less by `count`. Of what a peek holds, the rest stays with the side.
     */
    void (*free_first)(corinth_ring_side *side, size_t capacity, size_t count);
    /*
     * The only producer: how many slots from side->next on are free, at most `most`. Those of a
     * reservation that isn't committed are free. 0 means that the ring is full. Never more than
     * there are, and consumers only add to them: so many can be reserved and committed next, by two
     * claims where the array ends between. They are free in the order of positions, whichever
     * consumer released them: with `most` = `capacity`, every slot before position
     * side->next + count - capacity was released.
     */
    size_t (*count_free)(corinth_ring_side *side, size_t capacity, size_t most);
    /*
     * Producer, after a reserve that found the ring full: makes the side hold the oldest slot, to
     * be read and released, if a reserve finds room then. A skipped one in that place it frees at
     * once. Returns how many it holds: 1, or 0 where it freed one, or where another thread fills or
     * reads the slot that is needed, so that no other one would make room. NULL where producers
     * can't take.
     */
    size_t (*peek_oldest)(corinth_ring_side *side, size_t capacity);
    /* Slots are published by storing `written`, and none is skipped: so it counts transfers. */
    bool written_is_count;
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

/* The side holds `count` slots at least: looks have shown them to the only consumer. */
CORINTH_INLINE void corinth_internal_hold_shown(corinth_ring_side *side, size_t count)
{
    if (corinth_internal_held(side) < count) {
        side->limit = side->next + (corinth_position)count;
    }
}

CORINTH_END_DECLARATIONS

#endif
