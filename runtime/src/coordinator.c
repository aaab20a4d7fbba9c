/* coordinator.c - makes, starts, stops and empties a coordinator, as its form says. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "processor.h"

CORINTH_BEGIN_DECLARATIONS

corinth_port *corinth_coordinator_port(
    corinth_coordinator *coordinator, uint32_t world, uint32_t index)
{
    CORINTH_ASSERT(world < coordinator->form->world_count);
    bool is_port = index < coordinator->form->worlds[world].threads;
    return is_port ? port_of(coordinator, world, index) : NULL;
}

/* Makes the bell and the ports of a world. */
static void init_world(corinth_coordinator *coordinator, uint32_t world)
{
    const corinth_form *form = coordinator->form;
    const corinth_world_form *own = &form->worlds[world];
    CORINTH_ASSERT(own->ports % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(own->port_bytes % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(own->turns <= own->receiver_count);
    corinth_bell *bell = bell_of(coordinator, world);
    corinth_bell_init(
        bell, (corinth_doorbell *)part_at(coordinator->shared, form->doorbells) + world,
        (corinth_parker *)part_at(coordinator->shared, form->parkers) + own->first,
        (corinth_waker *)part_at(coordinator, form->wakers) + own->first, own->threads, false);
    bell->waiting = own->waiting;
    for (uint32_t index = 0; index < own->threads; index++) {
        corinth_port *port = port_of(coordinator, world, index);
        memset(port, 0, own->port_bytes);
        port->index = index;
        port->turns = own->turns;
        port->receiver_count = own->receiver_count;
        port->receivers = (corinth_receiver *)part_at(port, own->receivers);
        port->state = &coordinator->shared->state;
        port->bell = bell;
        port->undelivered = &coordinator->undelivered;
        port->senders = (corinth_sender *)part_at(port, own->senders);
        port->interests = own->turns > 0 ? CORINTH_INBOUND : 0;
        port->ticks = ticks_of(coordinator, own->first + index);
        memset(port->ticks, 0, sizeof(*port->ticks));
    }
}

/* A port knows the forms of the rings that it sends over: they are neighbours, as of one source. */
static void add_ring(corinth_port *port, const corinth_ring_form *form)
{
    CORINTH_ASSERT(form->interest < 64);
    if (port->ring_count == 0) {
        port->rings = form;
    }
    CORINTH_ASSERT(form == &port->rings[port->ring_count]);
    port->ring_count++;
    port->interests |= form->interest > 0 ? UINT64_C(1) << form->interest : 0;
}

static void init_sender(
    corinth_coordinator *coordinator, const corinth_ring_form *form, uint32_t index)
{
    const corinth_world_form *source = &coordinator->form->worlds[form->source];
    CORINTH_ASSERT(form->producers <= source->threads);
    CORINTH_ASSERT(form->sender < (source->port_bytes - source->senders) / sizeof(corinth_sender));
    corinth_port *port = port_of(coordinator, form->source, index);
    corinth_sender *sender = (corinth_sender *)part_at(port, source->senders) + form->sender;
    corinth_shared *shared = coordinator->shared;
    corinth_mark *marks = form->marks > 0 ? (corinth_mark *)part_at(shared, form->marks) : NULL;
    corinth_ring_init_producer(&sender->side, ring_of(coordinator, form), marks);
    sender->slots = part_at(shared, form->slots);
    sender->counters = sender_counters(coordinator, form, index);
    memset(sender->counters, 0, sizeof(*sender->counters));
    sender->state = &shared->state;
    corinth_bell *bell = bell_of(coordinator, form->target);
    bool is_rung = bell->waiting == CORINTH_WAITING_PARK;
    sender->bell = is_rung ? bell : NULL;
    sender->doorbell = is_rung ? bell->doorbell : NULL;
    sender->room = form->room > 0 ? room_of(coordinator, form->room) : port->bell;
    sender->undelivered = form->has_handler ? &coordinator->undelivered : NULL;
    sender->busy = &port->busy;
    sender->ends = form->closable > 0 ? ends_of(coordinator, form->closable) : NULL;
    sender->index = (uint16_t)index;
    add_ring(port, form);
}

static void init_receiver(
    corinth_coordinator *coordinator, const corinth_ring_form *form, uint32_t index)
{
    CORINTH_ASSERT(form->consumers <= coordinator->form->worlds[form->target].threads);
    CORINTH_ASSERT(form->weight > 0);
    CORINTH_ASSERT(form->batch_size > 0);
    corinth_port *port = port_of(coordinator, form->target, index);
    CORINTH_ASSERT(form->receiver < port->receiver_count);
    corinth_receiver *receiver = &port->receivers[form->receiver];
    corinth_shared *shared = coordinator->shared;
    corinth_mark *marks = form->marks > 0 ? (corinth_mark *)part_at(shared, form->marks) : NULL;
    corinth_ring_init_consumer(&receiver->side, ring_of(coordinator, form), marks);
    receiver->slots = part_at(shared, form->slots);
    receiver->counters = receiver_counters(coordinator, form, index);
    memset(receiver->counters, 0, sizeof(*receiver->counters));
    receiver->state = &shared->state;
    receiver->busy = &port->busy;
    receiver->room = form->room > 0 ? room_of(coordinator, form->room) : NULL;
    receiver->ends = form->closable > 0 ? ends_of(coordinator, form->closable) : NULL;
    receiver->index = index;
    receiver->kind = form->kind;
    receiver->capacity = form->capacity;
    receiver->weight = form->weight;
    receiver->batch_size = form->batch_size;
}

/* Makes the bell of a lane whose senders wait; its other ring may have made it before. */
static void init_room(corinth_coordinator *coordinator, const corinth_ring_form *form)
{
    const corinth_form *all = coordinator->form;
    const corinth_world_form *source = &all->worlds[form->source];
    CORINTH_ASSERT(form->room > 0);
    size_t doorbell = (size_t)all->world_count + form->room - 1;
    const corinth_bell *bell = bell_of(coordinator, form->source);
    corinth_bell_init(room_of(coordinator, form->room),
                      (corinth_doorbell *)part_at(coordinator->shared, all->doorbells) + doorbell,
                      bell->parkers, bell->wakers, source->threads, false);
}

/* Where the process may use one processor only, looking for room keeps away who would make it. */
static void init_spinning(corinth_coordinator *coordinator)
{
    uint32_t room_count = coordinator->form->room_count;
    CORINTH_ASSERT(room_count <= coordinator->form->lane_count);
    bool is_useful = room_count > 0 && corinth_internal_has_several_processors();
    for (uint32_t room = 1; room <= room_count; room++) {
        room_of(coordinator, room)->spin_ns = is_useful ? CORINTH_SPIN_NS : 0;
    }
}

static void init_ring(corinth_coordinator *coordinator, const corinth_ring_form *form)
{
    CORINTH_ASSERT(form->lane < coordinator->form->lane_count);
    CORINTH_ASSERT(form->source != form->target);
    CORINTH_ASSERT(form->slots % CORINTH_CACHE_LINE == 0);
    corinth_shared *shared = coordinator->shared;
    corinth_mark *marks = form->marks > 0 ? (corinth_mark *)part_at(shared, form->marks) : NULL;
    corinth_ring_init(ring_of(coordinator, form), marks, form->capacity, 0);
    if (form->room > 0) {
        init_room(coordinator, form);
    }
    if (form->closable > 0) {
        corinth_lane_ends_init(ends_of(coordinator, form->closable));
    }
    for (uint32_t index = 0; index < form->producers; index++) {
        init_sender(coordinator, form, index);
    }
    for (uint32_t index = 0; index < form->consumers; index++) {
        init_receiver(coordinator, form, index);
    }
}

static void reset_bells(corinth_coordinator *coordinator, bool is_fenced)
{
    for (uint32_t world = 0; world < coordinator->form->world_count; world++) {
        corinth_bell_reset(bell_of(coordinator, world), is_fenced);
    }
    for (uint32_t room = 1; room <= coordinator->form->room_count; room++) {
        corinth_bell_reset(room_of(coordinator, room), is_fenced);
    }
}

/* All ports use all lanes. */
static void open_lanes(corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(coordinator->form->closable_count <= coordinator->form->lane_count);
    for (uint32_t ring = 0; ring < coordinator->form->ring_count; ring++) {
        const corinth_ring_form *form = &coordinator->form->rings[ring];
        if (form->closable > 0) {
            corinth_lane_ends *ends = ends_of(coordinator, form->closable);
            corinth_lane_ends_open(ends, form->producers, form->consumers);
        }
    }
}

corinth_status corinth_coordinator_init(void *memory, const corinth_form *form)
{
    CORINTH_ASSERT(form->shared % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(form->ring_count >= form->lane_count);
    if ((uintptr_t)memory % CORINTH_CACHE_LINE != 0) {
        return CORINTH_MISALIGNED;
    }
    corinth_coordinator *coordinator = (corinth_coordinator *)memory;
    corinth_shared *shared = (corinth_shared *)part_at(memory, form->shared);
    coordinator->form = form;
    coordinator->shared = shared;
    coordinator->undelivered.function = NULL;
    coordinator->undelivered.context = NULL;
    corinth_run_state_init(&shared->state);
    shared->layout_hash = form->layout_hash;
    shared->wire_hash = form->wire_hash;
    shared->abi_version = CORINTH_ABI_VERSION;
    shared->cache_line = CORINTH_CACHE_LINE;
    for (uint32_t lane = 0; lane < form->lane_count; lane++) {
        memset(record_of(coordinator, lane), 0, sizeof(corinth_lane_record));
    }
    for (uint32_t world = 0; world < form->world_count; world++) {
        init_world(coordinator, world);
    }
    for (uint32_t ring = 0; ring < form->ring_count; ring++) {
        init_ring(coordinator, &form->rings[ring]);
    }
    open_lanes(coordinator);
    init_spinning(coordinator);
    reset_bells(coordinator, corinth_needs_fences());
    return CORINTH_OK;
}

void corinth_coordinator_use_fences(corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(!corinth_run_state_is_running(&coordinator->shared->state));
    reset_bells(coordinator, true);
}

corinth_status corinth_coordinator_interrupt(
    corinth_coordinator *coordinator, uint32_t world, uint32_t index)
{
    const corinth_bell *bell = bell_of(coordinator, world);
    if (index >= bell->threads) {
        return CORINTH_BAD_WORLD;
    }
    corinth_bell_interrupt(bell, index);
    return CORINTH_OK;
}

void corinth_coordinator_set_undelivered(
    corinth_coordinator *coordinator, corinth_undelivered_function function, void *context)
{
    CORINTH_ASSERT(!corinth_run_state_is_running(&coordinator->shared->state));
    coordinator->undelivered.function = function;
    coordinator->undelivered.context = context;
}

static bool needs_handler(const corinth_form *form)
{
    CORINTH_ASSERT(form->ring_count > 0);
    bool needs_one = false;
    for (uint32_t ring = 0; ring < form->ring_count; ring++) {
        needs_one = needs_one || form->rings[ring].has_handler;
    }
    return needs_one;
}

corinth_status corinth_coordinator_start(corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(corinth_run_state_epoch(&coordinator->shared->state) > 0);
    if (coordinator->undelivered.function == NULL && needs_handler(coordinator->form)) {
        return CORINTH_NO_HANDLER;
    }
    open_lanes(coordinator);
    corinth_run_state_set(&coordinator->shared->state, true);
    return CORINTH_OK;
}

static void wake_all(const corinth_bell *bell)
{
    CORINTH_ASSERT(bell->threads > 0);
    corinth_bell_ring(bell, bell->threads);
}

corinth_status corinth_coordinator_stop(corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(corinth_run_state_epoch(&coordinator->shared->state) > 0);
    corinth_run_state_set(&coordinator->shared->state, false);
    for (uint32_t world = 0; world < coordinator->form->world_count; world++) {
        wake_all(bell_of(coordinator, world));
    }
    for (uint32_t room = 1; room <= coordinator->form->room_count; room++) {
        wake_all(room_of(coordinator, room));
    }
    return CORINTH_OK;
}

bool corinth_coordinator_is_running(const corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(corinth_run_state_epoch(&coordinator->shared->state) > 0);
    return !corinth_run_state_has_stopped(&coordinator->shared->state);
}

size_t corinth_coordinator_deinit(corinth_coordinator *coordinator)
{
    (void)corinth_coordinator_stop(coordinator);
    return (size_t)corinth_coordinator_total_pending(coordinator);
}

void *corinth_coordinator_create(size_t bytes, const corinth_form *form)
{
    /* It is aligned to what its size is a multiple of, as aligned_alloc asks for. */
    CORINTH_ASSERT(bytes % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(form->shared < bytes);
    void *memory = aligned_alloc(CORINTH_CACHE_LINE, bytes);
    if (memory != NULL) {
        (void)corinth_coordinator_init(memory, form);
    }
    return memory;
}

size_t corinth_coordinator_destroy(void *coordinator)
{
    size_t left = 0;
    if (coordinator != NULL) {
        left = corinth_coordinator_deinit((corinth_coordinator *)coordinator);
    }
    free(coordinator);
    return left;
}

/* Takes one from a ring through one of its receivers, which may have kept some. */
static bool take_from(
    corinth_coordinator *coordinator, const corinth_ring_form *form, uint32_t index, void *out)
{
    CORINTH_ASSERT(index < form->consumers);
    corinth_port *port = port_of(coordinator, form->target, index);
    corinth_ring_side *side = &port->receivers[form->receiver].side;
    if (form->kind->peek(side, form->capacity, 1) == 0) {
        return false;
    }
    size_t slot = (size_t)(side->next & (form->capacity - 1));
    size_t offset = form->slots + slot * form->slot_bytes;
    memcpy(out, part_at(coordinator->shared, offset), form->slot_bytes);
    form->kind->release(side, form->capacity, 1);
    corinth_count_drained(record_of(coordinator, form->lane), 1);
    return true;
}

bool corinth_coordinator_take_left(
    corinth_coordinator *coordinator, corinth_drain *drain, void *out)
{
    const corinth_form *form = coordinator->form;
    CORINTH_ASSERT(drain->ring <= form->ring_count);
    while (drain->ring < form->ring_count) {
        const corinth_ring_form *ring = &form->rings[drain->ring];
        CORINTH_ASSERT(drain->port < ring->consumers);
        if (take_from(coordinator, ring, drain->port, out)) {
            return true;
        }
        drain->port++;
        if (drain->port == ring->consumers) {
            drain->ring++;
            drain->port = 0;
        }
    }
    return false;
}

CORINTH_END_DECLARATIONS
