/*
 * spsc.h - a bounded ring between one producing and one consuming thread.
 *
 * Progress: wait-free. Every call ends after a fixed number of its own steps, whatever the other
 * thread does. FULL and EMPTY are exact at the moment when the other end's position is loaded.
 *
 * Which thread may touch the slot of position p:
 *
 *     read <= p < written     the consumer (read and written as published)
 *     otherwise               the producer
 *
 * Each thread keeps its own position in its side and publishes it for the other, so that a cache
 * line moves between the threads only for a publication. It loads the other's position again only
 * when what its side holds isn't enough for the call. (Lamport 1977 for the two counters; Lee, Bu
 * and Chandranmenon 2010 for the copy of the other's.)
 *
 * Orders. There are two pairs; each hands over slots in one direction:
 *
 *     commit stores written (release)  ->  peek loads written (acquire): the slots' contents
 *     release stores read (release)    ->  reserve loads read (acquire): the emptied slots
 *
 * For these, look is a peek, free_first a release, and count_free a reserve.
 *
 * Counters. `capacity` is a power of two, at most 2^30. Positions wrap; written - read is computed
 * unsigned and is at most the capacity.
 */
#ifndef CORINTH_SPSC_H
#define CORINTH_SPSC_H

#include <corinth/ring.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * The slow halves: `wanted` is more than the side holds. They look at the other end's position, but
 * not where the end of the array is what limits the claim.
 */
size_t corinth_internal_spsc_find_room(corinth_ring_side *side, size_t capacity, size_t wanted);
size_t corinth_internal_spsc_find_ready(corinth_ring_side *side, size_t capacity, size_t wanted);

/* Producer: see ring.h. A reservation that isn't committed has no effect. */
static inline size_t corinth_spsc_reserve(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    size_t room = corinth_internal_held(side);
    if (CORINTH_UNLIKELY(room < wanted)) {
        room = corinth_internal_spsc_find_room(side, capacity, wanted);
    }
    return wanted < room ? wanted : room;
}

/* Producer: see ring.h. */
static inline size_t corinth_spsc_commit(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= corinth_internal_held(side));
    side->next += (corinth_position)count;
    /* Release: with the acquire in corinth_internal_spsc_find_ready. The slots are filled. */
    corinth_internal_store_release(&side->ring->written, side->next);
    (void)capacity;
    return count;
}

/* No other producer can be behind. */
static inline size_t corinth_spsc_count_behind(
    const corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    (void)side;
    (void)capacity;
    (void)most;
    return 0;
}

/* Consumer: see ring.h. */
static inline size_t corinth_spsc_peek(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    size_t ready = corinth_internal_held(side);
    if (CORINTH_UNLIKELY(ready < wanted)) {
        ready = corinth_internal_spsc_find_ready(side, capacity, wanted);
    }
    return wanted < ready ? wanted : ready;
}

/* Consumer: see ring.h. */
static inline void corinth_spsc_release(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= corinth_internal_held(side));
    side->next += (corinth_position)count;
    /* Release: with the acquire in corinth_internal_spsc_find_room. The slots are read. */
    corinth_internal_store_release(&side->ring->read, side->next);
    (void)capacity;
}

/* Consumer: see ring.h. */
static inline bool corinth_spsc_is_ready(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    (void)capacity;
    /* Relaxed: no slot is read because of this result; the peek that follows acquires. */
    return corinth_internal_load_relaxed(&side->ring->written) != side->next;
}

/* Consumer: see ring.h. No slot of this ring is skipped. */
static inline size_t corinth_spsc_look(corinth_ring_side *side, size_t capacity, size_t offset,
                                       size_t wanted, bool *is_skipped)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(offset <= (size_t)(side->seen - side->next));
    size_t to_end
        = corinth_internal_slots_to_end(capacity, side->next + (corinth_position)offset);
    size_t most = wanted < to_end ? wanted : to_end;
    size_t shown = (size_t)(side->seen - side->next);
    if (shown < offset + most) {
        /* Acquire: with the release in corinth_spsc_commit. These slots are filled. */
        side->seen = corinth_internal_load_acquire(&side->ring->written);
        shown = (size_t)(side->seen - side->next);
        side->backlog = shown;
    }
    *is_skipped = false;
    return shown - offset < most ? shown - offset : most;
}

/* Consumer: see ring.h. */
static inline void corinth_spsc_free_first(
    corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= (size_t)(side->seen - side->next));
    corinth_internal_hold_shown(side, count);
    corinth_spsc_release(side, capacity, count);
}

/* Producer: see ring.h. The reserve that follows needs no other look. */
static inline size_t corinth_spsc_count_free(
    corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(most > 0);
    CORINTH_ASSERT(side->next - side->seen <= (corinth_position)capacity);
    size_t room = capacity - (size_t)(side->next - side->seen);
    if (room < most) {
        /* Acquire: with the release in corinth_spsc_release. The consumer has read these slots
         * before they are overwritten. */
        side->seen = corinth_internal_load_acquire(&side->ring->read);
        room = capacity - (size_t)(side->next - side->seen);
    }
    return room < most ? room : most;
}

/* Producer: see ring.h. */
static inline bool corinth_spsc_has_room(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    /* Relaxed: no slot is written because of this result; the reserve that follows acquires. */
    corinth_position read = corinth_internal_load_relaxed(&side->ring->read);
    return side->next - read < (corinth_position)capacity;
}

static const corinth_ring_kind corinth_spsc = {
    corinth_spsc_reserve,    corinth_spsc_commit,     corinth_spsc_count_behind,
    corinth_spsc_peek,       NULL,                    corinth_spsc_release,
    corinth_spsc_is_ready,   corinth_spsc_has_room,   corinth_spsc_look,
    corinth_spsc_free_first, corinth_spsc_count_free, NULL, true,
};

CORINTH_END_DECLARATIONS

#endif
