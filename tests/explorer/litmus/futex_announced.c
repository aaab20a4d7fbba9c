/*
 * Goal: a waker that wakes only announced sleepers loses nothing if both sides have fences.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"
#include "futex.h"

static uint32_t word;
static uint32_t sleepers;

static void sleeper(void)
{
    __atomic_store_n(&sleepers, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    while (__atomic_load_n(&word, __ATOMIC_RELAXED) == 0) {
        corinth_internal_futex_wait(&word, 0, UINT64_MAX, false);
    }
    explorer_register(0, 1);
}

static void waker(void)
{
    __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
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
    .name = "futex_announced",
    .source = "this explorer; futex(2)",
    .threads = {{"sleeper", sleeper}, {"waker", waker}},
    .setup = setup,
    .must_see = {"1"},
};
