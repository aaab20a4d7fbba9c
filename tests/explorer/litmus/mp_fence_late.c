/*
 * Goal: what a thread does after its release fence isn't handed over by it.
 * Method: every execution until the race is reported; none reported fails.
 */
#include "explorer.h"

static int data;
static int flag;

static void writer(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    data = 42;
    __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    if (__atomic_load_n(&flag, __ATOMIC_RELAXED) == 1) {
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        explorer_register(0, data);
    }
}

static void setup(void)
{
    data = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "mp_fence_late",
    .source = "ISO C11 7.17.4p2",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_RACE,
};
