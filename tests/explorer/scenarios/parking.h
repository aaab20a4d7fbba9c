/*
 * parking.h - one bell and a word of work, for the scenarios of sleeping.
 *
 * `work` stands for all lanes into the world: how many transfers are there to be taken. Its orders
 * are relaxed: the doorbell alone has to see to it that a sleeper doesn't miss what came before the
 * ring.
 */
#ifndef EXPLORER_SCENARIOS_PARKING_H
#define EXPLORER_SCENARIOS_PARKING_H

#include <corinth/parking.h>

#include "explorer.h"
#include "modes.h"

#define WAITERS_MAX 2u

static corinth_bell bell;
static corinth_doorbell doorbell;
static corinth_parker parkers[WAITERS_MAX];
static corinth_waker wakers[WAITERS_MAX];
static uint32_t work;
static uint32_t is_stopped;

static inline void parking_setup(uint32_t waiters)
{
    corinth_bell_init(&bell, &doorbell, parkers, wakers, waiters, false);
    corinth_bell_reset(&bell, is_by_fences());
    work = 0;
    is_stopped = 0;
}

static inline bool parking_take(void)
{
    uint32_t there = corinth_internal_load_relaxed_u32(&work);
    while (there > 0) {
        if (__atomic_compare_exchange_n(
                &work, &there, there - 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

static inline bool parking_has_something(void)
{
    return corinth_internal_load_relaxed_u32(&work) > 0
           || corinth_internal_load_relaxed_u32(&is_stopped) != 0;
}

/* Waits once, as a world's wait does: announce, look, sleep. */
static inline corinth_status parking_wait(uint32_t index, uint64_t timeout_ns)
{
    uint32_t key = corinth_bell_prepare(&bell, index);
    if (parking_has_something()) {
        corinth_bell_cancel(&bell, index);
        return CORINTH_OK;
    }
    return corinth_bell_commit(&bell, index, key, timeout_ns);
}

/* Publishes transfers, all at once, and rings. */
static inline void parking_send_batch(uint32_t transfers)
{
    __atomic_fetch_add(&work, transfers, __ATOMIC_RELAXED);
    corinth_bell_ring(&bell, transfers);
}

static inline void parking_send(void)
{
    parking_send_batch(1);
}

static inline void parking_stop(void)
{
    corinth_internal_store_relaxed_u32(&is_stopped, 1);
    corinth_bell_ring(&bell, CORINTH_THREADS_MAX);
}

#endif
