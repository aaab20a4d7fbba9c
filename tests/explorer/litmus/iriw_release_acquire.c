/*
 * Goal: release and acquire let the readers disagree too.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void write_x(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
}

static void write_y(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
}

static void read_xy(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_ACQUIRE));
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_ACQUIRE));
}

static void read_yx(void)
{
    explorer_register(2, __atomic_load_n(&y, __ATOMIC_ACQUIRE));
    explorer_register(3, __atomic_load_n(&x, __ATOMIC_ACQUIRE));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "iriw_release_acquire",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), IRIW",
    .threads = {{"write_x", write_x}, {"write_y", write_y}, {"read_xy", read_xy},
                {"read_yx", read_yx}},
    .setup = setup,
    .must_see = {"0 0 0 0", "0 0 0 1", "0 0 1 0", "0 0 1 1",
                 "0 1 0 0", "0 1 0 1", "0 1 1 0", "0 1 1 1",
                 "1 0 0 0", "1 0 0 1", "1 0 1 0", "1 0 1 1",
                 "1 1 0 0", "1 1 0 1", "1 1 1 0", "1 1 1 1"},
};
