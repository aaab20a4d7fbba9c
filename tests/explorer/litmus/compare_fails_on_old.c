/*
 * Goal: a strong compare-exchange may fail by reading an old store.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void other(void)
{
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_RELAXED));
    int expected = 1;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 2, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    explorer_register(1, swapped);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "compare_fails_on_old",
    .source = "ISO C11 7.17.7.4p2; Batty et al. 2011, Mathematizing C++ Concurrency (POPL)",
    .threads = {{"writer", writer}, {"other", other}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
