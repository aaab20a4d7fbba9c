/*
 * Goal: a relaxed store behind a release fence heads a sequence that others continue.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int x;

static void writer(void)
{
    __atomic_store_n(&data, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void adder(void)
{
    __atomic_fetch_add(&x, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    int seen = __atomic_load_n(&x, __ATOMIC_ACQUIRE);
    if (seen == 2) {
        explorer_register(0, 2);
        explorer_register(1, __atomic_load_n(&data, __ATOMIC_RELAXED));
    }
}

static void setup(void)
{
    data = 0;
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "release_sequence_fence",
    .source = "ISO C11 7.17.4p2",
    .threads = {{"writer", writer}, {"adder", adder}, {"reader", reader}},
    .setup = setup,
    .must_see = {"2 1"},
    .must_not_see = {"2 0"},
};
