/*
 * passing_on.h - two threads of a world, for scenarios in which one is rung and doesn't take what
 * is there: the waits of sleeping.h, over the bell and the word of work of parking.h.
 */
#ifndef EXPLORER_SCENARIOS_PASSING_ON_H
#define EXPLORER_SCENARIOS_PASSING_ON_H

#include "parking.h"
#include "sleeping.h"

#define ROOM (CORINTH_INBOUND << 1)

static corinth_bell room;
static corinth_doorbell room_doorbell;
static uint32_t slots; /* what is at the second doorbell, as `work` is at the first */
static corinth_run_state state;
static uint32_t other_key; /* the second thread has announced itself before */

static inline void passing_on_setup(void)
{
    parking_setup(2);
    corinth_bell_init(&room, &room_doorbell, parkers, wakers, 2, false);
    corinth_bell_reset(&room, is_by_fences());
    slots = 0;
    corinth_run_state_init(&state);
    corinth_run_state_set(&state, true);
    other_key = corinth_bell_prepare(&bell, 1);
}

static inline bool is_never_closed(const void *context)
{
    (void)context;
    return false;
}

static inline uint64_t find_work(const void *context)
{
    (void)context;
    return corinth_internal_load_relaxed_u32(&work) > 0 ? CORINTH_INBOUND : 0;
}

static inline uint64_t find_either(const void *context)
{
    uint64_t found = find_work(context);
    return corinth_internal_load_relaxed_u32(&slots) > 0 ? found | ROOM : found;
}

/* The first one doesn't take the work that it is told of: it lets the other one know. */
static inline void hand_over(uint64_t found)
{
    if ((found & CORINTH_INBOUND) != 0) {
        corinth_bell_ring(&bell, 1);
    }
}

/* Sleeps until it is rung, and finds the work, which is for it. */
static inline void other(void)
{
    corinth_bell *const bells[] = {&bell};
    corinth_internal_wait wait = {bells, 1, 1, &state, find_work, is_never_closed, NULL, 0};
    uint64_t found = 0;
    (void)corinth_internal_wait_once(&wait, other_key, CORINTH_FOREVER, &found);
    explorer_check(found == CORINTH_INBOUND, "it is there, and nothing else comes");
}

#endif
