/*
 * Goal: 2+2W: C11 allows both first stores to be last in their locations' orders.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&y, 2, __ATOMIC_RELAXED);
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

static void finish(void)
{
    explorer_register(0, x);
    explorer_register(1, y);
}

const explorer_program_form explorer_program = {
    .name = "two_plus_two_w",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), 2+2W; here modification "
              "order is execution order",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1 2", "2 1", "2 2"},
    .beyond = {"1 1"},
};
