/*
 * Goal: a seq_cst fence between each reader's loads makes them agree.
 * Method: every execution; the set of outcomes is compared with the lists.
 * C11's text allowed it by oversight; RC11, C++20 and all hardware forbid it, and so does the
 * explorer.
 */
#include "explorer.h"

static int x;
static int y;

static void write_x(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void write_y(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void read_xy(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

static void read_yx(void)
{
    explorer_register(2, __atomic_load_n(&y, __ATOMIC_RELAXED));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(3, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "iriw_fences",
    .source = "Lahav et al. 2017, Repairing Sequential Consistency in C/C++11 (PLDI), IRIW with "
              "fences",
    .threads = {{"write_x", write_x}, {"write_y", write_y}, {"read_xy", read_xy},
                {"read_yx", read_yx}},
    .setup = setup,
    .must_see = {"0 0 0 0", "0 0 0 1", "0 0 1 0", "0 0 1 1",
                 "0 1 0 0", "0 1 0 1", "0 1 1 0", "0 1 1 1",
                 "1 0 0 0", "1 0 0 1", "1 0 1 1", "1 1 0 0",
                 "1 1 0 1", "1 1 1 0", "1 1 1 1"},
    .must_not_see = {"1 0 1 0"},
};
