/*
 * port.h - the part of a port and of a coordinator that is the same for every schema.
 *
 * A port is one thread's handle on its world. Only that thread uses it, except that others may read
 * its counters. A port may be handed to another thread if the hand-over is ordered (by a join or a
 * mutex).
 */
#ifndef CORINTH_PORT_H
#define CORINTH_PORT_H

#include <corinth/parking.h>
#include <corinth/platform.h>
#include <corinth/stats.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

/* What all ports read and only start, stop and reset write: on a line of its own. */
typedef struct corinth_run_state {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t is_running; /* atomic; 0 or 1 */
    corinth_counter epoch; /* atomic; how often the statistics were reset, from 1 */
} corinth_run_state;

typedef struct corinth_port {
    uint32_t index;   /* the thread's number in its world */
    uint32_t threads; /* of the world */
    uint32_t busy;    /* atomic; 1 while a call is in progress, in debug builds */
    size_t turn;      /* weighted round robin: the inbound lane whose turn it is */
    size_t credit;    /* transfers that its turn has left */
    const corinth_run_state *state;
    corinth_doorbell *bell;  /* the world's */
    corinth_parker *parkers; /* the world's, one a thread */
    corinth_tick_counters ticks;
} corinth_port;

/* Whether a receive of this port would take something, or pass skipped slots. */
typedef bool (*corinth_ready_function)(const corinth_port *port);

/* A port's side of a lane that it sends over. */
typedef struct corinth_sender {
    corinth_sender_counters counters;
    size_t claimed; /* slots of the open claim; a port has at most one per lane */
} corinth_sender;

/* A port's side of a lane that it receives from. */
typedef struct corinth_receiver {
    corinth_receiver_counters counters;
    size_t claimed; /* slots of the open batch; a port has at most one per lane */
    size_t burst;   /* lanes with priority: priority transfers since the last normal one */
    /* Where several threads receive: what is left of a claim that was released in part. */
    size_t kept;
    corinth_position kept_first;
    bool is_kept_priority;
} corinth_receiver;

/*
 * Makes the port of thread `index` of a world of `threads`, whose doorbell and parkers these are.
 * From one thread, before any other uses it.
 */
void corinth_port_init(corinth_port *port, uint32_t index, uint32_t threads,
                       const corinth_run_state *state, corinth_doorbell *bell,
                       corinth_parker *parkers);

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
static inline bool corinth_run_state_is_running(const corinth_run_state *state)
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

/* Begins a call on the port. Debug builds abort if another thread's call is in progress. */
static inline void corinth_port_enter(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
#ifndef NDEBUG
    /* Acquire here and release below only keep the compiler from moving the call's work out. */
    CORINTH_ASSERT(corinth_internal_exchange_acquire_u32(&port->busy, 1) == 0);
#else
    (void)port;
#endif
}

/* Ends the call. */
static inline void corinth_port_leave(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
#ifndef NDEBUG
    /* Release: with the acquire in corinth_port_enter. The call's work comes first. */
    corinth_internal_store_release_u32(&port->busy, 0);
#else
    (void)port;
#endif
}

/*
 * The port's thread sleeps until `is_ready` (OK), at most `timeout_ns` nanoseconds (TIMED_OUT).
 * CORINTH_FOREVER has no end, and with 0 it only looks. STOPPED when the coordinator isn't
 * running and nothing is ready. OK is no promise: another thread of the world may be faster.
 */
corinth_status corinth_port_wait(
    corinth_port *port, corinth_ready_function is_ready, uint64_t timeout_ns);

/*
 * The three steps of a wait, for event loops. Behind prepare the thread looks whether it is ready
 * or the coordinator has stopped: what came before doesn't ring. Then it either cancels or commits.
 */
uint32_t corinth_port_prepare_wait(corinth_port *port);
corinth_status corinth_port_commit_wait(
    corinth_port *port, corinth_ready_function is_ready, uint32_t key, uint64_t timeout_ns);
void corinth_port_cancel_wait(corinth_port *port);

/* See corinth_wake_function. Once, before the first prepare. */
void corinth_port_set_wake(corinth_port *port, corinth_wake_function function, void *context);

/* Counts a tick of the world that took `duration_ns` nanoseconds. */
void corinth_port_record_tick(corinth_port *port, uint64_t duration_ns);

CORINTH_END_DECLARATIONS

#endif
