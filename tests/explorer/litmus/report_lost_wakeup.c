/*
 * Goal: a waker whose look isn't ordered behind its store loses the wake-up; it is reported.
 * Method: every execution until the report; none reported fails.
 * The waker's load may miss the sleeper for want of a seq_cst fence.
 */
#include "explorer.h"
#include "futex.h"

static uint32_t word;
static uint32_t sleepers;

static void sleeper(void)
{
    __atomic_store_n(&sleepers, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&word, __ATOMIC_RELAXED) == 0) {
        corinth_internal_futex_wait(&word, 0, UINT64_MAX, false);
    }
}

static void waker(void)
{
    __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&sleepers, __ATOMIC_RELAXED) != 0) {
        corinth_internal_futex_wake(&word, 1, false);
    }
}

static void setup(void)
{
    word = 0;
    sleepers = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_lost_wakeup",
    .source = "this explorer; futex(2)",
    .threads = {{"sleeper", sleeper}, {"waker", waker}},
    .setup = setup,
    .expect = EXPLORER_DEADLOCK,
};
