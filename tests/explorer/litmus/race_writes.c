/*
 * Goal: two plain writes without order are a race.
 * Method: every execution until the race is reported; none reported fails.
 */
#include "explorer.h"

static int x;

static void left(void)
{
    x = 1;
}

static void right(void)
{
    x = 2;
}

static void setup(void)
{
    x = 0;
}

static void finish(void)
{
    explorer_check(x != 0, "both wrote");
}

const explorer_program_form explorer_program = {
    .name = "race_writes",
    .source = "ISO C11 5.1.2.4p25",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .expect = EXPLORER_RACE,
};
