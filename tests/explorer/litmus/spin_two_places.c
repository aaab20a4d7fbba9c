/*
 * Goal: a spin whose rounds look at two places sees each of the two change first, and both at once.
 * Method: every execution; register 0 has a digit for each round, 2 where it saw the second place.
 */
#include "explorer.h"

static int x;
static int y;

static void spinner(void)
{
    int rounds = 0;
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        rounds = rounds * 10 + 1 + __atomic_load_n(&y, __ATOMIC_RELAXED);
        explorer_pause();
    }
    explorer_register(0, rounds);
}

static void ends(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void other(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_two_places",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"ends", ends}, {"other", other}},
    .setup = setup,
    .must_see = {"0", "1", "2", "12"},
};
