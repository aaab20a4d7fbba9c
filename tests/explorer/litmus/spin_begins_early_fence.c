/*
 * Goal: as spin_begins_early, with a fence: behind one that comes after a seq_cst store, what is
 * older than that can't be read.
 * Method: every execution; register 0 has two digits for each round, 2 where it saw a place change.
 */
#include "explorer.h"

static int x;
static int y;

static void spinner(void)
{
    int rounds = 0;
    for (;;) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        int first = __atomic_load_n(&x, __ATOMIC_RELAXED);
        int second = __atomic_load_n(&y, __ATOMIC_RELAXED);
        rounds = rounds * 100 + (first + 1) * 10 + second + 1;
        if (second == 1) {
            break;
        }
        explorer_pause();
    }
    explorer_register(0, rounds);
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_begins_early_fence",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"12", "22", "1112", "1122", "2122", "112122"},
};
