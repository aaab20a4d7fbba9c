/*
 * Goal: a crash in some execution is reported like other failures, and doesn't end the explorer.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int *pointer;
static int ready;

static void writer(void)
{
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    if (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) == 1) {
        explorer_register(0, *(volatile int *)pointer);
    }
}

static void setup(void)
{
    pointer = NULL;
    ready = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_crash",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_CRASH,
};
