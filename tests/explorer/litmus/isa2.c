/*
 * Goal: a chain of two hand-overs carries what came before the first.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;
static int z;

static void first(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
}

static void second(void)
{
    if (__atomic_load_n(&y, __ATOMIC_ACQUIRE) == 1) {
        __atomic_store_n(&z, 1, __ATOMIC_RELEASE);
    }
}

static void third(void)
{
    if (__atomic_load_n(&z, __ATOMIC_ACQUIRE) == 1) {
        explorer_register(0, 1);
        explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
    }
}

static void setup(void)
{
    x = 0;
    y = 0;
    z = 0;
}

const explorer_program_form explorer_program = {
    .name = "isa2",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), ISA2",
    .threads = {{"first", first}, {"second", second}, {"third", third}},
    .setup = setup,
    .must_see = {"1 1"},
    .must_not_see = {"1 0"},
};
