/*
 * Goal: a spin that either of two stores ends may be ended by one before the other is there.
 * Method: every execution; register 0 counts rounds, the others are the places' last values.
 */
#include "explorer.h"

static int x;
static int y;

static void spinner(void)
{
    int rounds = 0;
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0
           && __atomic_load_n(&y, __ATOMIC_RELAXED) == 0) {
        rounds++;
        explorer_pause();
    }
    __atomic_store_n(&x, 5, __ATOMIC_RELAXED);
    __atomic_store_n(&y, 5, __ATOMIC_RELAXED);
    explorer_register(0, rounds);
}

static void first(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void second(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

static void finish(void)
{
    explorer_register(1, x);
    explorer_register(2, y);
}

const explorer_program_form explorer_program = {
    .name = "spin_either",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"first", first}, {"second", second}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0 1 5", "0 5 1", "0 5 5", "1 1 5", "1 5 1", "1 5 5"},
};
