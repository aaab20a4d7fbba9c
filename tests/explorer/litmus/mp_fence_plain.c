/*
 * Goal: fences hand plain data over, in both directions.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int data;
static int flag;

static void writer(void)
{
    data = 42;
    __atomic_thread_fence(__ATOMIC_RELEASE);
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
    .name = "mp_fence_plain",
    .source = "ISO C11 7.17.4p2",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"42"},
};
