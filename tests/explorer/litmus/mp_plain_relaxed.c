/*
 * Goal: a plain message handed over by a relaxed flag is a race.
 * Method: every execution until the race is reported; none reported fails.
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
    if (__atomic_load_n(&flag, __ATOMIC_RELAXED) == 1) {
        explorer_register(0, data);
    }
}

static void setup(void)
{
    data = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "mp_plain_relaxed",
    .source = "ISO C11 5.1.2.4p25; Batty et al. 2011, Mathematizing C++ Concurrency (POPL)",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_RACE,
};
