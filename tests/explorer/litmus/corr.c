/*
 * Goal: read-read coherence: a thread that has read a store doesn't read an older one after it.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "corr",
    .source = "ISO C11 5.1.2.4p21; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), CoRR",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 1"},
    .must_not_see = {"1 0"},
};
