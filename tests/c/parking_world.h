/*
 * parking_world.h - a bell with its doorbell and parkers, whose rings are counted: by their wake
 * functions, which are called once for each bit that a ringer took.
 */
#ifndef PARKING_WORLD_H
#define PARKING_WORLD_H

#include "check.h"

#include <string.h>
#include <sys/resource.h>

#include <corinth/parking.h>

#define MILLISECOND_NS UINT64_C(1000000)

typedef struct world {
    corinth_bell bell;
    corinth_doorbell doorbell;
    corinth_parker parkers[CORINTH_THREADS_MAX];
    corinth_waker wakers[CORINTH_THREADS_MAX];
    corinth_counter calls[CORINTH_THREADS_MAX]; /* atomic */
} world;

static inline void count_call(void *context)
{
    __atomic_fetch_add((corinth_counter *)context, 1, __ATOMIC_RELAXED);
}

static inline void world_init(world *self, uint32_t threads)
{
    corinth_bell_init(
        &self->bell, &self->doorbell, self->parkers, self->wakers, threads, false);
    corinth_bell_reset(&self->bell, corinth_needs_fences());
    memset(self->calls, 0, sizeof(self->calls));
    for (uint32_t i = 0; i < threads; i++) {
        corinth_bell_set_wake(&self->bell, i, count_call, &self->calls[i]);
    }
}

static inline uint64_t calls_of(const world *self)
{
    uint64_t calls = 0;
    for (uint32_t i = 0; i < CORINTH_THREADS_MAX; i++) {
        calls += __atomic_load_n(&self->calls[i], __ATOMIC_RELAXED);
    }
    return calls;
}

static inline uint32_t prepare(world *self, uint32_t index)
{
    return corinth_bell_prepare(&self->bell, index);
}

static inline corinth_status commit(world *self, uint32_t index, uint32_t key, uint64_t timeout_ns)
{
    return corinth_bell_commit(&self->bell, index, key, timeout_ns);
}

static inline void cancel(world *self, uint32_t index)
{
    corinth_bell_cancel(&self->bell, index);
}

static inline void ring(world *self, size_t transfers)
{
    corinth_bell_ring(&self->bell, transfers);
}

/* A thread of a world. */
typedef struct waiter {
    uint32_t index;
    uint64_t seed;
    uint64_t rung;
    uint64_t cancelled;
    uint64_t parked;
    uint64_t sent;
} waiter;

/* How often a thread of this process gave its core away, rather than being made to. */
static inline uint64_t sleeps(void)
{
    struct rusage usage;
    CHECK_EQUAL(getrusage(RUSAGE_SELF, &usage), 0);
    return (uint64_t)usage.ru_nvcsw;
}

/* A random short time, so that rings and prepares meet at every offset. */
static inline void dither(check_random *random)
{
    check_linger(random, 127);
}

#endif
