/*
 * Goal: a spin whose rounds count themselves ends, and the other thread may wait for the count.
 * Method: every execution; without the second round the two would wait for each other.
 */
#include "explorer.h"

static int rounds;
static int stopped;

static void spinner(void)
{
    while (__atomic_load_n(&stopped, __ATOMIC_RELAXED) == 0) {
        int before = __atomic_load_n(&rounds, __ATOMIC_RELAXED);
        __atomic_store_n(&rounds, before + 1, __ATOMIC_RELAXED);
        explorer_pause();
    }
    explorer_register(0, 1);
}

static void stopper(void)
{
    while (__atomic_load_n(&rounds, __ATOMIC_RELAXED) < 2) {
        explorer_pause();
    }
    __atomic_store_n(&stopped, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    rounds = 0;
    stopped = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_counting",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"stopper", stopper}},
    .setup = setup,
    .must_see = {"1"},
};
