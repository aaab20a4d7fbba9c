/*
 * Goal: what a relay read before its release is seen behind the acquire.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void relay(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_ACQUIRE));
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_ACQUIRE));
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "wrc_release_acquire",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), WRC",
    .threads = {{"writer", writer}, {"relay", relay}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0 0", "0 0 1", "0 1 0", "0 1 1", "1 0 0", "1 0 1", "1 1 1"},
    .must_not_see = {"1 1 0"},
};
