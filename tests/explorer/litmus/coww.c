/*
 * Goal: write-write coherence: one thread's stores keep their order.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
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
    .name = "coww",
    .source = "ISO C11 5.1.2.4p18; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), CoWW",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "0 2", "1 1", "1 2", "2 2"},
    .must_not_see = {"2 1", "1 0", "2 0"},
};
