/*
 * port.h - the part of a port that is the same for every schema: sleeping, turns, ticks.
 *
 * A port is one thread's handle on its world. Only that thread uses it. It may be handed to another
 * thread if the hand-over is ordered (by a join or a mutex).
 */
#ifndef CORINTH_PORT_H
#define CORINTH_PORT_H

#include <corinth/lane.h>
#include <corinth/parking.h>
#include <corinth/platform.h>
#include <corinth/run_state.h>
#include <corinth/stats.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

struct corinth_ring_form;

typedef struct corinth_port {
    uint32_t index;  /* the thread's number in its world */
    uint32_t busy;   /* atomic; 1 while a call is in progress, in debug builds */
    uint32_t turns;  /* how many lanes lead into the world; their receivers come first */
    uint32_t receiver_count;
    uint32_t turn;   /* weighted round robin: the lane whose turn it is */
    uint32_t told;   /* how many ends of lanes into the world a wait has told of */
    size_t credit;   /* transfers that its turn has left */
    corinth_receiver *receivers;
    const corinth_run_state *state;
    corinth_bell *bell; /* the world's */
    corinth_tick_counters *ticks;
    const corinth_undelivered_handler *undelivered; /* the program's, for lanes that have it */
    corinth_sender *senders;
    const struct corinth_ring_form *rings; /* those that the world sends over; of wait_for */
    uint32_t ring_count;
    uint64_t interests; /* the bits that a wait_for may name */
    uint64_t interest;  /* those of the one that is prepared */
} corinth_port;

CORINTH_STATIC_ASSERT(CORINTH_CACHE_LINE != 128 || sizeof(corinth_port) <= 128, "one line");

/*
 * Whether a receive would take something, or pass slots that were skipped: what the port's thread
 * looks at before it sleeps. (Transfers that another thread's open claim hides are pending and not
 * ready.)
 */
bool corinth_port_is_ready(const corinth_port *port);

/*
 * Whether all lanes into the world can be closed and are: by their senders, or by this port. What
 * isn't in them when it is looked for after this won't come before the next start.
 */
bool corinth_port_is_closed(const corinth_port *port);

/*
 * Waits until the port is ready (OK), at most `timeout_ns` nanoseconds (TIMED_OUT);
 * CORINTH_FOREVER has no end, 0 only looks. When nothing is ready: CLOSED where the port is closed,
 * otherwise OK, once, where a lane into the world has ended since a wait has said so: who looks at
 * its lanes then finds that one CLOSED; otherwise STOPPED when the coordinator isn't running.
 * CANCELLED when the thread was interrupted, whatever is ready. OK is no promise: another thread of
 * the world may be faster, or a start may have opened the lane again. It sleeps, or looks again and
 * again if the world doesn't park.
 */
corinth_status corinth_port_wait(corinth_port *port, uint64_t timeout_ns);

/*
 * The first of three steps to sleep in an event loop. After it, look at is_ready, at is_closed
 * where all lanes can be closed, at that of each lane which can be and wasn't yet, and at whether
 * the coordinator has stopped: what came before doesn't ring. Any of them: cancel. Otherwise sleep
 * by commit_wait, or in the loop until the wake function is called, and then cancel. Returns the
 * key for commit_wait.
 */
uint32_t corinth_port_prepare_wait(corinth_port *port);

/*
 * Sleeps until rung, at most `timeout_ns` nanoseconds. OK: receive, though another thread of the
 * world may have been faster; TIMED_OUT; CANCELLED, as from a wait; or CLOSED or STOPPED, likewise.
 */
corinth_status corinth_port_commit_wait(corinth_port *port, uint32_t key, uint64_t timeout_ns);

/* Not going to sleep after all, or awake again. A ring may have been taken: look at is_ready. */
void corinth_port_cancel_wait(corinth_port *port);

/*
 * Waits until something of `interest` is there (OK): CORINTH_INBOUND is what wait waits for, and
 * each other bit is room in one of the rings whose sends wait for it. `*ready` is the part of them
 * that is there, nothing unless it is OK. Time, and the other statuses, as wait; room is of no use
 * to a thread that finds the coordinator stopped, so it counts only until then. If CORINTH_INBOUND
 * is in `*ready`, receive until EMPTY, or wait for it again: a ring may have been taken for it.
 * `interest` names a bit that the world has, and none that it hasn't, which debug builds check; in
 * others such a bit is never ready, and a call without one of the world's own only looks.
 */
corinth_status corinth_port_wait_for(
    corinth_port *port, uint64_t interest, uint64_t timeout_ns, uint64_t *ready);

/*
 * Its three steps, as those of wait: what came before the first doesn't ring. Behind it look by a
 * wait_for with time 0; if that isn't TIMED_OUT, cancel. The port knows the interest until then.
 */
uint32_t corinth_port_prepare_wait_for(corinth_port *port, uint64_t interest);

/*
 * Sleeps until rung, at most `timeout_ns` nanoseconds. OK, perhaps with nothing in `*ready` where
 * another thread was faster; TIMED_OUT; CANCELLED; or STOPPED.
 */
corinth_status corinth_port_commit_wait_for(
    corinth_port *port, uint32_t key, uint64_t timeout_ns, uint64_t *ready);

/* Not going to sleep after all. A ring may have been taken: look by a wait_for with time 0. */
void corinth_port_cancel_wait_for(corinth_port *port);

/*
 * `function` is called with `context`, in the sender's thread, when the world is rung while this
 * port is between prepare_wait and cancel_wait or commit_wait. Set it before the first of them,
 * once. See corinth_wake_function for what it may do.
 */
void corinth_port_set_wake(corinth_port *port, corinth_wake_function function, void *context);

/* Counts a tick of the world that took `duration_ns` nanoseconds. */
void corinth_port_record_tick(corinth_port *port, uint64_t duration_ns);

/*
 * Copies up to `wanted` transfers of the lane whose turn it is to `out`; returns how many.
 * Generated for each world into which several lanes lead.
 */
typedef size_t (*corinth_take_function)(corinth_port *port, void *out, size_t wanted);

/*
 * How many transfers a lane's turn lasts: as many as its weight says, times its batch size in a
 * batch. So a lane that has something is served after at most the sum of the others' turns.
 */
static inline size_t corinth_internal_turn_length(const corinth_port *port, bool is_batch)
{
    CORINTH_ASSERT(port->turn < port->turns);
    const corinth_receiver *receiver = &port->receivers[port->turn];
    return (size_t)receiver->weight * (is_batch ? receiver->batch_size : 1);
}

/* Gives the turn to the next lane. */
static inline void corinth_internal_next_turn(corinth_port *port, bool is_batch)
{
    uint32_t turn = port->turn + 1;
    port->turn = turn < port->turns ? turn : 0;
    port->credit = corinth_internal_turn_length(port, is_batch);
    CORINTH_ASSERT(port->credit > 0);
}

/* Receives one transfer; the lanes take turns. OK or EMPTY, also while stopped. */
CORINTH_INLINE corinth_status corinth_port_receive(
    corinth_port *port, corinth_take_function take, void *out)
{
    /* A turn that began in a batch isn't as long here. */
    size_t most = corinth_internal_turn_length(port, false);
    port->credit = port->credit < most ? port->credit : most;
    /* The first look may only end a turn; each lane gets one after it. */
    for (uint32_t look = 0; look <= port->turns; look++) {
        if (port->credit > 0 && take(port, out, 1) > 0) {
            port->credit--;
            return CORINTH_OK;
        }
        corinth_internal_next_turn(port, false);
    }
    return CORINTH_EMPTY;
}

/* The same where all lanes into the world can be closed: CLOSED when nothing more comes. */
CORINTH_INLINE corinth_status corinth_port_receive_open(
    corinth_port *port, corinth_take_function take, void *out)
{
    corinth_status status = corinth_port_receive(port, take, out);
    if (status == CORINTH_EMPTY && corinth_port_is_closed(port)) {
        /* Once more, as what was sent may have come between the look and the close. */
        status = corinth_port_receive(port, take, out);
        status = status == CORINTH_OK ? CORINTH_OK : CORINTH_CLOSED;
    }
    return status;
}

/*
 * Receives up to `max` transfers of `bytes` each, the lanes taking turns (weighted round robin).
 * Returns how many.
 */
CORINTH_INLINE size_t corinth_port_receive_batch(
    corinth_port *port, corinth_take_function take, void *out, size_t bytes, size_t max)
{
    size_t received = 0;
    uint32_t fruitless = 0;
    /* The first fruitless look may only end a turn; each lane gets one after it. */
    while (received < max && fruitless <= port->turns) {
        size_t left = max - received;
        size_t wanted = left < port->credit ? left : port->credit;
        size_t count = 0;
        if (wanted > 0) {
            count = take(port, (unsigned char *)out + received * bytes, wanted);
            CORINTH_ASSERT(count <= wanted);
        }
        if (count > 0) {
            received += count;
            port->credit -= count;
            fruitless = 0;
        } else {
            fruitless++;
            corinth_internal_next_turn(port, true);
        }
    }
    return received;
}

CORINTH_END_DECLARATIONS

#endif
