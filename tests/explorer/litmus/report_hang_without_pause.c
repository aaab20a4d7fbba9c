/*
 * Goal: a spin that no thread ends is reported where it doesn't call pause.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

/* Not static: a compiler that sees that no thread stores a 1 removes the load. */
int x;
int y;

static void writer(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void spinner(void)
{
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
    }
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_hang_without_pause",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"spinner", spinner}},
    .setup = setup,
    .expect = EXPLORER_HANG,
};
