/*
 * Goal: a seq_cst fence on one side works with seq_cst operations on the other.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_SEQ_CST));
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_fence_and_seq_cst",
    .source = "ISO C11 7.17.3p9, p10",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 1", "1 0", "1 1"},
    .must_not_see = {"0 0"},
};
