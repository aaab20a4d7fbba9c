/*
 * Goal: an atomic object that nobody has written is reported when finish loads it, too.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int x;
static int y;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    explorer_poison(&x, sizeof x);
    explorer_poison(&y, sizeof y);
}

static void finish(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

const explorer_program_form explorer_program = {
    .name = "report_uninitialised_finish",
    .source = "this explorer",
    .threads = {{"writer", writer}},
    .setup = setup,
    .finish = finish,
    .expect = EXPLORER_UNINITIALISED,
};
