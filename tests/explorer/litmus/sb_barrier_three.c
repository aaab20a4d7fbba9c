/*
 * Goal: one barrier stands for a fence in each of two other threads.
 * Method: every execution; the set of outcomes is compared with the lists. The first register holds
 * what the thread with the barrier saw of the others' stores, 2 for that of `first` and 1 for that
 * of `second`; whose it didn't see sees its.
 */
#include "barrier.h"
#include "explorer.h"

static int x;
static int y;
static int z;

static void sleeper(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    corinth_internal_barrier();
    int by_first = __atomic_load_n(&y, __ATOMIC_RELAXED);
    int by_second = __atomic_load_n(&z, __ATOMIC_RELAXED);
    explorer_register(0, by_first * 2 + by_second);
}

static void first(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void second(void)
{
    __atomic_store_n(&z, 1, __ATOMIC_RELAXED);
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
    z = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_barrier_three",
    .source = "membarrier(2)",
    .threads = {{"sleeper", sleeper}, {"first", first}, {"second", second}},
    .setup = setup,
    .must_see = {"0 1 1", "1 1 0", "1 1 1", "2 0 1", "2 1 1", "3 0 0", "3 0 1", "3 1 0", "3 1 1"},
    .must_not_see = {"0 0 0", "0 0 1", "0 1 0", "1 0 0", "1 0 1", "2 0 0", "2 1 0"},
};
