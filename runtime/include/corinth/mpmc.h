/*
 * mpmc.h - a bounded ring between any number of producing and consuming threads.
 *
 * It is long because its protocol and the reasons for its orders are told beside the code.
 *
 * Progress: no call spins on another thread; a claim is retried only when another thread's claim
 * succeeded. The ring is neither lock-free nor linearizable as a whole: a thread stopped inside a
 * claim holds up the slots behind it, and FULL or EMPTY may be answered while another operation is
 * in progress, never when quiet. Claims by themselves are linearizable: each takes effect at its
 * exchange, in the order of positions.
 *
 * The ring knows positions, not payloads: the lane that contains it owns `capacity` slots and as
 * many marks; slot and mark number p & (capacity - 1) belong to position p. A mark says what may be
 * done with its slot, and in which lap, that is how often the ring went round (p / capacity):
 *
 *     state          mark             owner of the slot           next
 *     FREE           lap, 0           who claims its position     claimed by reserve
 *     being filled   lap, 0           that producer               commit -> READY, abort -> SKIPPED
 *     READY          lap, 1           who claims its position     claimed by peek
 *     being read     lap, 1           that consumer               release -> FREE of lap + 1
 *     SKIPPED        lap, 2           the consumer passing it     -> FREE of lap + 1, never shown
 *
 * A claim scans marks forward from the position that it read, as long as each is in the wanted
 * state of the wanted lap, and takes all of them with one exchange of the position. All marks
 * between the position and the end of the array have the same value when they are ready, so the
 * scan compares with one constant. If the exchange succeeds, no other thread claimed any of these
 * positions in between (positions only grow, but for release_first, where nobody else claims by
 * that position), and so no other thread could change their marks.
 * (After Vyukov 2010, whose sequence number is one per slot and claims one slot; the dense array,
 * the lap and the bulk claim are ours.)
 *
 * Orders. Marks carry all hand-overs; the positions carry none, hence relaxed:
 *
 *     commit stores READY (release)      ->  peek loads the mark (acquire): the slot's contents
 *     abort stores SKIPPED (release)     ->  peek loads the mark (acquire): what was half filled
 *     release, pass store FREE (release) ->  reserve loads the mark (acquire): the emptied slot
 *
 * Counters. `capacity` is a power of two from 2 to 2^30. Positions wrap at the word; a lap is a
 * position without its slot index, and the mark holds its lowest 30 bits. A mark is compared for
 * equality only. A stale one could be taken for a new one if a thread slept through 2^30 laps
 * between its scan and its exchange; but then the position has moved, and on 64-bit targets never
 * comes back.
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

/* How many marks from `position` on, at most `wanted` and not past the array, are `expected`. */
static inline size_t corinth_internal_scan(const corinth_mpmc_mark *marks, size_t capacity,
                                           corinth_position position, size_t wanted,
                                           corinth_mpmc_mark expected)
{
    CORINTH_ASSERT(marks != NULL);
    size_t first = (size_t)(position & (capacity - 1));
    size_t limit = wanted < capacity - first ? wanted : capacity - first;
    size_t count = 0;
    /* Acquire, each one: with the release of whoever set that very mark. The last slot's mark says
     * nothing of the others', they are set by different threads. */
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
 * Makes the ring empty. `start` is the first position, 0 outside tests. From one thread, before any
 * other uses the ring.
 */
static inline void corinth_mpmc_init(
    corinth_mpmc *ring, corinth_mpmc_mark *marks, size_t capacity, corinth_position start)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(capacity >= 2 && capacity <= ((size_t)1 << 30));
    /* Relaxed, these and the marks: how the ring is handed to its threads orders them. */
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
 * Claims up to `wanted` positions whose marks are in `state`. Answers how many; 0 means that the
 * mark at the position was in another state while nobody moved the position.
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
            /* Relaxed; it comes after the scan's acquiring load, so an unchanged position says that
             * the mark belongs to the position and isn't one of a lap that has passed. */
            corinth_position now = corinth_internal_load_relaxed(position);
            if (now == at) {
                return 0;
            }
            at = now;
        } else if (corinth_internal_compare_exchange_relaxed(
                       position, &at, at + (corinth_position)count)) {
            /* Relaxed: the marks handed the slots over, the exchange only decides who has them. */
            *first = at;
            return count;
        }
    }
}

/*
 * Producer: claims up to `wanted` contiguous slots by one reservation that found all of them free.
 * Answers how many, 0 when the first one isn't free. They must be committed or aborted; until then
 * the slots behind them can't be received.
 */
static inline size_t corinth_mpmc_reserve(corinth_mpmc *ring, corinth_mpmc_mark *marks,
                                          size_t capacity, size_t wanted, corinth_position *first)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(first != NULL);
    return corinth_internal_claim(
        &ring->enqueue, marks, capacity, wanted, CORINTH_INTERNAL_MARK_FREE, first);
}

/*
 * Producer: ends a claim of `claimed` slots that began at `first`: the first `count` become ready,
 * the others are marked skipped: consumers never see them.
 */
static inline void corinth_mpmc_commit(corinth_mpmc_mark *marks, size_t capacity,
                                       corinth_position first, size_t claimed, size_t count)
{
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(count <= claimed);
    /* The skipped ones first: a consumer that comes for the ready ones finds them settled. */
    corinth_internal_set_marks(
        marks, capacity, first + (corinth_position)count, claimed - count,
        corinth_internal_mark(capacity, first, CORINTH_INTERNAL_MARK_SKIPPED));
    corinth_internal_set_marks(
        marks, capacity, first, count,
        corinth_internal_mark(capacity, first, CORINTH_INTERNAL_MARK_READY));
}

/* Consumer: gives a whole claim of `claimed` slots back to the producers. */
static inline void corinth_mpmc_release(
    corinth_mpmc_mark *marks, size_t capacity, corinth_position first, size_t claimed)
{
    CORINTH_ASSERT(marks != NULL);
    corinth_internal_set_marks(
        marks, capacity, first, claimed,
        corinth_internal_mark(
            capacity, first + (corinth_position)capacity, CORINTH_INTERNAL_MARK_FREE));
}

/*
 * Consumer, where it is the ring's only one: gives the first `count` slots of a claim of `claimed`
 * back to the producers, and the others back to the ring: the next peek claims them again.
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
    corinth_internal_store_relaxed(&ring->dequeue, end - (corinth_position)(claimed - count));
    corinth_mpmc_release(marks, capacity, first, count);
}

/*
 * Consumer: claims up to `wanted` contiguous ready slots. Answers how many, 0 when the first one
 * isn't ready. They must be released; all at once, but for a ring's only consumer. Skipped slots
 * are passed on the way; at most `capacity` a call, so it ends even if producers keep aborting.
 */
static inline size_t corinth_mpmc_peek(corinth_mpmc *ring, corinth_mpmc_mark *marks,
                                       size_t capacity, size_t wanted, corinth_position *first)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    CORINTH_ASSERT(first != NULL);
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
 * A waiting thread asks this after its fence.
 */
static inline bool corinth_mpmc_is_ready(
    const corinth_mpmc *ring, const corinth_mpmc_mark *marks, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    CORINTH_ASSERT(marks != NULL);
    /* Relaxed: whether it is stale is found out below. */
    corinth_position at = corinth_internal_load_relaxed(&ring->dequeue);
    for (;;) {
        /* Acquire: orders the second look at the position after it, as in a claim. */
        corinth_mpmc_mark mark =
            corinth_internal_load_acquire_u32(&marks[(size_t)(at & (capacity - 1))]);
        if (mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_READY)
            || mark == corinth_internal_mark(capacity, at, CORINTH_INTERNAL_MARK_SKIPPED)) {
            return true;
        }
        /* Relaxed: the acquire above keeps it behind the look at the mark. */
        corinth_position now = corinth_internal_load_relaxed(&ring->dequeue);
        if (now == at) {
            return false;
        }
        at = now;
    }
}

/*
 * Any thread: how many positions were claimed by producers and not yet by consumers, 0 to capacity.
 * Open claims and skipped slots count as their position says. The dequeue position is taken first:
 * taken second it could have overtaken the other.
 */
static inline size_t corinth_mpmc_length(const corinth_mpmc *ring, size_t capacity)
{
    CORINTH_ASSERT(ring != NULL);
    /* Acquire: keeps the second load behind the first. No store pairs with it; a reader that sees
     * the second one stale gets a difference that the clamp catches. */
    corinth_position dequeue = corinth_internal_load_acquire(&ring->dequeue);
    corinth_position enqueue = corinth_internal_load_relaxed(&ring->enqueue);
    corinth_position length = enqueue - dequeue;
    if (length > (corinth_position)-1 / 2) {
        return 0; /* The dequeue position is ahead of a stale enqueue position. */
    }
    return length < capacity ? (size_t)length : capacity;
}

/*
 * Consumer: how many transfers its claim of `count` from `first` saw ready, for the high-water
 * mark. As looking costs the producers' line, it looks once in CORINTH_MPMC_SAMPLE positions, or in
 * a lap of a smaller ring; in between the answer is `count`.
 */
#define CORINTH_MPMC_SAMPLE 64

static inline size_t corinth_mpmc_sample_ready(
    const corinth_mpmc *ring, size_t capacity, corinth_position first, size_t count)
{
    CORINTH_ASSERT(ring != NULL);
    size_t period = capacity < CORINTH_MPMC_SAMPLE ? capacity : CORINTH_MPMC_SAMPLE;
    if ((size_t)(first & (period - 1)) + count < period) {
        return count;
    }
    size_t ready = corinth_mpmc_length(ring, capacity) + count;
    return ready < capacity ? ready : capacity;
}

CORINTH_END_DECLARATIONS

#endif
