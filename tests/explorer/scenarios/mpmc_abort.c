/*
 * Goal: a claim that is aborted, while a later one is already committed, is passed and never seen.
 * Method: every execution; the aborting producer writes into its slot before it aborts it.
 */
#include "mpmc.h"

static void aborter(void)
{
    corinth_position first;
    size_t count = mpmc_claim_free(1, &first);
    *mpmc_slot(first) = 999;
    corinth_mpmc_commit(marks, CAPACITY, first, count, 0);
}

static void producer(void)
{
    mpmc_send(0, 2, 1);
}

static void consumer(void)
{
    mpmc_receive(0, 2, 2);
}

/* Only the last position may be skipped after the consumer has gone. */
static void finish(void)
{
    corinth_position first = 0;
    explorer_check(corinth_mpmc_peek(&ring, marks, CAPACITY, 1, &first) == 0, "nothing is seen");
    mpmc_check(3, 1);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_abort",
    .source = "MPMC ring: an abort beside 2 items, capacity 2",
    .threads = {{"aborter", aborter}, {"producer", producer}, {"consumer", consumer}},
    .setup = mpmc_setup,
    .finish = finish,
    .cases = START_CASES,
};
