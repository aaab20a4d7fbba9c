/*
 * marks.h - rings whose slots have marks: what is the same in mpsc.h, spmc.h and mpmc.h.
 *
 * Beside its slots the ring has as many marks, in a dense array of their own. A mark holds its
 * slot's state and lap, which is how many times the ring went round (p / capacity):
 *
 *     state          mark      owner of the slot               next
 *     FREE           lap, 0    any producer that claims it     claimed by reserve
 *     being filled   lap, 0    that producer                   commit -> READY, abort -> SKIPPED
 *     READY          lap, 1    any consumer that claims it     claimed by peek
 *     being read     lap, 1    that consumer                   release -> FREE of lap + 1
 *     SKIPPED        lap, 2    the consumer that passes it     -> FREE of lap + 1, never shown
 *
 * At an end of the ring where there is one thread, that thread claims by its own position alone. At
 * an end where there are several, they claim by the ring's: a claim loads the position and scans
 * marks forward from there, as long as each is in the wanted state of the wanted lap. It then takes
 * all of them with one compare-exchange of the position. From the position to the end of the array
 * all positions have one lap, so the scan compares each mark with the same constant. If the
 * compare-exchange succeeds, no other thread claimed any of these positions in between, so no other
 * thread could change their marks: positions only grow.
 *
 * (After Vyukov 2010, whose ring has a sequence number in each slot and claims one slot at a time;
 * the dense array of marks, the lap and the bulk claim are ours.)
 *
 * Progress: no call spins on another thread; a claim is retried only when another thread's claim
 * succeeded. The ring as a whole is neither lock-free nor linearizable: a thread stopped inside a
 * claim blocks the slots behind it, and a call may return FULL or EMPTY because another operation
 * is in progress, though never when the ring is quiet. Claims by themselves are linearizable: each
 * takes effect at its compare-exchange, in the order of positions.
 *
 * Orders. Marks carry all hand-overs. The positions carry none, so they are relaxed:
 *
 *     commit stores READY (release)      ->  peek loads the mark (acquire): the slot's contents
 *     abort stores SKIPPED (release)     ->  peek loads the mark (acquire): what was half filled
 *     release, pass store FREE (release) ->  reserve loads the mark (acquire): the emptied slot
 *
 * Counters. `capacity` is a power of two from 2 to 2^30. A lap is a position without its slot
 * index, and the mark holds its lowest 30 bits. Marks are compared for equality only. If a thread
 * slept through 2^30 laps between its scan and its compare-exchange, a stale mark could equal a new
 * one; but by then the position has moved, and it has the same value again only after centuries.
 */
#ifndef CORINTH_MARKS_H
#define CORINTH_MARKS_H

#include <corinth/ring.h>

CORINTH_BEGIN_DECLARATIONS

#define CORINTH_INTERNAL_MARK_FREE 0u
#define CORINTH_INTERNAL_MARK_READY 1u
#define CORINTH_INTERNAL_MARK_SKIPPED 2u
#define CORINTH_INTERNAL_MARK_STATE_BITS 2

/* The mark of `position` in `state`. With a constant capacity: two shifts and an or. */
CORINTH_INLINE corinth_mark corinth_internal_mark(
    size_t capacity, corinth_position position, uint32_t state)
{
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    int index_bits = __builtin_ctzl((unsigned long)capacity);
    return ((uint32_t)(position >> index_bits) << CORINTH_INTERNAL_MARK_STATE_BITS) | state;
}

/* Where the mark of `position` stands. */
CORINTH_INLINE corinth_mark *corinth_internal_mark_at(
    corinth_mark *marks, size_t capacity, corinth_position position)
{
    return &marks[(size_t)(position & (capacity - 1))];
}

/*
 * How many marks in a row, starting at `position`, are in `state`; at most `wanted`, and none past
 * the end of the array.
 */
static inline size_t corinth_internal_scan(corinth_mark *marks, size_t capacity,
                                           corinth_position position, size_t wanted,
                                           uint32_t state)
{
    CORINTH_ASSERT(state <= CORINTH_INTERNAL_MARK_SKIPPED);
    const corinth_mark *first = corinth_internal_mark_at(marks, capacity, position);
    corinth_mark expected = corinth_internal_mark(capacity, position, state);
    size_t to_end = corinth_internal_slots_to_end(capacity, position);
    size_t limit = wanted < to_end ? wanted : to_end;
    size_t count = 0;
    /* Acquire, each one: with the release of the thread that set this mark. The last mark alone
     * says nothing about the others, because different threads set them. */
    while (count < limit && corinth_internal_load_acquire_u32(&first[count]) == expected) {
        count++;
    }
    return count;
}

/* Sets `count` marks from `position` on to `state` of `position`'s lap, or of the next one. */
static inline void corinth_internal_set_marks(corinth_mark *marks, size_t capacity,
                                              corinth_position position, size_t count,
                                              uint32_t state)
{
    corinth_position lap = position;
    if (state == CORINTH_INTERNAL_MARK_FREE) {
        lap += (corinth_position)capacity; /* Producers come by in the next lap. */
    }
    corinth_mark *first = corinth_internal_mark_at(marks, capacity, position);
    corinth_mark value = corinth_internal_mark(capacity, lap, state);
    CORINTH_ASSERT(count <= corinth_internal_slots_to_end(capacity, position));
    for (size_t i = 0; i < count; i++) {
        /* Release: with the acquire in corinth_internal_scan by the slot's next owner. */
        corinth_internal_store_release_u32(&first[i], value);
    }
}

/* Whether the mark of `position` is ready, or skipped. */
static inline bool corinth_internal_is_published(
    corinth_mark mark, size_t capacity, corinth_position position)
{
    return mark == corinth_internal_mark(capacity, position, CORINTH_INTERNAL_MARK_READY)
           || mark == corinth_internal_mark(capacity, position, CORINTH_INTERNAL_MARK_SKIPPED);
}

/*
 * Where several threads claim: the side holds up to `wanted` slots from `*position` on whose marks
 * are in `state`; or else up to `most_skipped` that are skipped, and then `*is_skipped` is true.
 * Returns how many. 0 means that the mark at the position was in no such state, and that no thread
 * moved the position meanwhile.
 */
static inline size_t corinth_internal_claim(corinth_ring_side *side, corinth_position *position,
                                            size_t capacity, size_t wanted, uint32_t state,
                                            size_t most_skipped, bool *is_skipped)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(side->next == side->limit);
    /* Relaxed: a stale position only makes the scan or the exchange fail. */
    corinth_position at = corinth_internal_load_relaxed(position);
    for (;;) {
        size_t count = corinth_internal_scan(side->marks, capacity, at, wanted, state);
        *is_skipped = count == 0 && most_skipped > 0;
        if (*is_skipped) {
            count = corinth_internal_scan(
                side->marks, capacity, at, most_skipped, CORINTH_INTERNAL_MARK_SKIPPED);
        }
        if (count == 0) {
            /* Relaxed: the scan's acquiring load comes before it. An unchanged position therefore
             * shows that the mark was the position's own and not one of a lap that has passed. */
            corinth_position now = corinth_internal_load_relaxed(position);
            if (now == at) {
                return 0;
            }
            at = now;
        } else if (corinth_internal_compare_exchange_relaxed(
                       position, &at, at + (corinth_position)count)) {
            /* Relaxed: the marks hand over the slots; the exchange only decides who has them. */
            side->next = at;
            side->limit = at + (corinth_position)count;
            return count;
        }
    }
}

/* Whether the mark at `*position` is in one of two states, so that a claim there could succeed. */
static inline bool corinth_internal_could_claim(
    const corinth_ring_side *side, const corinth_position *position, size_t capacity,
    uint32_t state, uint32_t other_state)
{
    CORINTH_ASSERT(state <= CORINTH_INTERNAL_MARK_SKIPPED);
    /* Relaxed: the second load below shows whether it was stale. */
    corinth_position at = corinth_internal_load_relaxed(position);
    for (;;) {
        /* Acquire: the second look at the position comes after it, as in a claim. */
        corinth_mark mark = corinth_internal_load_acquire_u32(
            corinth_internal_mark_at(side->marks, capacity, at));
        if (mark == corinth_internal_mark(capacity, at, state)
            || mark == corinth_internal_mark(capacity, at, other_state)) {
            return true;
        }
        /* Relaxed: the acquire above keeps it after the look at the mark. */
        corinth_position now = corinth_internal_load_relaxed(position);
        if (now == at) {
            return false;
        }
        at = now;
    }
}

/*
 * Consumer: `count` slots from side->next on are ready. To see how many more are takes the
 * producers' cache line, so it looks once in CORINTH_INTERNAL_SAMPLE positions, or once a lap in a
 * smaller ring. It does so at another one of them each time, or a load that is as regular as the
 * ring, such as one that fills and empties it in turns, would always be seen at the same moment.
 */
#define CORINTH_INTERNAL_SAMPLE 64
#define CORINTH_INTERNAL_SAMPLE_STEP 37 /* odd, so that all of the positions have their turn */

static inline void corinth_marks_sample(
    corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count > 0);
    CORINTH_ASSERT(count <= capacity);
    size_t period = capacity < CORINTH_INTERNAL_SAMPLE ? capacity : CORINTH_INTERNAL_SAMPLE;
    size_t chosen = (size_t)(side->next / period * CORINTH_INTERNAL_SAMPLE_STEP) & (period - 1);
    side->backlog = count;
    if (((chosen - (size_t)side->next) & (period - 1)) < count) {
        /* Relaxed: it is only counted. */
        corinth_position written = corinth_internal_load_relaxed(&side->ring->written);
        corinth_position ready = written - side->next;
        if (ready > (corinth_position)count && ready <= (corinth_position)capacity) {
            side->backlog = (size_t)ready;
        }
    }
}

CORINTH_END_DECLARATIONS

#endif
