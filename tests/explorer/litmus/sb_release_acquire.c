/*
 * Goal: store buffering isn't prevented by release and acquire.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_ACQUIRE));
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_ACQUIRE));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_release_acquire",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), SB",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
