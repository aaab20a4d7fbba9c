/*
 * parts.h - where the parts of a coordinator lie, by its form: bells, ports, counters, records.
 */
#ifndef CORINTH_PARTS_H
#define CORINTH_PARTS_H

#include <corinth/coordinator.h>

CORINTH_BEGIN_DECLARATIONS

/* The bytes at an offset. Generated code asserts where each part lies, and that it is aligned. */
static inline void *part_at(const void *base, size_t offset)
{
    return (unsigned char *)(uintptr_t)base + offset;
}

static inline corinth_bell *bell_of(const corinth_coordinator *coordinator, uint32_t world)
{
    CORINTH_ASSERT(world < coordinator->form->world_count);
    return (corinth_bell *)part_at(coordinator, coordinator->form->bells) + world;
}

/* The bell of the room that a form calls `room`, from 1 on. */
static inline corinth_bell *room_of(const corinth_coordinator *coordinator, uint32_t room)
{
    CORINTH_ASSERT(room > 0);
    CORINTH_ASSERT(room <= coordinator->form->room_count);
    return (corinth_bell *)part_at(coordinator, coordinator->form->rooms) + (room - 1);
}

/* The ends of the lane that a form calls `closable`, likewise. */
static inline corinth_lane_ends *ends_of(const corinth_coordinator *coordinator, uint32_t closable)
{
    CORINTH_ASSERT(closable > 0);
    CORINTH_ASSERT(closable <= coordinator->form->closable_count);
    void *first = part_at(coordinator->shared, coordinator->form->ends);
    return (corinth_lane_ends *)first + (closable - 1);
}

static inline corinth_lane_record *record_of(const corinth_coordinator *coordinator, uint32_t lane)
{
    CORINTH_ASSERT(lane < coordinator->form->lane_count);
    return (corinth_lane_record *)part_at(coordinator->shared, coordinator->form->records) + lane;
}

static inline corinth_tick_counters *ticks_of(
    const corinth_coordinator *coordinator, uint32_t thread)
{
    return (corinth_tick_counters *)part_at(coordinator->shared, coordinator->form->ticks) + thread;
}

static inline corinth_ring *ring_of(
    const corinth_coordinator *coordinator, const corinth_ring_form *form)
{
    CORINTH_ASSERT(form->ring % CORINTH_CACHE_LINE == 0);
    return (corinth_ring *)part_at(coordinator->shared, form->ring);
}

static inline corinth_sender_counters *sender_counters(
    const corinth_coordinator *coordinator, const corinth_ring_form *ring, uint32_t port)
{
    CORINTH_ASSERT(port < ring->producers);
    return (corinth_sender_counters *)part_at(coordinator->shared, ring->senders) + port;
}

static inline corinth_receiver_counters *receiver_counters(
    const corinth_coordinator *coordinator, const corinth_ring_form *ring, uint32_t port)
{
    CORINTH_ASSERT(port < ring->consumers);
    return (corinth_receiver_counters *)part_at(coordinator->shared, ring->receivers) + port;
}

static inline corinth_port *port_of(
    const corinth_coordinator *coordinator, uint32_t world, uint32_t index)
{
    const corinth_world_form *form = &coordinator->form->worlds[world];
    CORINTH_ASSERT(index < form->threads);
    return (corinth_port *)part_at(coordinator, form->ports + index * form->port_bytes);
}

CORINTH_END_DECLARATIONS

#endif
