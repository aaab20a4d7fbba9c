/*
 * Goal: time may pass while others could run, so that a spin with a deadline may end early.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

static int x;

static void waiter(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    explorer_register(0, 1);
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        if (corinth_clock_ns() - begin_ns >= 1000) {
            explorer_register(0, 0);
            return;
        }
        explorer_pause();
    }
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "clock_passes",
    .source = "this explorer; futex(2)",
    .threads = {{"waiter", waiter}, {"writer", writer}},
    .setup = setup,
    .must_see = {"0", "1"},
};
