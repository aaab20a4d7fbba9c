/*
 * Goal: C++20: a thread's later relaxed store begins another sequence, nothing is handed over.
 * Method: every execution; the set of outcomes is compared with the lists.
 * This is what the explorer assumes unless told otherwise: code that is right here is right in
 * C11 too.
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
    .name = "release_sequence_same_thread_later",
    .source = "ISO C++20 [intro.races]p5; P0982R1",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"2 0", "2 1"},
};
