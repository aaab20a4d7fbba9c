/*
 * Goal: a spin that waits for the clock ends: time passes when no other thread can run.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

/* Not static: a compiler that sees that no thread stores a 1 removes the load. */
int x;

static void spinner(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        if (corinth_clock_ns() - begin_ns >= 1000) {
            explorer_register(0, 1);
            return;
        }
        explorer_pause();
    }
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_on_clock",
    .source = "this explorer; futex(2)",
    .threads = {{"spinner", spinner}},
    .setup = setup,
    .must_see = {"1"},
};
