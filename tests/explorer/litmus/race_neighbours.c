/*
 * Goal: plain writes to neighbouring bytes are no race.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static char bytes[2];

static void left(void)
{
    bytes[0] = 1;
}

static void right(void)
{
    bytes[1] = 2;
}

static void setup(void)
{
    bytes[0] = 0;
    bytes[1] = 0;
}

static void finish(void)
{
    explorer_register(0, bytes[0]);
    explorer_register(1, bytes[1]);
}

const explorer_program_form explorer_program = {
    .name = "race_neighbours",
    .source = "ISO C11 3.14p2",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1 2"},
};
