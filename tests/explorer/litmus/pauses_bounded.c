/*
 * Goal: a bound on pauses cuts off executions with more of them, and shows all others.
 * Method: every execution with at most one pause; without a bound 12 would be seen too.
 */
#include "explorer.h"

static int x;

static void spinner(void)
{
    int rounds = 0;
    int seen = __atomic_load_n(&x, __ATOMIC_RELAXED);
    while (seen < 2) {
        rounds = rounds * 10 + 1 + seen;
        explorer_pause();
        seen = __atomic_load_n(&x, __ATOMIC_RELAXED);
    }
    explorer_register(0, rounds);
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "pauses_bounded",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"0", "1", "2"},
    .must_not_see = {"12"},
    .pauses = 1,
};
