/*
 * Goal: a producer that claims two slots at once against two consumers keeps the ring a queue.
 * Method: every execution. The consumers release in either order while the producer claims again:
 * it may get one slot or two, and never one that is still being read. Thread 0 receives the rest.
 */
#include "rings.h"

static void producer(void)
{
    ring_send(0, 2, 2);
    ring_commit(0, ring_reserve(0, 2));
}

static void consumer_0(void)
{
    ring_receive(0, 1, 1);
}

static void consumer_1(void)
{
    ring_receive(1, 1, 1);
}

static void finish(void)
{
    ring_drain();
    ring_check(sent[0].rows, 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_bulk",
    .source = "MPMC ring: claims of 2 slots against 2 consumers, 3 or 4 items, capacity 2",
    .threads = {{"producer", producer}, {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
