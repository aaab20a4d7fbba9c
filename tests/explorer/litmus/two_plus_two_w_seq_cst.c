/*
 * Goal: 2+2W with seq_cst stores: one of the second stores is last.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&y, 2, __ATOMIC_SEQ_CST);
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&x, 2, __ATOMIC_SEQ_CST);
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
    .name = "two_plus_two_w_seq_cst",
    .source = "ISO C11 7.17.3p6; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), 2+2W",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1 2", "2 1", "2 2"},
    .must_not_see = {"1 1"},
};
