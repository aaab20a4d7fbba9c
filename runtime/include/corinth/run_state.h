/*
 * run_state.h - what all threads of a coordinator read and only start, stop and reset write.
 */
#ifndef CORINTH_RUN_STATE_H
#define CORINTH_RUN_STATE_H

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

typedef struct corinth_run_state {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t is_running; /* atomic; 0 or 1 */
    corinth_counter epoch; /* atomic; how often the statistics were reset, from 1 */
} corinth_run_state;

/* Not running, in the statistics' first epoch. From one thread, before any other reads it. */
static inline void corinth_run_state_init(corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed, both: handing the coordinator to its threads orders them. */
    corinth_internal_store_relaxed_u32(&state->is_running, 0);
    corinth_internal_store_relaxed_u64(&state->epoch, 1);
}

/* Not synchronized: one caller at a time. */
static inline void corinth_run_state_set(corinth_run_state *state, bool is_running)
{
    CORINTH_ASSERT(state != NULL);
    /* Release: with the acquire in corinth_run_state_has_stopped. A thread that sees the stop sees
     * what this thread saw sent before it. Sleeping threads learn of it by their doorbells. */
    corinth_internal_store_release_u32(&state->is_running, is_running ? 1 : 0);
}

/* Sender: whether sends are accepted. */
CORINTH_INLINE bool corinth_run_state_is_running(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: coherence lets a send that happens after stop returned see its store. A send that
     * overlaps stop may see either value. Nothing else depends on it. */
    return corinth_internal_load_relaxed_u32(&state->is_running) != 0;
}

/* Receiver: whether it was stopped. The receiver then looks whether something is left. */
static inline bool corinth_run_state_has_stopped(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Acquire: with the release in corinth_run_state_set. The look at the lanes that follows sees
     * what was sent before the stop. */
    uint32_t is_running = corinth_internal_load_acquire_u32(&state->is_running);
    CORINTH_ASSERT(is_running <= 1);
    return is_running == 0;
}

/* The epoch of the statistics, for counters of maxima. */
static inline uint64_t corinth_run_state_epoch(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: a port that sees a new epoch late restarts its maxima late. */
    return corinth_internal_load_relaxed_u64(&state->epoch);
}

/* Makes every port restart its maxima and ticks. Not synchronized: one caller at a time. */
static inline void corinth_run_state_advance_epoch(corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: each port writes the epoch beside its counters, and that store orders them. */
    corinth_internal_store_relaxed_u64(&state->epoch, corinth_run_state_epoch(state) + 1);
}

CORINTH_END_DECLARATIONS

#endif
