/*
 * Goal: Dekker: with release and acquire both may enter, and race.
 * Method: every execution until the race is reported; none reported fails.
 */
#include "explorer.h"

static int x;
static int y;
static int inside;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
    if (__atomic_load_n(&y, __ATOMIC_ACQUIRE) == 0) {
        inside++;
    }
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
    if (__atomic_load_n(&x, __ATOMIC_ACQUIRE) == 0) {
        inside++;
    }
}

static void setup(void)
{
    x = 0;
    y = 0;
    inside = 0;
}

const explorer_program_form explorer_program = {
    .name = "dekker_release_acquire",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), SB",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .expect = EXPLORER_RACE,
};
