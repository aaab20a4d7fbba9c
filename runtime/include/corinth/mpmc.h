/*
 * mpmc.h - a bounded ring between any number of producing and consuming threads.
 *
 * All of them claim by the ring's positions; marks.h has states, orders and progress. What a side
 * holds is its open claim. A consumer's may be left open in part: it keeps those slots for its next
 * peek.
 */
#ifndef CORINTH_MPMC_H
#define CORINTH_MPMC_H

#include <corinth/marks.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * Producer: see ring.h. The claim must be committed or aborted; until then the slots behind it
 * can't be received.
 */
static inline size_t corinth_mpmc_reserve(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    bool is_skipped = false; /* Its own lap is free or in use: it looks for nothing else. */
    return corinth_internal_claim(
        side, &side->ring->written, capacity, wanted, CORINTH_INTERNAL_MARK_FREE, 0, &is_skipped);
}

/* Producer: see ring.h. Consumers never see the slots of the claim that are skipped. */
static inline size_t corinth_mpmc_commit(corinth_ring_side *side, size_t capacity, size_t count)
{
    size_t claimed = corinth_internal_held(side);
    CORINTH_ASSERT(count <= claimed);
    corinth_position end = side->next + (corinth_position)count;
    if (CORINTH_UNLIKELY(count < claimed)) {
        /* They first: a consumer that finds the ready ones finds these marked. */
        corinth_internal_set_marks(
            side->marks, capacity, end, claimed - count, CORINTH_INTERNAL_MARK_SKIPPED);
    }
    corinth_internal_set_marks(
        side->marks, capacity, side->next, count, CORINTH_INTERNAL_MARK_READY);
    side->next = side->limit;
    return claimed;
}

/*
 * Producer: see ring.h. The ring for those slots may have been spent on a consumer that found the
 * claim open and went back to sleep.
 */
static inline size_t corinth_mpmc_count_behind(
    const corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(corinth_internal_held(side) == 0);
    CORINTH_ASSERT(most > 0);
    size_t limit = most < capacity ? most : capacity;
    size_t count = 0;
    bool is_published = true;
    while (is_published && count < limit) {
        corinth_position at = side->next + (corinth_position)count;
        /* Relaxed: the fence before the ring orders it; nothing is read on the strength of it. */
        corinth_mark mark = corinth_internal_load_relaxed_u32(
            corinth_internal_mark_at(side->marks, capacity, at));
        is_published = corinth_internal_is_published(mark, capacity, at);
        count += is_published ? 1 : 0;
    }
    return count;
}

/* Consumer: see ring.h. */
static inline void corinth_mpmc_release(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= corinth_internal_held(side));
    corinth_internal_set_marks(
        side->marks, capacity, side->next, count, CORINTH_INTERNAL_MARK_FREE);
    side->next += (corinth_position)count;
}

/*
 * Consumer: see ring.h. Skipped slots on the way are passed: given to the producers unread. A call
 * stops passing at `capacity` slots, so that it ends even if producers keep aborting.
 */
static inline size_t corinth_mpmc_peek(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    size_t held = corinth_internal_held(side);
    if (CORINTH_UNLIKELY(held > 0)) {
        return wanted < held ? wanted : held;
    }
    size_t passed = 0;
    for (;;) {
        bool is_skipped = false;
        size_t count = corinth_internal_claim(
            side, &side->ring->read, capacity, wanted, CORINTH_INTERNAL_MARK_READY,
            capacity - passed, &is_skipped);
        if (count == 0 || !is_skipped) {
            return count;
        }
        corinth_mpmc_release(side, capacity, count);
        passed += count;
    }
}

/* Consumer: see ring.h. */
static inline bool corinth_mpmc_is_ready(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) <= capacity);
    return corinth_internal_held(side) > 0
           || corinth_internal_could_claim(
               side, &side->ring->read, capacity, CORINTH_INTERNAL_MARK_READY,
               CORINTH_INTERNAL_MARK_SKIPPED);
}

/* Producer: see ring.h. */
static inline bool corinth_mpmc_has_room(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) == 0);
    return corinth_internal_could_claim(
        side, &side->ring->written, capacity, CORINTH_INTERNAL_MARK_FREE,
        CORINTH_INTERNAL_MARK_FREE);
}

/*
 * Producer: see ring.h. The slot that a reserve needs is the one of a lap before. The claim is of
 * that position and no other: one behind it would make no room, while a consumer reads the oldest.
 */
static inline size_t corinth_mpmc_peek_oldest(corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(corinth_internal_held(side) == 0);
    /* Relaxed: of a stale position the mark is that of another lap, or the exchange fails. */
    corinth_position at =
        corinth_internal_load_relaxed(&side->ring->written) - (corinth_position)capacity;
    size_t ready = corinth_internal_scan(
        side->marks, capacity, at, 1, CORINTH_INTERNAL_MARK_READY);
    size_t skipped = 0;
    if (ready == 0) {
        skipped = corinth_internal_scan(
            side->marks, capacity, at, 1, CORINTH_INTERNAL_MARK_SKIPPED);
    }
    corinth_position first = at;
    /* Relaxed: as in corinth_internal_claim, the mark hands over the slot. */
    if (ready + skipped == 0
        || !corinth_internal_compare_exchange_relaxed(&side->ring->read, &first, at + 1)) {
        return 0;
    }
    side->next = at;
    side->limit = at + 1;
    if (skipped > 0) {
        corinth_mpmc_release(side, capacity, skipped);
    }
    return ready;
}

static const corinth_ring_kind corinth_mpmc = {
    corinth_mpmc_reserve,  corinth_mpmc_commit,  corinth_mpmc_count_behind,
    corinth_mpmc_peek,     corinth_marks_sample, corinth_mpmc_release,
    corinth_mpmc_is_ready, corinth_mpmc_has_room, NULL,
    NULL,                  NULL,                 corinth_mpmc_peek_oldest,
    false,
};

CORINTH_END_DECLARATIONS

#endif
