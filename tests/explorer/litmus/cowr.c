/*
 * Goal: write-read coherence: a thread reads its own store or a newer one.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;

static void own(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void other(void)
{
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
}

static void finish(void)
{
    explorer_register(1, x);
}

const explorer_program_form explorer_program = {
    .name = "cowr",
    .source = "ISO C11 5.1.2.4p20; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), CoWR",
    .threads = {{"own", own}, {"other", other}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1 1", "1 2", "2 2"},
    .must_not_see = {"0 1", "0 2", "2 1"},
};
