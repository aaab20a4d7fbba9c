/*
 * mpmc.h - one MPMC ring of two slots, or CAPACITY, with plain slots and logs, for the scenarios
 * that use one.
 *
 * A producer's value says who sent it and as which item, so that an invented one is noticed.
 */
#ifndef EXPLORER_SCENARIOS_MPMC_H
#define EXPLORER_SCENARIOS_MPMC_H

#include <corinth/mpmc.h>

#include "queue.h"

#ifndef CAPACITY
#define CAPACITY 2u
#endif
#define LOGS_MAX 4u /* the last one is thread 0's */

static corinth_mpmc ring;
static CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mpmc_mark marks[CAPACITY];
static uint64_t slots[CAPACITY];
static queue_log sent[LOGS_MAX];
static queue_log received[LOGS_MAX];

static inline void mpmc_setup(void)
{
    corinth_mpmc_init(&ring, marks, CAPACITY, explorer_value());
    explorer_poison(slots, sizeof slots);
    queue_clear(sent, LOGS_MAX);
    queue_clear(received, LOGS_MAX);
}

static inline uint64_t *mpmc_slot(corinth_position position)
{
    return &slots[position & (CAPACITY - 1)];
}

/* Claims up to `wanted` slots, waiting until there is one. */
static inline size_t mpmc_claim_free(size_t wanted, corinth_position *first)
{
    for (;;) {
        size_t count = corinth_mpmc_reserve(&ring, marks, CAPACITY, wanted, first);
        if (count > 0) {
            return count;
        }
        explorer_pause();
    }
}

/* Sends items until `producer` has sent `items` in all, up to `at_once` by one claim. */
static inline void mpmc_send(unsigned producer, unsigned items, size_t at_once)
{
    queue_log *log = &sent[producer];
    while (log->rows < items) {
        corinth_position first;
        size_t left = items - log->rows;
        size_t count = mpmc_claim_free(left < at_once ? left : at_once, &first);
        for (size_t i = 0; i < count; i++) {
            uint64_t value = (uint64_t)(producer + 1) * 100 + log->rows;
            *mpmc_slot(first + i) = value;
            queue_add(log, first + i, value);
        }
        corinth_mpmc_commit(marks, CAPACITY, first, count, count);
    }
}

/* Receives until `consumer` has received `items` in all, up to `at_once` by one claim. */
static inline void mpmc_receive(unsigned consumer, unsigned items, size_t at_once)
{
    queue_log *log = &received[consumer];
    while (log->rows < items) {
        corinth_position first;
        size_t left = items - log->rows;
        size_t wanted = left < at_once ? left : at_once;
        size_t count = corinth_mpmc_peek(&ring, marks, CAPACITY, wanted, &first);
        if (count == 0) {
            explorer_pause();
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            queue_add(log, first + i, *mpmc_slot(first + i));
        }
        corinth_mpmc_release(marks, CAPACITY, first, count);
    }
}

/* Sends one item if there is room. */
static inline void mpmc_try_send(unsigned producer)
{
    corinth_position first;
    if (corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first) > 0) {
        uint64_t value = (uint64_t)(producer + 1) * 100 + sent[producer].rows;
        *mpmc_slot(first) = value;
        queue_add(&sent[producer], first, value);
        corinth_mpmc_commit(marks, CAPACITY, first, 1, 1);
    }
}

/* Receives up to `at_once` items if there are any. */
static inline void mpmc_try_receive(unsigned consumer, size_t at_once)
{
    corinth_position first;
    size_t count = corinth_mpmc_peek(&ring, marks, CAPACITY, at_once, &first);
    for (size_t i = 0; i < count; i++) {
        queue_add(&received[consumer], first + i, *mpmc_slot(first + i));
    }
    if (count > 0) {
        corinth_mpmc_release(marks, CAPACITY, first, count);
    }
}

/* Receives on thread 0, into the last log, what the consumers left. */
static inline void mpmc_drain(void)
{
    unsigned before;
    do {
        before = received[LOGS_MAX - 1].rows;
        mpmc_try_receive(LOGS_MAX - 1, 1);
    } while (received[LOGS_MAX - 1].rows > before);
}

/* Everything sent was received, and the ring is empty and as usable as at first. */
static inline void mpmc_check(unsigned positions, unsigned skipped)
{
    corinth_position first = 0;
    queue_check(sent, LOGS_MAX, received, LOGS_MAX, explorer_value(), positions, skipped);
    explorer_check(corinth_mpmc_length(&ring, CAPACITY) == 0, "nothing is left");
    explorer_check(!corinth_mpmc_is_ready(&ring, marks, CAPACITY), "nothing is ready");
    explorer_check(corinth_mpmc_peek(&ring, marks, CAPACITY, 1, &first) == 0, "quiet and empty");
    for (unsigned i = 0; i < CAPACITY; i++) {
        size_t count = corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first);
        explorer_check(count == 1, "every slot is free again");
        explorer_check(first == explorer_value() + positions + i, "at the next position");
    }
    explorer_check(corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first) == 0, "full then");
}

#endif
