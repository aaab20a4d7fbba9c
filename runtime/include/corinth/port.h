/*
 * port.h - the part of a port and of a coordinator that is the same for every schema.
 *
 * A port is one thread's handle on its world. Only that thread uses it, except that others may read
 * its counters. A port may be handed to another thread if the hand-over is ordered (by a join or a
 * mutex).
 */
#ifndef CORINTH_PORT_H
#define CORINTH_PORT_H

#include <string.h>

#include <corinth/parking.h>
#include <corinth/platform.h>
#include <corinth/stats.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * Ringing a doorbell takes a fence, which costs as much as many small transfers. A port therefore
 * rings when it flushes or waits, or when it has published this many bytes since it last rang.
 */
#define CORINTH_DOORBELL_BYTES 2048

typedef struct corinth_port {
    uint32_t index;       /* the thread's number in its world */
    uint32_t busy;        /* atomic; 1 while a call is in progress, in debug builds */
    size_t turn;          /* weighted round robin: the inbound lane whose turn it is */
    size_t credit;        /* transfers that its turn has left */
    uint64_t due_worlds;  /* bit w: world w's doorbell must be rung */
    size_t due_transfers; /* published since this port last rang */
    size_t due_bytes;
    corinth_tick_counters ticks;
} corinth_port;

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
} corinth_receiver;

/* Read by all ports and written only by start, stop and reset, hence on a cache line of its own. */
typedef struct corinth_run_state {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t is_running; /* atomic; 0 or 1 */
    corinth_counter epoch; /* atomic; 1 at first, one more after each reset of the statistics */
} corinth_run_state;

/* The port of thread `index`, with no doorbell due. From one thread, before any other uses it. */
static inline void corinth_port_init(corinth_port *port, uint32_t index)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(index < CORINTH_THREADS_MAX);
    memset(port, 0, sizeof(*port));
    port->index = index;
}

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
     * what this thread saw sent before it. Sleeping threads see the stop by their doorbells'
     * fences. */
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
 * Marks the doorbell of `world` as due for what was just published. Returns whether to flush now.
 */
static inline bool corinth_port_mark_due(
    corinth_port *port, uint32_t world, size_t transfers, size_t bytes)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(world < 64);
    port->due_worlds |= (uint64_t)(transfers > 0) << world;
    port->due_transfers += transfers;
    port->due_bytes += bytes;
    return port->due_bytes >= CORINTH_DOORBELL_BYTES;
}

/* Called after ringing: no doorbell is due any more. */
static inline void corinth_port_clear_due(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    port->due_worlds = 0;
    port->due_transfers = 0;
    port->due_bytes = 0;
}

CORINTH_END_DECLARATIONS

#endif
