/*
 * Goal: read-modify-writes read the last store: two increments make two.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;

static void left(void)
{
    explorer_register(0, __atomic_fetch_add(&x, 1, __ATOMIC_RELAXED));
}

static void right(void)
{
    explorer_register(1, __atomic_fetch_add(&x, 1, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
}

static void finish(void)
{
    explorer_register(2, x);
}

const explorer_program_form explorer_program = {
    .name = "rmw_atomic",
    .source = "ISO C11 7.17.3p12; Batty et al. 2011, Mathematizing C++ Concurrency (POPL)",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0 1 2", "1 0 2"},
    .must_not_see = {"0 0 1"},
};
