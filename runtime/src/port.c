/* port.c - what a port does when it has nothing to do: it sleeps, and is woken. */
#include <corinth/port.h>

#include "sleeping.h"

CORINTH_BEGIN_DECLARATIONS

static bool is_ready_at(const corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->kind != NULL);
    const corinth_lane_ends *ends = receiver->ends;
    bool may_receive = ends == NULL || corinth_lane_ends_may_receive(ends, receiver->index);
    return may_receive && receiver->kind->is_ready(&receiver->side, receiver->capacity);
}

bool corinth_port_is_ready(const corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->turns <= port->receiver_count);
    for (uint32_t i = 0; i < port->receiver_count; i++) {
        if (is_ready_at(&port->receivers[i])) {
            return true;
        }
    }
    return false;
}

bool corinth_port_is_closed(const corinth_port *port)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->turns <= port->receiver_count);
    bool is_closed = port->turns > 0;
    for (uint32_t i = 0; is_closed && i < port->turns; i++) {
        is_closed = corinth_lane_is_over(&port->receivers[i]);
    }
    return is_closed;
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

static bool is_ready(const void *port)
{
    CORINTH_ASSERT(port != NULL);
    return corinth_port_is_ready((const corinth_port *)port);
}

static bool is_closed(const void *port)
{
    CORINTH_ASSERT(port != NULL);
    return corinth_port_is_closed((const corinth_port *)port);
}

/* A wait for transfers, at the world's doorbell. */
static corinth_internal_wait inbound(const corinth_port *port)
{
    CORINTH_ASSERT(port->index < port->bell->threads);
    corinth_internal_wait wait = {&port->bell, 1, port->index, port->state,
                                  is_ready, is_closed, port};
    return wait;
}

corinth_status corinth_port_commit_wait(corinth_port *port, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    corinth_internal_wait wait = inbound(port);
    return corinth_internal_wait_once(&wait, key, timeout_ns);
}

corinth_status corinth_port_wait(corinth_port *port, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    corinth_internal_wait wait = inbound(port);
    return corinth_internal_wait_until(&wait, timeout_ns);
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
