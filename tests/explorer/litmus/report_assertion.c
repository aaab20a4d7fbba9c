/*
 * Goal: a false assertion in some execution is found.
 * Method: every execution until the report; none reported fails.
 */
#include <assert.h>

#include "explorer.h"

static int x;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void right(void)
{
    assert(__atomic_load_n(&x, __ATOMIC_RELAXED) == 0);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_assertion",
    .source = "this explorer",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .expect = EXPLORER_ASSERTION,
};
