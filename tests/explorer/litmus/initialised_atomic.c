/*
 * Goal: an atomic store, by setup or a thread, is what ends an atomic object's poison.
 * Method: every execution; a report fails, and so does any other outcome.
 */
#include "explorer.h"

static int x;
static int y;

static void only(void)
{
    __atomic_store_n(&y, 2, __ATOMIC_RELAXED);
    explorer_register(0, x);
    explorer_register(1, y);
}

static void setup(void)
{
    explorer_poison(&x, sizeof x);
    explorer_poison(&y, sizeof y);
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

const explorer_program_form explorer_program = {
    .name = "initialised_atomic",
    .source = "this explorer",
    .threads = {{"only", only}},
    .setup = setup,
    .must_see = {"1 2"},
};
