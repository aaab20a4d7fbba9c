/*
 * Goal: C++20 and RC11 allow what C11 forbids: seq_cst order against happens-before.
 * Method: every execution; register 0 says that the outcome in question was seen.
 */
#include "explorer.h"

static int x;
static int y;
static int added_to;
static int seen;
static int read;

static void first(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&y, 1, __ATOMIC_RELEASE);
}

static void second(void)
{
    added_to = __atomic_fetch_add(&y, 1, __ATOMIC_SEQ_CST);
    seen = __atomic_load_n(&y, __ATOMIC_RELAXED);
}

static void third(void)
{
    __atomic_store_n(&y, 3, __ATOMIC_SEQ_CST);
    read = __atomic_load_n(&x, __ATOMIC_SEQ_CST);
}

static void setup(void)
{
    x = 0;
    y = 0;
    added_to = 0;
    seen = 0;
    read = 0;
}

static void finish(void)
{
    explorer_register(0, added_to == 1 && seen == 3 && read == 0);
}

const explorer_program_form explorer_program = {
    .name = "z6_u",
    .source = "Lahav et al. 2017, Repairing Sequential Consistency in C/C++11 (PLDI), Z6.U; here "
              "seq_cst order is execution order",
    .threads = {{"first", first}, {"second", second}, {"third", third}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0"},
    .beyond = {"1"},
};
