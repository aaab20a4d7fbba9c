/*
 * Goal: a sleep may end by time before and after the wake; then the clock has moved on.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include <corinth/os/clock.h>

#include "explorer.h"
#include "futex.h"

static uint32_t word;

static void sleeper(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    corinth_internal_futex_wait(&word, 0, 1000, false);
    explorer_register(0, corinth_clock_ns() - begin_ns >= 1000);
    explorer_register(1, __atomic_load_n(&word, __ATOMIC_ACQUIRE));
}

static void waker(void)
{
    __atomic_store_n(&word, 1, __ATOMIC_RELEASE);
    corinth_internal_futex_wake(&word, 1, false);
}

static void setup(void)
{
    word = 0;
}

const explorer_program_form explorer_program = {
    .name = "futex_timeout",
    .source = "this explorer; futex(2)",
    .threads = {{"sleeper", sleeper}, {"waker", waker}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
