/*
 * Goal: the SPSC ring hands six items over in order through two slots, whatever the schedule.
 * Method: every execution. Slots are plain memory, so a slot that is read too early or written too
 * early is a race. The producer reserves up to two and commits them, once fewer than it reserved;
 * the consumer peeks up to two.
 */
#include <corinth/spsc.h>

#include "queue.h"

#define CAPACITY 2u
#define ITEMS 6u

static corinth_spsc ring;
static uint64_t slots[CAPACITY];
static queue_log sent;
static queue_log received;

static void producer(void)
{
    uint64_t next = 1;
    while (next <= ITEMS) {
        corinth_position first;
        size_t wanted = ITEMS + 1 - next < 2 ? 1 : 2;
        size_t count = corinth_spsc_reserve(&ring, CAPACITY, wanted, &first);
        if (count == 0) {
            explorer_pause();
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            slots[(first + i) & (CAPACITY - 1)] = next + i;
        }
        /* Of two slots for items 3 and 4, the second is aborted and reserved again. */
        size_t kept = next == 3 ? 1 : count;
        for (size_t i = 0; i < kept; i++) {
            queue_add(&sent, first + i, next + i);
        }
        corinth_spsc_commit(&ring, CAPACITY, kept);
        next += kept;
    }
}

static void consumer(void)
{
    while (received.rows < ITEMS) {
        corinth_position first;
        size_t ready;
        size_t count = corinth_spsc_peek(&ring, CAPACITY, 2, &first, &ready);
        if (count == 0) {
            explorer_pause();
            continue;
        }
        explorer_check(ready >= count && ready <= CAPACITY, "ready counts what can be taken");
        for (size_t i = 0; i < count; i++) {
            queue_add(&received, first + i, slots[(first + i) & (CAPACITY - 1)]);
        }
        corinth_spsc_release(&ring, count);
    }
}

static void setup(void)
{
    corinth_spsc_init(&ring, explorer_value());
    explorer_poison(slots, sizeof slots);
    queue_clear(&sent, 1);
    queue_clear(&received, 1);
}

static void finish(void)
{
    queue_check(&sent, 1, &received, 1, explorer_value(), ITEMS, 0);
    for (unsigned i = 0; i < ITEMS; i++) {
        explorer_check(received.value[i] == i + 1, "in the order of sending");
    }
    explorer_check(!corinth_spsc_is_ready(&ring), "nothing is left");
    explorer_check(corinth_spsc_length(&ring, CAPACITY) == 0, "the length says so too");
}

const explorer_program_form explorer_program = {
    .name = "spsc",
    .source = "SPSC ring: 6 items, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = setup,
    .finish = finish,
    .cases = START_CASES,
};
