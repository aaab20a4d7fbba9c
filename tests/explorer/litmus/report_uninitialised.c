/*
 * Goal: memory that was never written is reported when it is read.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int flag;
static int slots[2];

static void writer(void)
{
    slots[0] = 1;
    __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
}

static void reader(void)
{
    if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 1) {
        explorer_register(0, slots[0] + slots[1]);
    }
}

static void setup(void)
{
    flag = 0;
    explorer_poison(slots, sizeof slots);
}

const explorer_program_form explorer_program = {
    .name = "report_uninitialised",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_UNINITIALISED,
};
