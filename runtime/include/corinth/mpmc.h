/*
 * mpmc.h - a bounded ring between any number of producing and consuming threads.
 *
 * The file is long because the protocol and the reasons for its orders stand beside the code.
 *
 * Progress: no call spins on another thread; a claim is retried only when another thread's claim
 * succeeded. The ring as a whole is neither lock-free nor linearizable: a thread stopped inside a
 * claim blocks the slots behind it, and a call may return FULL or EMPTY because another operation
 * is in progress, though never when the ring is quiet. Claims by themselves are linearizable: each
 * takes effect at its compare-exchange, in the order of positions.
 *
 * The ring knows positions, not payloads: the lane that contains it owns `capacity` slots and as
 * many marks. Position p has slot and mark number p & (capacity - 1). A mark holds its slot's state
 * and lap, which is how many times the ring went round (p / capacity):
 *
 *     state          mark      owner of the slot               next
 *     FREE           lap, 0    any producer that claims it     claimed by reserve
 *     being filled   lap, 0    that producer                   commit -> READY, abort -> SKIPPED
 *     READY          lap, 1    any consumer that claims it     claimed by peek
 *     being read     lap, 1    that consumer                   release -> FREE of lap + 1
 *     SKIPPED        lap, 2    the consumer that passes it     -> FREE of lap + 1, never shown
 *
 * A claim reads the position and scans marks forward from there, as long as each is in the wanted
 * state of the wanted lap. It then takes all of them with one compare-exchange of the position.
 * From the position to the end of the array all positions have one lap, so the scan compares each
 * mark with the same constant. If the compare-exchange succeeds, no other thread claimed any of
 * these positions in between, so no other thread could change their marks. That follows because
 * positions only grow; the exception is release_first, where no other thread claims by the position
 * that it moves back.
 *
 * (After Vyukov 2010, whose ring has a sequence number in each slot and claims one slot at a time;
 * the dense array of marks, the lap and the bulk claim are ours.)
 *
 * Orders. Marks carry all hand-overs. The positions carry none, so they are relaxed:
 *
 *     commit stores READY (release)      ->  peek loads the mark (acquire): the slot's contents
 *     abort stores SKIPPED (release)     ->  peek loads the mark (acquire): what was half filled
 *     release, pass store FREE (release) ->  reserve loads the mark (acquire): the emptied slot
 *
 * Counters. `capacity` is a power of two from 2 to 2^30. Positions wrap at the word's width. A lap
 * is a position without its slot index, and the mark holds its lowest 30 bits. Marks are compared
 * for equality only. If a thread slept through 2^30 laps between its scan and its compare-exchange,
 * a stale mark could equal a new one; but by then the position has moved, and on 64-bit targets it
 * never has the same value again.
 */
#ifndef CORINTH_MPMC_H
#define CORINTH_MPMC_H

#include <stddef.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

typedef struct corinth_mpmc {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position enqueue; /* atomic; next to be filled */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_position dequeue; /* atomic; next to be read */
} corinth_mpmc;

/* Atomic. The lane has `capacity` of them in an array aligned to CORINTH_CACHE_LINE. */
typedef uint32_t corinth_mpmc_mark;

#define CORINTH_INTERNAL_MARK_FREE 0u
#define CORINTH_INTERNAL_MARK_READY 1u
#define CORINTH_INTERNAL_MARK_SKIPPED 2u
#define CORINTH_INTERNAL_MARK_STATE_BITS 2

CORINTH_STATIC_ASSERT(offsetof(corinth_mpmc, dequeue) == CORINTH_CACHE_LINE, "own line");
CORINTH_STATIC_ASSERT(sizeof(corinth_mpmc) == 2 * CORINTH_CACHE_LINE, "nothing shares its lines");

/* The mark of `position` in `state`. With a constant capacity: two shifts and an or. */
static inline corinth_mpmc_mark corinth_internal_mark(
    size_t capacity, corinth_position position, uint32_t state)
{
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    int index_bits = __builtin_ctzl((unsigned long)capacity);
    return ((uint32_t)(position >> index_bits) << CORINTH_INTERNAL_MARK_STATE_BITS) | state;
}

/*
 * How many marks in a row, starting at `position`, are `expected`; at most `wanted`, and none past
 * the end of the array.
 */
static inline size_t corinth_internal_scan(const corinth_mpmc_mark *marks, size_t capacity,
                                           corinth_position position, size_t wanted,
                                           corinth_mpmc_mark expected)
{
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    size_t first = (size_t)(position & (capacity - 1));
    size_t limit = wanted < capacity - first ? wanted : capacity - first;
    size_t count = 0;
    /* Acquire, each one: with the release of the thread that set this mark. The last mark alone
     * says nothing about the others, because different threads set them. */
    while (count < limit
           && corinth_internal_load_acquire_u32(&marks[first + count]) == expected) {
        count++;
    }
    return count;
}

/* Sets `count` marks of one claim. */
static inline void corinth_internal_set_marks(corinth_mpmc_mark *marks, size_t capacity,
                                              corinth_position first, size_t count,
                                              corinth_mpmc_mark value)
{
    CORINTH_ASSERT(marks != NULL);
    size_t index = (size_t)(first & (capacity - 1));
    CORINTH_ASSERT(count <= capacity - index);
    for (size_t i = 0; i < count; i++) {
        /* Release: with the acquire in corinth_internal_scan by the slot's next owner. */
        corinth_internal_store_release_u32(&marks[index + i], value);
    }
}

/*
 * Makes the ring empty. `start` is the first position, 0 outside tests. Called from one thread,
 * before any other thread uses the ring.
 */
static inline void corinth_mpmc_init(
    corinth_mpmc *ring, corinth_mpmc_mark *marks, size_t capacity, corinth_position start)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT((uintptr_t)ring % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT((uintptr_t)marks % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    CORINTH_ASSERT(capacity >= 2);
    CORINTH_ASSERT(capacity <= CORINTH_CAPACITY_MAX);
    /* Relaxed, these and the marks: handing the ring to its threads orders them. */
    corinth_internal_store_relaxed(&ring->enqueue, start);
    corinth_internal_store_relaxed(&ring->dequeue, start);
    for (size_t i = 0; i < capacity; i++) {
        corinth_position position = start + (corinth_position)i;
        corinth_internal_store_relaxed_u32(
            &marks[(size_t)(position & (capacity - 1))],
            corinth_internal_mark(capacity, position, CORINTH_INTERNAL_MARK_FREE));
    }
}

/*
 * Claims up to `wanted` positions whose marks are in `state`. Returns how many. 0 means that the
 * mark at the position was in another state, and that no thread moved the position meanwhile.
 */
static inline size_t corinth_internal_claim(corinth_position *position, corinth_mpmc_mark *marks,
                                            size_t capacity, size_t wanted, uint32_t state,
                                            corinth_position *first)
{
    CORINTH_ASSERT(position != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(first != NULL);
    CORINTH_ASSERT(wanted > 0);
    /* Relaxed: a stale position only makes the scan or the exchange fail. */
    corinth_position at = corinth_internal_load_relaxed(position);
    for (;;) {
        size_t count = corinth_internal_scan(
            marks, capacity, at, wanted, corinth_internal_mark(capacity, at, state));
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
            *first = at;
            return count;
        }
    }
}

/*
 * Producer: claims up to `wanted` contiguous free slots at once. Returns how many, 0 when the first
 * one isn't free. The claim must be committed or aborted; until then the slots behind it can't be
 * received.
 */
static inline size_t corinth_mpmc_reserve(corinth_mpmc *ring, corinth_mpmc_mark *marks,
                                          size_t capacity, size_t wanted, corinth_position *first)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(first != NULL);
    CORINTH_ASSERT(wanted > 0);
    return corinth_internal_claim(
        &ring->enqueue, marks, capacity, wanted, CORINTH_INTERNAL_MARK_FREE, first);
}

/*
 * Producer: ends a claim of `claimed` slots from `first` on. The first `count` become ready, the
 * others are marked skipped, and consumers never see those.
 */
static inline void corinth_mpmc_commit(corinth_mpmc_mark *marks, size_t capacity,
                                       corinth_position first, size_t claimed, size_t count)
{
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(count <= claimed);
    CORINTH_ASSERT(claimed <= capacity - (size_t)(first & (capacity - 1)));
    /* The skipped ones first: a consumer that finds the ready ones finds them already marked. */
    corinth_internal_set_marks(
        marks, capacity, first + (corinth_position)count, claimed - count,
        corinth_internal_mark(capacity, first, CORINTH_INTERNAL_MARK_SKIPPED));
    corinth_internal_set_marks(
        marks, capacity, first, count,
        corinth_internal_mark(capacity, first, CORINTH_INTERNAL_MARK_READY));
}

/*
 * Producer, where there are several: how many slots from `first` on, at most `most`, are ready or
 * skipped already. They lie behind a claim that was just committed, and no consumer could reach
 * them until then. A producer that rings counts them in: the ring for them may have been spent on a
 * consumer that found the claim open and went back to sleep.
 */
static inline size_t corinth_mpmc_count_behind(
    const corinth_mpmc_mark *marks, size_t capacity, corinth_position first, size_t most)
{
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    CORINTH_ASSERT(most > 0);
    size_t limit = most < capacity ? most : capacity;
    size_t count = 0;
    bool is_ready = true;
    while (is_ready && count < limit) {
        corinth_position at = first + (corinth_position)count;
        /* Relaxed: the fence before the ring orders it; nothing is read on the strength of it. */
        corinth_mpmc_mark mark =
            corinth_internal_load_relaxed_u32(&marks[(size_t)(at & (capacity - 1))]);
        is_ready = mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_READY)
                   || mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_SKIPPED);
        count += is_ready ? 1 : 0;
    }
    return count;
}

/* Consumer: returns all `claimed` slots of a claim to the producers. */
static inline void corinth_mpmc_release(
    corinth_mpmc_mark *marks, size_t capacity, corinth_position first, size_t claimed)
{
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(claimed <= capacity - (size_t)(first & (capacity - 1)));
    corinth_internal_set_marks(
        marks, capacity, first, claimed,
        corinth_internal_mark(
            capacity, first + (corinth_position)capacity, CORINTH_INTERNAL_MARK_FREE));
}

/*
 * For a ring's only consumer: returns the first `count` slots of a claim of `claimed` to the
 * producers. The others stay ready, and the next peek claims them again.
 */
static inline void corinth_mpmc_release_first(corinth_mpmc *ring, corinth_mpmc_mark *marks,
                                              size_t capacity, corinth_position first,
                                              size_t claimed, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(count <= claimed);
    /* Relaxed: only this thread claims by this position, and producers don't look at it. */
    corinth_position end = corinth_internal_load_relaxed(&ring->dequeue);
    CORINTH_ASSERT(claimed == 0 || end == first + (corinth_position)claimed);
    corinth_internal_store_relaxed(&ring->dequeue, end - (corinth_position)(claimed - count));
    corinth_mpmc_release(marks, capacity, first, count);
}

/*
 * Consumer: claims up to `wanted` contiguous ready slots. Returns how many, 0 when the first one
 * isn't ready. They must be released, all of them at once; only a ring's only consumer may release
 * fewer (release_first). Skipped slots on the way are passed: given to the producers unread. A call
 * stops passing at `capacity` slots, so that it ends even if producers keep aborting.
 */
static inline size_t corinth_mpmc_peek(corinth_mpmc *ring, corinth_mpmc_mark *marks,
                                       size_t capacity, size_t wanted, corinth_position *first)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(first != NULL);
    CORINTH_ASSERT(wanted > 0);
    size_t passed = 0;
    for (;;) {
        size_t count = corinth_internal_claim(
            &ring->dequeue, marks, capacity, wanted, CORINTH_INTERNAL_MARK_READY, first);
        if (count > 0 || passed >= capacity) {
            return count;
        }
        size_t skipped = corinth_internal_claim(
            &ring->dequeue, marks, capacity, capacity, CORINTH_INTERNAL_MARK_SKIPPED, first);
        if (skipped == 0) {
            return 0;
        }
        corinth_mpmc_release(marks, capacity, *first, skipped);
        passed += skipped;
    }
}

/*
 * Consumer: whether a peek would find something: a ready slot, or a skipped one that it would pass.
 * A thread that is about to sleep calls this after its fence.
 */
static inline bool corinth_mpmc_is_ready(
    const corinth_mpmc *ring, const corinth_mpmc_mark *marks, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    /* Relaxed: the second load below shows whether it was stale. */
    corinth_position at = corinth_internal_load_relaxed(&ring->dequeue);
    for (;;) {
        /* Acquire: the second look at the position comes after it, as in a claim. */
        corinth_mpmc_mark mark =
            corinth_internal_load_acquire_u32(&marks[(size_t)(at & (capacity - 1))]);
        if (mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_READY)
            || mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_SKIPPED)) {
            return true;
        }
        /* Relaxed: the acquire above keeps it after the look at the mark. */
        corinth_position now = corinth_internal_load_relaxed(&ring->dequeue);
        if (now == at) {
            return false;
        }
        at = now;
    }
}

/*
 * Any thread: how many positions producers have claimed and consumers haven't, 0 to capacity.
 * Positions of skipped slots and of open claims count like all others. The dequeue position is read
 * first: read second, it could have overtaken the enqueue position.
 */
static inline size_t corinth_mpmc_length(const corinth_mpmc *ring, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    /* Acquire: keeps the second load after the first. No store pairs with it; if the second value
     * is stale, the clamp below catches the difference. */
    corinth_position dequeue = corinth_internal_load_acquire(&ring->dequeue);
    corinth_position enqueue = corinth_internal_load_relaxed(&ring->enqueue);
    corinth_position length = enqueue - dequeue;
    if (length > (corinth_position)-1 / 2) {
        return 0; /* The dequeue position is ahead of a stale enqueue position. */
    }
    return length < capacity ? (size_t)length : capacity;
}

/*
 * Consumer: how many transfers were ready when it claimed `count` from `first`, for the high-water
 * mark. To look takes the producers' cache line, so it looks once in CORINTH_MPMC_SAMPLE positions,
 * or once a lap in a smaller ring; in between it returns `count`.
 */
#define CORINTH_MPMC_SAMPLE 64

static inline size_t corinth_mpmc_sample_ready(
    const corinth_mpmc *ring, size_t capacity, corinth_position first, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(count > 0);
    CORINTH_ASSERT(count <= capacity - (size_t)(first & (capacity - 1)));
    size_t period = capacity < CORINTH_MPMC_SAMPLE ? capacity : CORINTH_MPMC_SAMPLE;
    if ((size_t)(first & (period - 1)) + count < period) {
        return count;
    }
    size_t ready = corinth_mpmc_length(ring, capacity) + count;
    return ready < capacity ? ready : capacity;
}

CORINTH_END_DECLARATIONS

#endif
