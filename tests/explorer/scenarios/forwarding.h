/*
 * forwarding.h - what the scenarios of forwarders add to rings.h: a thread that looks at slots in
 * order, reads them, and returns them later.
 */
#ifndef EXPLORER_SCENARIOS_FORWARDING_H
#define EXPLORER_SCENARIOS_FORWARDING_H

#include "rings.h"

/* How many slots from the consumer's position on it has read, and not freed. */
static size_t ahead;

/*
 * Looks once behind what it has read and reads up to `wanted` slots there, unless they are skipped.
 * Returns how many it was shown.
 */
static inline size_t forward(size_t wanted)
{
    corinth_ring_side *side = &consumers[0];
    corinth_position first = side->next + ahead;
    bool is_skipped = true;
    size_t shown = KIND.look(side, CAPACITY, ahead, wanted, &is_skipped);
    explorer_check(shown <= wanted, "no more than it wants");
    for (size_t i = 0; i < shown && !is_skipped; i++) {
        queue_add(&received[0], first + i, *ring_slot(first + i));
    }
    ahead += shown;
    return shown;
}

/* What it has read is still there: it looks again from the first slot on. */
static inline void forward_again(void)
{
    size_t offset = 0;
    while (offset < ahead) {
        bool is_skipped = false;
        size_t shown = KIND.look(&consumers[0], CAPACITY, offset, ahead - offset, &is_skipped);
        explorer_check(shown > 0, "what was shown is shown again");
        for (size_t i = 0; i < shown && !is_skipped; i++) {
            uint64_t position = consumers[0].next + offset + i;
            uint64_t value = 0;
            unsigned times = queue_find(received, 1, position, &value);
            explorer_check(times == 1 && *ring_slot(position) == value, "as it was shown before");
        }
        offset += shown;
    }
}

/* Returns the first `count` slots that it has read. */
static inline void forwarded(size_t count)
{
    KIND.free_first(&consumers[0], CAPACITY, count);
    ahead -= count;
}

static inline void forward_setup(void)
{
    ring_setup();
    ahead = 0;
}

#endif
