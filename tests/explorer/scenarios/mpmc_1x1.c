/*
 * Goal: the MPMC ring hands three items from one thread to another through two slots.
 * Method: every execution; slots are plain memory, so a slot touched too early is a race.
 */
#include "rings.h"

static void producer(void)
{
    ring_send(0, 3, 1);
}

static void consumer(void)
{
    ring_receive(0, 3, 1);
}

static void finish(void)
{
    ring_check(3, 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_1x1",
    .source = "MPMC ring: 1 producer, 1 consumer, 3 items, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
