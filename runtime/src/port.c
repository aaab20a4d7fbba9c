/* port.c - what a port does when it has nothing to do: it sleeps, and is woken. */
#include <corinth/port.h>

CORINTH_BEGIN_DECLARATIONS

bool corinth_port_is_ready(const corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->turns <= port->receiver_count);
    for (uint32_t i = 0; i < port->receiver_count; i++) {
        const corinth_receiver *receiver = &port->receivers[i];
        if (receiver->kind->is_ready(&receiver->side, receiver->capacity)) {
            return true;
        }
    }
    return false;
}

uint32_t corinth_port_prepare_wait(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->bell->threads);
    return corinth_bell_prepare(port->bell, port->index);
}

void corinth_port_cancel_wait(corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->bell->threads);
    corinth_bell_cancel(port->bell, port->index);
}

/* Commits once. `*is_found` is what a look behind it says; if it is false, the status says why. */
static corinth_status sleep_once(
    corinth_port *port, uint32_t key, uint64_t timeout_ns, bool *is_found)
{
    CORINTH_ASSERT(port->index < port->bell->threads);
    corinth_status status = CORINTH_STOPPED;
    if (corinth_run_state_is_running(port->state)) {
        status = corinth_bell_commit(port->bell, port->index, key, timeout_ns);
    } else {
        corinth_port_cancel_wait(port);
    }
    /* Before the look, which then finds all that was sent before the stop. */
    bool has_stopped = corinth_run_state_has_stopped(port->state);
    *is_found = corinth_port_is_ready(port);
    return has_stopped ? CORINTH_STOPPED : status;
}

corinth_status corinth_port_commit_wait(corinth_port *port, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    bool is_found = false;
    corinth_status status = sleep_once(port, key, timeout_ns, &is_found);
    return is_found ? CORINTH_OK : status;
}

corinth_status corinth_port_wait(corinth_port *port, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->bell->threads);
    /* Before the look, as in sleep_once. Looking is cheap, preparing costs a barrier: only a thread
     * that finds nothing pays for it. */
    bool has_stopped = corinth_run_state_has_stopped(port->state);
    if (corinth_port_is_ready(port)) {
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
        is_found = corinth_port_is_ready(port);
        if (is_found) {
            corinth_port_cancel_wait(port);
        } else {
            uint64_t left_ns = corinth_time_left_ns(deadline_ns);
            status = sleep_once(port, key, left_ns, &is_found);
        }
    }
    return is_found ? CORINTH_OK : status;
}

void corinth_port_set_wake(corinth_port *port, corinth_wake_function function, void *context)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->bell->threads);
    corinth_bell_set_wake(port->bell, port->index, function, context);
}

void corinth_port_record_tick(corinth_port *port, uint64_t duration_ns)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->index < port->bell->threads);
    corinth_count_tick(port->ticks, duration_ns, corinth_run_state_epoch(port->state));
}

CORINTH_END_DECLARATIONS
