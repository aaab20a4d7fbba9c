/*
 * port.h - what every port and every coordinator has, whatever its schema.
 *
 * A port is one thread's handle on its world. All of it but the counters belongs to that thread; a
 * port may be handed to another thread if the hand-over is ordered (a join, a mutex).
 */
#ifndef CORINTH_PORT_H
#define CORINTH_PORT_H

#include <string.h>

#include <corinth/parking.h>
#include <corinth/platform.h>
#include <corinth/stats.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * A doorbell costs its ringer a fence, as much as many small transfers. It is therefore rung when a
 * port flushes or waits, or when it has published this many bytes since the last time.
 */
#define CORINTH_DOORBELL_BYTES 2048

typedef struct corinth_port {
    uint32_t index;       /* of the thread in its world */
    uint32_t busy;        /* atomic; 1 while a call is in progress, in debug builds */
    size_t turn;          /* weighted round robin: the inbound lane whose turn it is */
    size_t credit;        /* transfers that its turn has left */
    uint64_t due_worlds;  /* bit w: world w's doorbell is due */
    size_t due_transfers; /* published since the doorbells were rung */
    size_t due_bytes;
    corinth_tick_counters ticks;
} corinth_port;

/* A port's side of a lane that it sends over. */
typedef struct corinth_sender {
    corinth_sender_counters counters;
    size_t claimed; /* slots of the open claim; a port has at most one open in a lane */
} corinth_sender;

/* A port's side of a lane that it receives from. */
typedef struct corinth_receiver {
    corinth_receiver_counters counters;
    size_t claimed; /* slots of the open batch; likewise */
    size_t burst;   /* priority transfers since the last other one, where the lane has priority */
} corinth_receiver;

/* What all ports read and only start, stop and reset write: on a line of its own. */
typedef struct corinth_run_state {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t is_running; /* atomic; 0 or 1 */
    corinth_counter epoch; /* atomic; how often the statistics were reset, from 1 */
} corinth_run_state;

/* The port of thread `index`, owing nothing. From one thread, before any other uses it. */
static inline void corinth_port_init(corinth_port *port, uint32_t index)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(index < CORINTH_THREADS_MAX);
    memset(port, 0, sizeof(*port));
    port->index = index;
}

/* Not running, in the first epoch of the statistics. From one thread, before any other reads it. */
static inline void corinth_run_state_init(corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: how the coordinator is handed to its threads orders them. */
    corinth_internal_store_relaxed_u32(&state->is_running, 0);
    corinth_internal_store_relaxed_u64(&state->epoch, 1);
}

/* One thread at a time. */
static inline void corinth_run_state_set(corinth_run_state *state, bool is_running)
{
    CORINTH_ASSERT(state != NULL);
    /* Release: with the acquire in corinth_run_state_has_stopped. What was sent before a stop is
     * there for whoever knows of the stop. Those who sleep learn of it by the fences of their
     * doorbells. */
    corinth_internal_store_release_u32(&state->is_running, is_running ? 1 : 0);
}

/* Whether sends are accepted; for a send. */
static inline bool corinth_run_state_is_running(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: a send that happens after stop returned sees its store by coherence; one that
     * overlaps it may see either. Nothing else is concluded. */
    return corinth_internal_load_relaxed_u32(&state->is_running) != 0;
}

/* Whether it was stopped; for a receiver, which after this looks whether something is left. */
static inline bool corinth_run_state_has_stopped(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Acquire: with the release in corinth_run_state_set. What was sent before the stop is seen by
     * the look at the lanes that follows. */
    uint32_t is_running = corinth_internal_load_acquire_u32(&state->is_running);
    CORINTH_ASSERT(is_running <= 1);
    return is_running == 0;
}

/* The epoch of the statistics, for counters of maxima. */
static inline uint64_t corinth_run_state_epoch(const corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: a port that sees it late starts its maxima anew late. */
    return corinth_internal_load_relaxed_u64(&state->epoch);
}

/* Makes every port start its maxima and ticks anew. One thread at a time. */
static inline void corinth_run_state_advance_epoch(corinth_run_state *state)
{
    CORINTH_ASSERT(state != NULL);
    /* Relaxed: a port orders its own counters behind the epoch that it writes beside them. */
    corinth_internal_store_relaxed_u64(&state->epoch, corinth_run_state_epoch(state) + 1);
}

/* A call on the port begins. Debug builds stop if another thread's is in progress. */
static inline void corinth_port_enter(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
#ifndef NDEBUG
    /* Acquire, and release below: only against the compiler's moving the call's own work out. */
    CORINTH_ASSERT(corinth_internal_exchange_acquire_u32(&port->busy, 1) == 0);
#else
    (void)port;
#endif
}

/* The call ends. */
static inline void corinth_port_leave(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
#ifndef NDEBUG
    /* Release: with the acquire in corinth_port_enter; the call's own work comes before. */
    corinth_internal_store_release_u32(&port->busy, 0);
#else
    (void)port;
#endif
}

/* Remembers that `world` must be rung for what was just published. True: flush, it is time. */
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

/* Forgets what was due, after ringing. */
static inline void corinth_port_clear_due(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    port->due_worlds = 0;
    port->due_transfers = 0;
    port->due_bytes = 0;
}

CORINTH_END_DECLARATIONS

#endif
