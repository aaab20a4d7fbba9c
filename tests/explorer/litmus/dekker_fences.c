/*
 * Goal: Dekker: with seq_cst fences at most one of two threads enters.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;
static int inside;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&y, __ATOMIC_RELAXED) == 0) {
        inside++;
    }
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        inside++;
    }
}

static void setup(void)
{
    x = 0;
    y = 0;
    inside = 0;
}

static void finish(void)
{
    explorer_register(0, inside);
}

const explorer_program_form explorer_program = {
    .name = "dekker_fences",
    .source = "ISO C11 7.17.3p11; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), SB",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0", "1"},
    .must_not_see = {"2"},
};
