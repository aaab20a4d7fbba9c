/*
 * Goal: one peek passes a bounded number of slots, however many a producer aborts meanwhile.
 * Method: every execution; a producer aborts slots one by one while a consumer peeks once. Both
 * kinds of ring that have slots to pass.
 */
#define KIND (*(explorer_value() == 0 ? &corinth_mpmc : &corinth_mpsc))
#define START 0u
#include "rings.h"

#define ATTEMPTS 5u

static void aborter(void)
{
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        if (KIND.reserve(&producers[0], CAPACITY, 1) > 0) {
            ring_commit(0, 0);
        }
    }
}

/* It stops when it has passed a whole lap; the claim that got it there is of a lap at most. */
static void consumer(void)
{
    explorer_check(KIND.peek(&consumers[0], CAPACITY, 1) == 0, "nothing is seen");
    corinth_position passed = corinth_internal_load_relaxed(&ring.read);
    explorer_check(passed < 2 * CAPACITY, "a peek over skipped slots ends");
}

const explorer_program_form explorer_program = {
    .name = "mutant_passing",
    .source = "MPMC and MPSC rings: 5 slots aborted beside 1 peek, capacity 2",
    .threads = {{"aborter", aborter}, {"consumer", consumer}},
    .setup = ring_setup,
    .cases = {{"mpmc", 0}, {"mpsc", 1}},
};
