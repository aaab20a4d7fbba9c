/*
 * Goal: load buffering: C11 allows both loads to see the other thread's later store.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void left(void)
{
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_RELAXED));
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void right(void)
{
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "lb_relaxed",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), LB; the explorer runs a "
              "thread's steps in order",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0"},
    .beyond = {"1 1"},
};
