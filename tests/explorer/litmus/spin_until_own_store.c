/*
 * Goal: a spin that its own rounds end goes on once the others have stopped, behind all they did.
 * Method: every execution; what the spinner reads then may be older than what happened before.
 */
#include "explorer.h"

static int rounds;
static int x;

static void spinner(void)
{
    while (__atomic_load_n(&rounds, __ATOMIC_RELAXED) != 2) {
        (void)__atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
        explorer_pause();
    }
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    rounds = 0;
    x = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_until_own_store",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"0", "1"},
};
