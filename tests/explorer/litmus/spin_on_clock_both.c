/*
 * Goal: of two spins that wait for the clock either one may end first.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

static int x;

static void wait(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    while (corinth_clock_ns() - begin_ns < 1000) {
        explorer_pause();
    }
}

static void writer(void)
{
    wait();
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    wait();
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_on_clock_both",
    .source = "this explorer; futex(2)",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0", "1"},
};
