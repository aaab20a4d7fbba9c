/*
 * Goal: the SPSC ring hands six items over in order through two slots, whatever the schedule.
 * Method: every execution. Slots are plain memory, so a slot that is read too early or written too
 * early is a race. The producer reserves up to two and commits them, once fewer than it reserved;
 * the consumer peeks up to two, and once releases fewer than it peeked.
 */
#define KIND corinth_spsc
#include "rings.h"

#define ITEMS 6u

static void producer(void)
{
    while (sent[0].rows < ITEMS) {
        size_t count = ring_reserve(0, ITEMS - sent[0].rows < 2 ? 1 : 2);
        /* Of two slots for items 3 and 4, the second is aborted half filled and reserved again. */
        if (sent[0].rows == 2 && count == 2) {
            *ring_slot(producers[0].next + 1) = 999;
            count = 1;
        }
        ring_commit(0, count);
    }
}

static void consumer(void)
{
    while (received[0].rows < ITEMS) {
        size_t count = KIND.peek(&consumers[0], CAPACITY, 2);
        if (count == 0) {
            explorer_pause();
            continue;
        }
        ring_take(0, received[0].rows == 3 ? 1 : count);
    }
}

static void finish(void)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        explorer_check(received[0].value[i] == 100 + i, "in the order of sending");
    }
    ring_check(ITEMS, 0);
}

const explorer_program_form explorer_program = {
    .name = "spsc",
    .source = "SPSC ring: 6 items, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
