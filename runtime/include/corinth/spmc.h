/*
 * spmc.h - a bounded ring between one producing thread and any number of consuming threads.
 *
 * Consumers claim as in mpmc.h. The only producer claims nothing: which slots are free, the marks
 * tell, and no other thread takes them. Its side holds what it has found free, so a reservation
 * that isn't committed has no effect, and no slot is ever skipped. See marks.h for states, orders
 * and progress; reserve and commit are wait-free.
 */
#ifndef CORINTH_SPMC_H
#define CORINTH_SPMC_H

#include <corinth/mpmc.h>

CORINTH_BEGIN_DECLARATIONS

/* How far the producer looks ahead for free slots, so that it doesn't have to at each call. */
#define CORINTH_INTERNAL_LOOK_AHEAD 32

/* Producer: holds up to `most` more free slots before the end of the array; how many it holds. */
CORINTH_INLINE size_t corinth_internal_spmc_hold_more(
    corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(most > 0);
    size_t more = corinth_internal_scan(
        side->marks, capacity, side->limit, most, CORINTH_INTERNAL_MARK_FREE);
    side->limit += (corinth_position)more;
    return corinth_internal_held(side);
}

/* Producer: see ring.h. */
static inline size_t corinth_spmc_reserve(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    size_t held = corinth_internal_held(side);
    CORINTH_ASSERT(held <= corinth_internal_slots_to_end(capacity, side->next));
    if (CORINTH_UNLIKELY(held < wanted)
        && held < corinth_internal_slots_to_end(capacity, side->next)) {
        size_t ahead = wanted - held;
        ahead = ahead < CORINTH_INTERNAL_LOOK_AHEAD ? CORINTH_INTERNAL_LOOK_AHEAD : ahead;
        held = corinth_internal_spmc_hold_more(side, capacity, ahead);
    }
    return wanted < held ? wanted : held;
}

/* Producer: see ring.h. */
static inline size_t corinth_spmc_commit(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= corinth_internal_held(side));
    corinth_internal_set_marks(
        side->marks, capacity, side->next, count, CORINTH_INTERNAL_MARK_READY);
    side->next += (corinth_position)count;
    /* Relaxed: the marks hand over the slots. Read for lengths, and by a producer to come. */
    corinth_internal_store_relaxed(&side->ring->written, side->next);
    return count;
}

/* No other producer can be behind. */
static inline size_t corinth_spmc_count_behind(
    const corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    (void)side;
    (void)capacity;
    (void)most;
    return 0;
}

/* Producer: see ring.h. It holds those before the end of the array; the others it only counts. */
static inline size_t corinth_spmc_count_free(
    corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(most > 0);
    size_t held = corinth_internal_held(side);
    size_t to_end = corinth_internal_slots_to_end(capacity, side->next);
    if (held < most && held < to_end) {
        held = corinth_internal_spmc_hold_more(side, capacity, most - held);
    }
    size_t count = held;
    if (held < most) {
        count += corinth_internal_scan(
            side->marks, capacity, side->limit, most - held, CORINTH_INTERNAL_MARK_FREE);
    }
    return count < most ? count : most;
}

/* Producer: see ring.h. */
static inline bool corinth_spmc_has_room(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    /* A slot that the side holds is still marked free. Relaxed: no slot is written because of this
     * result; the reserve that follows acquires. */
    corinth_mark mark = corinth_internal_load_relaxed_u32(
        corinth_internal_mark_at(side->marks, capacity, side->next));
    return mark == corinth_internal_mark(capacity, side->next, CORINTH_INTERNAL_MARK_FREE);
}

static const corinth_ring_kind corinth_spmc = {
    corinth_spmc_reserve,    corinth_spmc_commit,  corinth_spmc_count_behind,
    corinth_mpmc_peek,       corinth_marks_sample, corinth_mpmc_release,
    corinth_mpmc_is_ready,   corinth_spmc_has_room, NULL,
    NULL,                    corinth_spmc_count_free, NULL, false,
};

CORINTH_END_DECLARATIONS

#endif
