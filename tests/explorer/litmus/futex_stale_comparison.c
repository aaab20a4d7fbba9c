/*
 * Goal: a wait may compare with an old store until a thread calls a wake behind a newer one.
 * Method: every execution until the report; none reported fails. The waker's store may become
 * visible behind its relaxed read-modify-write, which then sees no sleeper.
 */
#include "explorer.h"
#include "futex.h"

static uint32_t word;
static uint32_t sleepers;

static void sleeper(void)
{
    __atomic_store_n(&sleepers, 1, __ATOMIC_SEQ_CST);
    corinth_internal_futex_wait(&word, 0, UINT64_MAX, false);
}

static void waker(void)
{
    __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
    if (__atomic_fetch_add(&sleepers, 0, __ATOMIC_RELAXED) != 0) {
        corinth_internal_futex_wake(&word, 1, false);
    }
}

static void setup(void)
{
    word = 0;
    sleepers = 0;
}

const explorer_program_form explorer_program = {
    .name = "futex_stale_comparison",
    .source = "futex(2): ordered with respect to other futex operations on the same futex word",
    .threads = {{"sleeper", sleeper}, {"waker", waker}},
    .setup = setup,
    .expect = EXPLORER_DEADLOCK,
};
