/*
 * Goal: of two compare-exchanges of one value one succeeds.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;

static void left(void)
{
    int expected = 0;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    explorer_register(0, swapped);
}

static void right(void)
{
    int expected = 0;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    explorer_register(1, swapped);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "compare_once",
    .source = "ISO C11 7.17.3p12",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 1", "1 0"},
    .must_not_see = {"0 0", "1 1"},
};
