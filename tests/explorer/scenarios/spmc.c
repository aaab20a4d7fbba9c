/*
 * Goal: the SPMC ring hands over what its producer commits of a reservation through two slots, used
 * again and again, and nothing of the rest.
 * Method: every execution. Slots are plain memory, so a slot that is touched too early is a race.
 * The producer reserves two and commits both, then begins to fill two and commits one, again and
 * again. No thread waits: thread 0 receives what is left.
 */
#define KIND corinth_spmc
#define SAMPLES
#include "rings.h"

#define ATTEMPTS 3u

static void producer(void)
{
    ring_commit(0, KIND.reserve(&producers[0], CAPACITY, 2));
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        size_t count = KIND.reserve(&producers[0], CAPACITY, 2);
        if (count == 2) {
            *ring_slot(producers[0].next + 1) = 999;
        }
        ring_commit(0, count > 0 ? 1 : 0);
    }
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 2);
    (void)ring_try_receive(0, 1);
}

static void consumer_1(void)
{
    (void)ring_try_receive(1, 1);
}

static void finish(void)
{
    ring_drain();
    ring_check(sent[0].rows, 0);
}

const explorer_program_form explorer_program = {
    .name = "spmc",
    .source = "SPMC ring: 1 producer that reserves 2 and commits 2 or 1, 2 consumers, capacity 2",
    .threads = {{"producer", producer}, {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
