/* port.c - what a port does when it has nothing to do: it sleeps, and is woken. */
#include <corinth/coordinator.h>

#include "sleeping.h"

CORINTH_BEGIN_DECLARATIONS

/* A wait has 64 bits for what it waits for, each with at most one doorbell. */
#define BELLS_MAX 64

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

/* How many ends of lanes into the world there were, by all starts: a sum that only grows. */
static uint32_t count_ends(const corinth_port *port)
{
    CORINTH_ASSERT(port->turns <= port->receiver_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < port->turns; i++) {
        const corinth_lane_ends *ends = port->receivers[i].ends;
        count += ends != NULL ? corinth_lane_ends_count(ends) : 0;
    }
    return count;
}

/* Transfers; or the end of a lane of which the program wasn't told, unless it was the last one. */
static uint64_t find_inbound(const void *context)
{
    CORINTH_ASSERT(context != NULL);
    const corinth_port *port = (const corinth_port *)context;
    bool is_found = corinth_port_is_ready(port)
        || (count_ends(port) != port->told && !corinth_port_is_closed(port));
    return is_found ? CORINTH_INBOUND : 0;
}

/*
 * A wait returns and has found `found`. If nothing is ready the program looks at its lanes, and so
 * it is told of all ends that are seen here. Otherwise it may take one transfer and wait again.
 */
static void note_told(corinth_port *port, uint64_t found)
{
    CORINTH_ASSERT(port->index < port->bell->threads);
    uint32_t count = count_ends(port);
    if ((found & CORINTH_INBOUND) != 0 && count != port->told && !corinth_port_is_ready(port)) {
        port->told = count;
    }
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
    corinth_internal_wait wait = {
        &port->bell, 1, port->index, port->state, find_inbound, is_closed, port, 0,
    };
    return wait;
}

corinth_status corinth_port_commit_wait(corinth_port *port, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    CORINTH_ASSERT(port->bell->waiting == CORINTH_WAITING_PARK);
    corinth_internal_wait wait = inbound(port);
    uint64_t found = 0;
    corinth_status status = corinth_internal_wait_once(&wait, key, timeout_ns, &found);
    note_told(port, found);
    return status;
}

corinth_status corinth_port_wait(corinth_port *port, uint64_t timeout_ns)
{
    CORINTH_ASSERT(port != NULL);
    corinth_internal_wait wait = inbound(port);
    uint64_t found = 0;
    corinth_status status = corinth_internal_wait_until(&wait, timeout_ns, &found);
    note_told(port, found);
    return status;
}

/* The doorbells of a wait for several things: the world's first, where it is among them. */
typedef struct selection {
    const corinth_port *port;
    uint64_t interest;
    corinth_bell *bells[BELLS_MAX];
    size_t count;
} selection;

/* Whether room in a ring is among what a thread waits for. */
static bool is_wanted(const corinth_ring_form *ring, uint64_t interest)
{
    CORINTH_ASSERT(ring->interest < 64);
    return ring->interest > 0 && (interest >> ring->interest & 1) != 0;
}

static void select_bells(selection *self, const corinth_port *port, uint64_t interest)
{
    self->port = port;
    self->interest = interest;
    self->count = 0;
    if ((interest & CORINTH_INBOUND) != 0) {
        self->bells[self->count++] = port->bell;
    }
    for (uint32_t i = 0; i < port->ring_count; i++) {
        const corinth_ring_form *ring = &port->rings[i];
        corinth_bell *room = port->senders[ring->sender].room;
        /* The two rings of a lane have one bell, and they are neighbours. */
        if (is_wanted(ring, interest)
            && (self->count == 0 || self->bells[self->count - 1] != room)) {
            CORINTH_ASSERT(self->count < BELLS_MAX);
            self->bells[self->count++] = room;
        }
    }
}

/* What is closed is found as well: a call on it doesn't wait, but returns CLOSED. */
static uint64_t find_any(const void *context)
{
    const selection *self = (const selection *)context;
    const corinth_port *port = self->port;
    CORINTH_ASSERT(port->ring_count > 0);
    uint64_t found = 0;
    if ((self->interest & CORINTH_INBOUND) != 0) {
        found = corinth_port_is_closed(port) ? CORINTH_INBOUND : find_inbound(port);
    }
    /* Room counts while sends are accepted. */
    if (corinth_run_state_is_running(port->state)) {
        for (uint32_t i = 0; i < port->ring_count; i++) {
            const corinth_ring_form *ring = &port->rings[i];
            const corinth_sender *sender = &port->senders[ring->sender];
            if (is_wanted(ring, self->interest)
                && (corinth_lane_is_shut(sender)
                    || ring->kind->has_room(&sender->side, ring->capacity))) {
                found |= UINT64_C(1) << ring->interest;
            }
        }
    }
    return found;
}

/* It finds what is closed, so that it is told which. */
static bool is_never_closed(const void *context)
{
    CORINTH_ASSERT(context != NULL);
    (void)context;
    return false;
}

static corinth_internal_wait wait_of(const selection *self)
{
    const corinth_port *port = self->port;
    CORINTH_ASSERT(port->index < port->bell->threads);
    /* Without an interest it only looks; the world's bell is for the thread's interrupts then. */
    corinth_internal_wait wait = {
        self->count > 0 ? self->bells : &port->bell, self->count > 0 ? self->count : 1,
        port->index, port->state, find_any, is_never_closed, self, 0,
    };
    return wait;
}

corinth_status corinth_port_wait_for(
    corinth_port *port, uint64_t interest, uint64_t timeout_ns, uint64_t *ready)
{
    CORINTH_ASSERT((interest & ~port->interests) == 0);
    CORINTH_ASSERT(interest != 0);
    selection self;
    select_bells(&self, port, interest & port->interests);
    corinth_internal_wait wait = wait_of(&self);
    corinth_status status =
        corinth_internal_wait_until(&wait, self.count > 0 ? timeout_ns : 0, ready);
    note_told(port, *ready);
    return status;
}

uint32_t corinth_port_prepare_wait_for(corinth_port *port, uint64_t interest)
{
    CORINTH_ASSERT((interest & ~port->interests) == 0);
    CORINTH_ASSERT(interest != 0);
    CORINTH_ASSERT(port->interest == 0);
    CORINTH_ASSERT(port->bell->waiting == CORINTH_WAITING_PARK);
    port->interest = interest & port->interests;
    selection self;
    select_bells(&self, port, port->interest);
    return self.count > 0 ? corinth_bells_prepare(self.bells, self.count, port->index) : 0;
}

corinth_status corinth_port_commit_wait_for(
    corinth_port *port, uint32_t key, uint64_t timeout_ns, uint64_t *ready)
{
    CORINTH_ASSERT(port->interest != 0);
    selection self;
    select_bells(&self, port, port->interest);
    port->interest = 0;
    corinth_internal_wait wait = wait_of(&self);
    corinth_status status = self.count > 0
        ? corinth_internal_wait_once(&wait, key, timeout_ns, ready)
        : corinth_internal_wait_until(&wait, 0, ready);
    note_told(port, *ready);
    return status;
}

void corinth_port_cancel_wait_for(corinth_port *port)
{
    CORINTH_ASSERT(port->interest != 0);
    selection self;
    select_bells(&self, port, port->interest);
    port->interest = 0;
    corinth_bells_cancel(self.bells, self.count, port->index);
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
