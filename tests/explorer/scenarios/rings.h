/*
 * rings.h - one ring of two slots, or CAPACITY, with plain slots, sides and logs, for the scenarios
 * that use one. KIND is what kind of ring, and START where it begins.
 *
 * A producer's value says who sent it and as which item, so that an invented one is noticed.
 */
#ifndef EXPLORER_SCENARIOS_RINGS_H
#define EXPLORER_SCENARIOS_RINGS_H

#include <corinth/mpmc.h>
#include <corinth/mpsc.h>
#include <corinth/spmc.h>
#include <corinth/spsc.h>

#include "queue.h"

#ifndef KIND
#define KIND corinth_mpmc
#endif
#ifndef CAPACITY
#define CAPACITY 2u
#endif
#ifndef START
#define START ((corinth_position)explorer_value())
#endif
#define SIDES_MAX 3u

/* For a scenario whose KIND and START are these: each kind, also where all counters wrap. */
#define KIND_OF_CASE (*kind_of_case())
#define START_OF_CASE ((corinth_position)0 - (explorer_value() >= WRAPS ? 1u : 0u))
#define WRAPS 4u
#define KIND_CASES                                                                                \
    {                                                                                             \
        {"spsc", 0}, {"spsc-wraps", 0 + WRAPS}, {"mpsc", 1}, {"mpsc-wraps", 1 + WRAPS},           \
            {"spmc", 2}, {"spmc-wraps", 2 + WRAPS}, {"mpmc", 3}, {"mpmc-wraps", 3 + WRAPS},       \
    }

static corinth_ring ring;
static CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[CAPACITY];
static uint64_t slots[CAPACITY];
static corinth_ring_side producers[SIDES_MAX];
static corinth_ring_side consumers[SIDES_MAX];
static queue_log sent[SIDES_MAX];
static queue_log received[SIDES_MAX];

static inline const corinth_ring_kind *kind_of_case(void)
{
    static const corinth_ring_kind *const kinds[] = {
        &corinth_spsc, &corinth_mpsc, &corinth_spmc, &corinth_mpmc};
    return kinds[explorer_value() % WRAPS];
}

static inline void ring_setup(void)
{
    corinth_ring_init(&ring, marks, CAPACITY, START);
    for (unsigned i = 0; i < SIDES_MAX; i++) {
        corinth_ring_init_producer(&producers[i], &ring, marks);
        corinth_ring_init_consumer(&consumers[i], &ring, marks);
    }
    explorer_poison(slots, sizeof slots);
    queue_clear(sent, SIDES_MAX);
    queue_clear(received, SIDES_MAX);
}

static inline uint64_t *ring_slot(corinth_position position)
{
    return &slots[position & (CAPACITY - 1)];
}

/* Reserves up to `wanted` slots, waiting until there is one. */
static inline size_t ring_reserve(unsigned producer, size_t wanted)
{
    for (;;) {
        size_t count = KIND.reserve(&producers[producer], CAPACITY, wanted);
        if (count > 0) {
            return count;
        }
        explorer_pause();
    }
}

/* Fills the first `count` of the slots that were reserved, and commits them. */
static inline void ring_commit(unsigned producer, size_t count)
{
    corinth_position first = producers[producer].next;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = (uint64_t)(producer + 1) * 100 + sent[producer].rows;
        *ring_slot(first + i) = value;
        queue_add(&sent[producer], first + i, value);
    }
    (void)KIND.commit(&producers[producer], CAPACITY, count);
}

/* Sends items until `producer` has sent `items` in all, up to `at_once` by one commit. */
static inline void ring_send(unsigned producer, unsigned items, size_t at_once)
{
    while (sent[producer].rows < items) {
        size_t left = items - sent[producer].rows;
        ring_commit(producer, ring_reserve(producer, left < at_once ? left : at_once));
    }
}

/* Sends one item if there is room. */
static inline void ring_try_send(unsigned producer)
{
    if (KIND.reserve(&producers[producer], CAPACITY, 1) > 0) {
        ring_commit(producer, 1);
    }
}

/* Reads the first `count` of the slots that were peeked, and releases them. */
static inline void ring_take(unsigned consumer, size_t count)
{
    corinth_position first = consumers[consumer].next;
#ifdef SAMPLES /* A look more, which multiplies the executions. */
    if (count > 0) {
        KIND.sample(&consumers[consumer], CAPACITY, count);
    }
    explorer_check(consumers[consumer].backlog <= CAPACITY, "no more are ready than fit");
#endif
    for (size_t i = 0; i < count; i++) {
        queue_add(&received[consumer], first + i, *ring_slot(first + i));
    }
    KIND.release(&consumers[consumer], CAPACITY, count);
}

/* Receives up to `at_once` items if there are any. Returns how many. */
static inline size_t ring_try_receive(unsigned consumer, size_t at_once)
{
    size_t count = KIND.peek(&consumers[consumer], CAPACITY, at_once);
    if (count > 0) {
        ring_take(consumer, count);
    }
    return count;
}

/* Receives until `consumer` has received `items` in all, up to `at_once` by one peek. */
static inline void ring_receive(unsigned consumer, unsigned items, size_t at_once)
{
    while (received[consumer].rows < items) {
        size_t left = items - received[consumer].rows;
        if (ring_try_receive(consumer, left < at_once ? left : at_once) == 0) {
            explorer_pause();
        }
    }
}

/* Receives on thread 0, by the first consumer's side, what the consumers left. */
static inline void ring_drain(void)
{
    while (ring_try_receive(0, 1) > 0) {
    }
}

/* Everything sent was received, and the ring is empty and as usable as at first. */
static inline void ring_check(unsigned positions, unsigned skipped)
{
    queue_check(sent, SIDES_MAX, received, SIDES_MAX, START, positions, skipped);
    explorer_check(corinth_ring_length(&ring, CAPACITY) == 0, "nothing is left");
    explorer_check(!KIND.is_ready(&consumers[0], CAPACITY), "nothing is ready");
    explorer_check(KIND.peek(&consumers[0], CAPACITY, 1) == 0, "quiet and empty");
    for (unsigned i = 0; i < CAPACITY; i++) {
        explorer_check(KIND.reserve(&producers[0], CAPACITY, 1) == 1, "every slot is free again");
        explorer_check(producers[0].next == START + positions + i, "at the next position");
        (void)KIND.commit(&producers[0], CAPACITY, 1);
    }
    explorer_check(KIND.reserve(&producers[0], CAPACITY, 1) == 0, "full then");
}

#endif
