/*
 * Goal: a plain read of what another thread writes atomically is a race.
 * Method: every execution until the race is reported; none reported fails.
 */
#include "explorer.h"

static int x;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
}

static void right(void)
{
    explorer_register(0, x);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "race_plain_atomic",
    .source = "ISO C11 5.1.2.4p25",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .expect = EXPLORER_RACE,
};
