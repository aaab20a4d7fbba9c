/*
 * Goal: a third thread's barrier prevents no store buffering between two others, for it may come
 * before or behind all that they do; and where it comes between store and load of one of them, that
 * one is fenced, but not the other.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "barrier.h"
#include "explorer.h"

static int x;
static int y;

static void sleeper(void)
{
    corinth_internal_barrier();
}

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_barrier_elsewhere",
    .source = "membarrier(2)",
    .threads = {{"sleeper", sleeper}, {"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
