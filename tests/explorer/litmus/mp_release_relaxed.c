/*
 * Goal: message passing needs the acquire.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int flag;

static void writer(void)
{
    __atomic_store_n(&data, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    explorer_register(0, __atomic_load_n(&flag, __ATOMIC_RELAXED));
    explorer_register(1, __atomic_load_n(&data, __ATOMIC_RELAXED));
}

static void setup(void)
{
    data = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "mp_release_relaxed",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), MP",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
