/*
 * Goal: two consumers that claim two slots at once against two producers keep the ring a queue.
 * Method: every execution; the producers commit in either order. Thread 0 receives what is left.
 */
#include "rings.h"

static void producer_0(void)
{
    ring_send(0, 1, 1);
}

static void producer_1(void)
{
    ring_send(1, 1, 1);
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 2);
}

static void consumer_1(void)
{
    (void)ring_try_receive(1, 2);
}

static void finish(void)
{
    ring_drain();
    ring_check(2, 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_bulk_peek",
    .source = "MPMC ring: 2 producers, 2 consumers that claim 2 slots, 2 items, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1},
                {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
