/*
 * Goal: read-to-write causality with seq_cst fences.
 * Method: every execution; the set of outcomes is compared with the lists.
 * C11's text allowed it by oversight; RC11 and C++20 forbid it.
 */
#include "explorer.h"

static int x;
static int y;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

static void other(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "rwc_fences",
    .source = "Lahav et al. 2017, Repairing Sequential Consistency in C/C++11 (PLDI), RWC with "
              "fences",
    .threads = {{"writer", writer}, {"reader", reader}, {"other", other}},
    .setup = setup,
    .must_see = {"0 0 0", "0 0 1", "0 1 0", "0 1 1", "1 0 1", "1 1 0", "1 1 1"},
    .must_not_see = {"1 0 0"},
};
