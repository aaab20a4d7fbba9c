/*
 * Goal: two readers agree on the order of two stores to one location.
 * Method: every execution; register 0 says that they disagree, register 1 that both saw 1 then
 * 2.
 */
#include "explorer.h"

static int x;
static int seen[4];

static void one(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void two(void)
{
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
}

static void first_reader(void)
{
    seen[0] = __atomic_load_n(&x, __ATOMIC_RELAXED);
    seen[1] = __atomic_load_n(&x, __ATOMIC_RELAXED);
}

static void second_reader(void)
{
    seen[2] = __atomic_load_n(&x, __ATOMIC_RELAXED);
    seen[3] = __atomic_load_n(&x, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    seen[0] = 0;
    seen[1] = 0;
    seen[2] = 0;
    seen[3] = 0;
}

static void finish(void)
{
    bool up = seen[0] == 1 && seen[1] == 2;
    bool down = seen[2] == 2 && seen[3] == 1;
    bool same_up = seen[2] == 1 && seen[3] == 2;
    explorer_register(0, up && down);
    explorer_register(1, up && same_up);
}

const explorer_program_form explorer_program = {
    .name = "corr_two_readers",
    .source = "ISO C11 5.1.2.4p7, p21; Batty et al. 2011, Mathematizing C++ Concurrency (POPL), "
              "CoRR",
    .threads = {{"one", one}, {"two", two}, {"first_reader", first_reader}, {"second_reader",
                second_reader}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0 0", "0 1"},
    .must_not_see = {"1 0"},
};
