/*
 * ring_room.h - a full ring of two slots, and senders that sleep at a bell until there is room in
 * it: what a lane does, without its counters.
 */
#ifndef EXPLORER_SCENARIOS_RING_ROOM_H
#define EXPLORER_SCENARIOS_RING_ROOM_H

#define START 0

#include "parking.h"
#include "rings.h"

/* Thread 0 fills the ring by the first producer's side. */
static inline void room_setup(void)
{
    parking_setup(WAITERS_MAX);
    ring_setup();
    ring_send(0, CAPACITY, CAPACITY);
}

/* Sends one item by one of the producers; sleeps until there is room. */
static inline void room_send(unsigned producer)
{
    while (KIND.reserve(&producers[producer], CAPACITY, 1) == 0) {
        uint32_t key = corinth_bell_prepare(&bell, producer);
        if (KIND.has_room(&producers[producer], CAPACITY)) {
            corinth_bell_cancel(&bell, producer);
        } else {
            corinth_status status = corinth_bell_commit(&bell, producer, key, CORINTH_FOREVER);
            explorer_check(status == CORINTH_OK, "rung, and not by time");
        }
    }
    ring_commit(producer, 1);
}

/* Receives so many items by one release, which rings for all senders. */
static inline void room_receive(unsigned consumer, size_t items)
{
    explorer_check(ring_try_receive(consumer, items) == items, "they are there");
    corinth_bell_ring(&bell, WAITERS_MAX);
}

static inline void room_finish(void)
{
    ring_drain();
    explorer_check(sent[0].rows + sent[1].rows > CAPACITY, "a sender moved what it waited with");
    queue_check(sent, SIDES_MAX, received, SIDES_MAX, START, sent[0].rows + sent[1].rows, 0);
}

#endif
