/*
 * Goal: when time passes because no other thread could run, it passes for all spins at once, in any
 * order.
 * Method: every execution; register 0 is the value that was stored last.
 * Each looks at the clock once a round: no spin ends before all have paused.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

static uint64_t deadline_ns;
static int x;

static void wait(void)
{
    while (corinth_clock_ns() < deadline_ns) {
        explorer_pause();
    }
}

static void first(void)
{
    wait();
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void second(void)
{
    wait();
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
}

static void setup(void)
{
    deadline_ns = corinth_clock_ns() + 1000;
    x = 0;
}

static void finish(void)
{
    explorer_register(0, x);
}

const explorer_program_form explorer_program = {
    .name = "spin_on_clock_deadline",
    .source = "this explorer; futex(2)",
    .threads = {{"first", first}, {"second", second}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1", "2"},
};
