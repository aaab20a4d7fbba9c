/*
 * Goal: a reader that spins until it sees the flag then sees the message, and the spin ends.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int flag;

static void writer(void)
{
    data = 42;
    __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0) {
        explorer_pause();
    }
    explorer_register(0, data);
}

static void setup(void)
{
    data = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "mp_spin",
    .source = "Batty et al. 2011, Mathematizing C++ Concurrency (POPL), MP",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"42"},
};
