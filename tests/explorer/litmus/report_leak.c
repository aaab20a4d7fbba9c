/*
 * Goal: what is taken and not given back is reported, though only some executions leak.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static int x;

static void taker(void)
{
    explorer_hold(1);
    if (__atomic_exchange_n(&x, 1, __ATOMIC_RELAXED) == 0) {
        explorer_drop(1);
    }
}

static void other(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_leak",
    .source = "this explorer",
    .threads = {{"taker", taker}, {"other", other}},
    .setup = setup,
    .expect = EXPLORER_LEAK,
};
