/*
 * Goal: a spin that looks at nothing but the clock ends.
 * Method: every execution; a clock that stands still would be a hang.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

static void waiter(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    while (corinth_clock_ns() - begin_ns < 1000) {
        explorer_pause();
    }
    explorer_register(0, 1);
}

const explorer_program_form explorer_program = {
    .name = "spin_on_clock_alone",
    .source = "this explorer; futex(2)",
    .threads = {{"waiter", waiter}},
    .must_see = {"1"},
};
