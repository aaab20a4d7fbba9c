/*
 * Goal: a spin that no thread ends is reported, and not explored forever.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int x;

static void writer(void)
{
    int expected = 1;
    (void)__atomic_compare_exchange_n(
        &x, &expected, 2, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void spinner(void)
{
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        explorer_pause();
    }
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_hang",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"spinner", spinner}},
    .setup = setup,
    .expect = EXPLORER_HANG,
};
