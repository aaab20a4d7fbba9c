/* port.c - what a port does when it has nothing to do: it sleeps, and is woken. */
#include <corinth/port.h>

#include <string.h>

CORINTH_BEGIN_DECLARATIONS

void corinth_port_init(corinth_port *port, uint32_t index, uint32_t threads,
                       const corinth_run_state *state, corinth_doorbell *bell,
                       corinth_parker *parkers)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(threads <= CORINTH_THREADS_MAX);
    CORINTH_ASSERT(index < threads);
    memset(port, 0, sizeof(*port));
    port->index = index;
    port->threads = threads;
    port->state = state;
    port->bell = bell;
    port->parkers = parkers;
}

uint32_t corinth_port_prepare_wait(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->threads);
    return corinth_parker_prepare(port->bell, port->parkers, port->index);
}

void corinth_port_cancel_wait(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->threads);
    corinth_parker_cancel(port->bell, port->index);
}

/* Commits once. `*is_found` is what a look behind it says; if it is false, the status says why. */
static corinth_status sleep_once(corinth_port *port, corinth_ready_function is_ready, uint32_t key,
                                 uint64_t timeout_ns, bool *is_found)
{
    CORINTH_ASSERT(port->index < port->threads);
    CORINTH_ASSERT(is_ready != NULL);
    corinth_status status = CORINTH_STOPPED;
    if (corinth_run_state_is_running(port->state)) {
        status = corinth_parker_commit(port->bell, port->parkers, port->index, key, timeout_ns);
    } else {
        corinth_port_cancel_wait(port);
    }
    /* Before the look, which then finds all that was sent before the stop. */
    bool has_stopped = corinth_run_state_has_stopped(port->state);
    *is_found = is_ready(port);
    return has_stopped ? CORINTH_STOPPED : status;
}

corinth_status corinth_port_commit_wait(
    corinth_port *port, corinth_ready_function is_ready, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    bool is_found = false;
    corinth_status status = sleep_once(port, is_ready, key, timeout_ns, &is_found);
    return is_found ? CORINTH_OK : status;
}

corinth_status corinth_port_wait(
    corinth_port *port, corinth_ready_function is_ready, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(is_ready != NULL);
    /* Before the look, as in sleep_once. Looking is cheap, preparing costs a barrier: only a thread
     * that finds nothing pays for it. */
    bool has_stopped = corinth_run_state_has_stopped(port->state);
    if (is_ready(port)) {
        return CORINTH_OK;
    }
    if (has_stopped) {
        return CORINTH_STOPPED;
    }
    if (timeout_ns == 0) {
        return CORINTH_TIMED_OUT;
    }
    uint64_t deadline_ns = corinth_deadline_ns(timeout_ns);
    corinth_status status = CORINTH_OK;
    bool is_found = false;
    while (!is_found && status == CORINTH_OK) {
        uint32_t key = corinth_port_prepare_wait(port);
        is_found = is_ready(port);
        if (is_found) {
            corinth_port_cancel_wait(port);
        } else {
            uint64_t left_ns = corinth_time_left_ns(deadline_ns);
            status = sleep_once(port, is_ready, key, left_ns, &is_found);
        }
    }
    return is_found ? CORINTH_OK : status;
}

void corinth_port_set_wake(corinth_port *port, corinth_wake_function function, void *context)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->threads);
    port->parkers[port->index].wake = function;
    port->parkers[port->index].context = context;
}

void corinth_port_record_tick(corinth_port *port, uint64_t duration_ns)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->threads);
    corinth_count_tick(&port->ticks, duration_ns, corinth_run_state_epoch(port->state));
}

CORINTH_END_DECLARATIONS
