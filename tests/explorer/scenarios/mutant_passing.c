/*
 * Goal: one peek passes a bounded number of slots, however many a producer aborts meanwhile.
 * Method: every execution; a producer aborts slots one by one while a consumer peeks once.
 */
#include "mpmc.h"

#define ATTEMPTS 5u

static void aborter(void)
{
    corinth_position first;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        size_t count = corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first);
        if (count > 0) {
            corinth_mpmc_commit(marks, CAPACITY, first, count, 0);
        }
    }
}

/* It stops when it has passed a whole lap; the claim that got it there is of a lap at most. */
static void consumer(void)
{
    corinth_position first;
    explorer_check(corinth_mpmc_peek(&ring, marks, CAPACITY, 1, &first) == 0, "nothing is seen");
    corinth_position passed = corinth_internal_load_relaxed(&ring.dequeue) - explorer_value();
    explorer_check(passed < 2 * CAPACITY, "a peek over given-up slots ends");
}

const explorer_program_form explorer_program = {
    .name = "mutant_passing",
    .source = "MPMC ring: 5 slots aborted beside 1 peek, capacity 2",
    .threads = {{"aborter", aborter}, {"consumer", consumer}},
    .setup = mpmc_setup,
};
