/*
 * loops.h - what contenders that move one item a call have in common: their two loops, and the
 * round trip. A contender gives functions of one item, which are inlined here, so that each gets a
 * loop as if written for it.
 */
#ifndef LOOPS_H
#define LOOPS_H

#include "bench.h"

#include <stdlib.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BENCH_INLINE static inline __attribute__((always_inline))

/* Two queues of a kind: there and back. */
typedef struct bench_pair {
    void *there;
    void *back;
} bench_pair;

BENCH_INLINE void *bench_pair_create(void *(*create)(size_t), size_t capacity)
{
    bench_pair *pair = (bench_pair *)malloc(sizeof(*pair));
    if (pair != NULL) {
        pair->there = create(capacity);
        pair->back = create(capacity);
    }
    return pair;
}

BENCH_INLINE void bench_pair_destroy(void (*destroy)(void *), void *queue)
{
    bench_pair *pair = (bench_pair *)queue;
    destroy(pair->there);
    destroy(pair->back);
    free(pair);
}

static inline uint64_t bench_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#ifdef BENCH_BYTES

typedef bool bench_push(void *queue, const bench_item *item);
typedef bool bench_pop(void *queue, bench_item *item);
/* Receives an item and reads it, by bench_read_item, wherever it lies. */
typedef bool bench_take(void *queue, bench_side *side);

BENCH_INLINE void bench_produce_each(void *queue, bench_side *side, bench_push *push)
{
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!push(queue, &item)) {
            bench_failed(side);
        }
    }
}

BENCH_INLINE void bench_consume_each(void *queue, bench_side *side, bench_take *take)
{
    for (bool is_last = false;;) {
        if (take(queue, side)) {
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

/* For a queue that can only copy out. */
BENCH_INLINE bool bench_take_copy(void *queue, bench_side *side, bench_pop *pop)
{
    bench_item item;
    if (!pop(queue, &item)) {
        return false;
    }
    bench_read_item(side, &item);
    return true;
}

/*
 * A trip's end is the next one's beginning, so that the clock is read once in each. Both sides look
 * again at once: there is nothing else that they could let run.
 */
BENCH_INLINE void bench_call_each(void *queue, bench_side *side, bench_push *push, bench_pop *pop)
{
    const bench_pair *pair = (const bench_pair *)queue;
    bench_item item;
    uint64_t begin_ns = bench_now_ns();
    for (uint64_t i = 0; i < side->items; i++) {
        bench_write_item(&item, side, i);
        while (!push(pair->there, &item)) {
        }
        while (!pop(pair->back, &item)) {
        }
        bench_read_item(side, &item);
        uint64_t end_ns = bench_now_ns();
        side->trips_ns[i] = end_ns - begin_ns;
        begin_ns = end_ns;
    }
}

BENCH_INLINE void bench_echo_each(void *queue, bench_side *side, bench_push *push, bench_pop *pop)
{
    const bench_pair *pair = (const bench_pair *)queue;
    bench_item item;
    for (uint64_t i = 0; i < side->items; i++) {
        while (!pop(pair->there, &item)) {
        }
        bench_read_item(side, &item);
        while (!push(pair->back, &item)) {
        }
    }
}

/* Defines KIND_produce and KIND_consume for a contender that moves one item a call. */
#define BENCH_DEFINE_LOOPS(kind, push, take) \
    static void kind##_produce(void *queue, bench_side *side) \
    { \
        bench_produce_each(queue, side, push); \
    } \
    static void kind##_consume(void *queue, bench_side *side) \
    { \
        bench_consume_each(queue, side, take); \
    } \
    extern int bench_semicolon

/* Defines KIND_create_pair, KIND_destroy_pair, KIND_call and KIND_echo, for its round trip. */
#define BENCH_DEFINE_TRIP(kind, create, destroy, push, pop) \
    static void *kind##_create_pair(size_t capacity) \
    { \
        return bench_pair_create(create, capacity); \
    } \
    static void kind##_destroy_pair(void *queue) \
    { \
        bench_pair_destroy(destroy, queue); \
    } \
    static void kind##_call(void *queue, bench_side *side) \
    { \
        bench_call_each(queue, side, push, pop); \
    } \
    static void kind##_echo(void *queue, bench_side *side) \
    { \
        bench_echo_each(queue, side, push, pop); \
    } \
    extern int bench_semicolon

/* A contender's entry for that round trip. */
#define BENCH_TRIP(kind, name, note, in_place) \
    { \
        name, note, "trip", 1, in_place, false, BENCH_BYTES, 0, kind##_create_pair, \
            kind##_destroy_pair, kind##_call, kind##_echo \
    }

#endif

#ifdef __cplusplus
}
#endif

#endif
