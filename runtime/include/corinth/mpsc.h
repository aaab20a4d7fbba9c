/*
 * mpsc.h - a bounded ring between any number of producing threads and one consuming thread.
 *
 * Producers claim as in mpmc.h. The only consumer claims nothing: which slots are ready, the marks
 * tell, and no other thread takes them. Its side holds what it has found ready. See marks.h for
 * states, orders and progress; peek and release are wait-free.
 */
#ifndef CORINTH_MPSC_H
#define CORINTH_MPSC_H

#include <corinth/mpmc.h>

CORINTH_BEGIN_DECLARATIONS

/* Consumer: returns `count` slots to the producers, and publishes that. */
static inline void corinth_mpsc_release(corinth_ring_side *side, size_t capacity, size_t count)
{
    corinth_mpmc_release(side, capacity, count);
    /* Relaxed: the marks hand over the slots. Read for lengths, and by a consumer to come. */
    corinth_internal_store_relaxed(&side->ring->read, side->next);
}

/* Consumer: gives skipped slots at side->next to the producers, at most `most`; how many. */
static inline size_t corinth_internal_mpsc_pass(
    corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(corinth_internal_held(side) == 0);
    CORINTH_ASSERT(most <= capacity); /* 0 when a peek has passed a whole lap. */
    size_t skipped = corinth_internal_scan(
        side->marks, capacity, side->next, most, CORINTH_INTERNAL_MARK_SKIPPED);
    side->limit = side->next + (corinth_position)skipped;
    if (skipped > 0) {
        corinth_mpsc_release(side, capacity, skipped);
    }
    return skipped;
}

/*
 * Consumer: see ring.h. Skipped slots on the way are passed, at most `capacity` of them by one
 * call, so that it ends even if producers keep aborting.
 */
static inline size_t corinth_mpsc_peek(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    size_t held = corinth_internal_held(side);
    CORINTH_ASSERT(held <= corinth_internal_slots_to_end(capacity, side->next));
    size_t passed = 0;
    while (held < wanted) {
        size_t more = 0;
        if (held < corinth_internal_slots_to_end(capacity, side->next)) {
            more = corinth_internal_scan(
                side->marks, capacity, side->limit, wanted - held, CORINTH_INTERNAL_MARK_READY);
        }
        side->limit += (corinth_position)more;
        held += more;
        if (held > 0) {
            break;
        }
        size_t skipped = corinth_internal_mpsc_pass(side, capacity, capacity - passed);
        if (skipped == 0) {
            break;
        }
        passed += skipped;
    }
    return wanted < held ? wanted : held;
}

/* Consumer: see ring.h. */
static inline bool corinth_mpsc_is_ready(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    /* A slot that the side holds is still marked ready. Relaxed: no slot is read because of this
     * result; the peek that follows acquires. */
    corinth_mark mark = corinth_internal_load_relaxed_u32(
        corinth_internal_mark_at(side->marks, capacity, side->next));
    return corinth_internal_is_published(mark, capacity, side->next);
}

/*
 * Consumer: see ring.h. A slot that was shown keeps its mark, so looks that have come round to the
 * first one find no mark of their lap there, and end.
 */
static inline size_t corinth_mpsc_look(corinth_ring_side *side, size_t capacity, size_t offset,
                                       size_t wanted, bool *is_skipped)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(offset <= capacity);
    corinth_position at = side->next + (corinth_position)offset;
    size_t count = corinth_internal_scan(
        side->marks, capacity, at, wanted, CORINTH_INTERNAL_MARK_READY);
    *is_skipped = false;
    if (count == 0) {
        count = corinth_internal_scan(
            side->marks, capacity, at, wanted, CORINTH_INTERNAL_MARK_SKIPPED);
        *is_skipped = count > 0;
    }
    return count;
}

/* Whether a look can have shown the last of `count` slots. */
static inline bool corinth_internal_is_shown(
    const corinth_ring_side *side, size_t capacity, size_t count)
{
    corinth_position last = side->next + (corinth_position)count - 1;
    /* Relaxed: the look acquired it, and only this thread changes it after that. */
    corinth_mark mark = corinth_internal_load_relaxed_u32(
        corinth_internal_mark_at(side->marks, capacity, last));
    return count == 0 || corinth_internal_is_published(mark, capacity, last);
}

/* Consumer: see ring.h. */
static inline void corinth_mpsc_free_first(
    corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= capacity);
    CORINTH_ASSERT(corinth_internal_is_shown(side, capacity, count));
    size_t to_end = corinth_internal_slots_to_end(capacity, side->next);
    size_t first = count < to_end ? count : to_end;
    corinth_internal_hold_shown(side, first);
    corinth_mpsc_release(side, capacity, first);
    if (count > first) {
        corinth_internal_hold_shown(side, count - first);
        corinth_mpsc_release(side, capacity, count - first);
    }
}

static const corinth_ring_kind corinth_mpsc = {
    corinth_mpmc_reserve,  corinth_mpmc_commit,  corinth_mpmc_count_behind,
    corinth_mpsc_peek,     corinth_marks_sample, corinth_mpsc_release,
    corinth_mpsc_is_ready, corinth_mpmc_has_room, corinth_mpsc_look,
    corinth_mpsc_free_first, NULL,                NULL, false,
};

CORINTH_END_DECLARATIONS

#endif
