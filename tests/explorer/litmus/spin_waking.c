/*
 * Goal: a spin that wakes no thread in each round goes on when what it reads has changed.
 * Method: every execution; the set of outcomes is compared with the list.
 */
#include "explorer.h"
#include "futex.h"

static int x;
static uint32_t word;

static void spinner(void)
{
    while (__atomic_load_n(&x, __ATOMIC_RELAXED) == 0) {
        corinth_internal_futex_wake(&word, 1, false);
        explorer_pause();
    }
    explorer_register(0, 1);
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    word = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_waking",
    .source = "this explorer; futex(2)",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"1"},
};
