/*
 * Goal: C11 and C17: a thread's later relaxed store continues its release sequence.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int x;

static void writer(void)
{
    __atomic_store_n(&data, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
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
    .name = "release_sequence_same_thread",
    .source = "ISO C11 5.1.2.4p10",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"2 1"},
    .must_not_see = {"2 0"},
    .same_thread_sequence = true,
};
