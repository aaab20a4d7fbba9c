/*
 * Goal: a loop in which the explorer sees no step is reported as a hang.
 * Method: every execution until the report, which takes some seconds; none reported fails.
 */
#include "explorer.h"

/* Not static and volatile: a compiler must neither remove the loop nor the loads. */
volatile int goes_on;

static void looper(void)
{
    while (goes_on != 0) {
    }
}

static void setup(void)
{
    goes_on = 1;
}

const explorer_program_form explorer_program = {
    .name = "report_endless",
    .source = "this explorer",
    .threads = {{"looper", looper}},
    .setup = setup,
    .expect = EXPLORER_HANG,
};
