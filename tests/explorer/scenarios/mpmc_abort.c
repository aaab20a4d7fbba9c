/*
 * Goal: a claim that is aborted, while a later one is already committed, is passed and never seen.
 * Method: every execution; the aborting producer writes into its slot before it aborts it.
 */
#include "rings.h"

static void aborter(void)
{
    (void)ring_reserve(1, 1);
    *ring_slot(producers[1].next) = 999;
    ring_commit(1, 0);
}

static void producer(void)
{
    ring_send(0, 2, 1);
}

static void consumer(void)
{
    ring_receive(0, 2, 2);
}

/* Only the last position may be skipped after the consumer has gone. */
static void finish(void)
{
    explorer_check(KIND.peek(&consumers[0], CAPACITY, 1) == 0, "nothing is seen");
    ring_check(3, 1);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_abort",
    .source = "MPMC ring: an abort beside 2 items, capacity 2",
    .threads = {{"aborter", aborter}, {"producer", producer}, {"consumer", consumer}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
