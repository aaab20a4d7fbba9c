/*
 * Goal: coherence counts a read that another thread did before handing over.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int flag;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void first(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
    __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
}

static void second(void)
{
    if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0) {
        return;
    }
    explorer_register(1, 1);
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "corr_handed_over",
    .source = "ISO C11 5.1.2.4p21; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), CoRR",
    .threads = {{"writer", writer}, {"first", first}, {"second", second}},
    .setup = setup,
    .must_see = {"0", "1", "0 1 0", "0 1 1", "1 1 1"},
    .must_not_see = {"1 1 0"},
};
