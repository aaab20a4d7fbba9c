/*
 * Goal: a waker that always wakes behind its store loses nothing.
 * Method: every execution; the sleeper may also wake for no reason, once.
 */
#include "explorer.h"
#include "futex.h"

static uint32_t word;

static void sleeper(void)
{
    while (__atomic_load_n(&word, __ATOMIC_RELAXED) == 0) {
        corinth_internal_futex_wait(&word, 0, UINT64_MAX, false);
    }
    explorer_register(0, 1);
}

static void waker(void)
{
    __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
    corinth_internal_futex_wake(&word, 1, false);
}

static void setup(void)
{
    word = 0;
}

const explorer_program_form explorer_program = {
    .name = "futex_wait_wake",
    .source = "this explorer; futex(2)",
    .threads = {{"sleeper", sleeper}, {"waker", waker}},
    .setup = setup,
    .must_see = {"1"},
    .spurious_wakes = 1,
};
