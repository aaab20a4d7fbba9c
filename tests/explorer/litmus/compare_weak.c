/*
 * Goal: a weak compare-exchange may fail for no reason.
 * Method: every execution; the set of outcomes is compared with the lists.
 * clang tells weak from strong by its answer alone, so only gcc's entry point can show this.
 */
#include "explorer.h"

static int x;

static void only(void)
{
    int expected = 0;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    explorer_register(0, swapped);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "compare_weak",
    .source = "ISO C11 7.17.7.4p4",
    .threads = {{"only", only}},
    .setup = setup,
#ifdef __clang__
    .must_see = {"1"},
#else
    .must_see = {"0", "1"},
#endif
    .spurious_fails = 1,
};
