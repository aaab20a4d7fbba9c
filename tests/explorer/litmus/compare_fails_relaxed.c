/*
 * Goal: a compare-exchange that fails has its failure order: relaxed orders nothing.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int x;

static void writer(void)
{
    __atomic_store_n(&data, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    int expected = 5;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 6, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    explorer_check(!swapped, "no thread stores 5");
    explorer_register(0, expected);
    explorer_register(1, __atomic_load_n(&data, __ATOMIC_RELAXED));
}

static void setup(void)
{
    data = 0;
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "compare_fails_relaxed",
    .source = "ISO C11 7.17.7.4p2",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
