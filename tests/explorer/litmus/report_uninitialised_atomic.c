/*
 * Goal: an atomic object that no thread has written is reported when it is loaded.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int x;

static void reader(void)
{
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    explorer_poison(&x, sizeof x);
}

const explorer_program_form explorer_program = {
    .name = "report_uninitialised_atomic",
    .source = "this explorer",
    .threads = {{"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_UNINITIALISED,
};
