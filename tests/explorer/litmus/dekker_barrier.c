/*
 * Goal: one announces and passes a barrier, two others publish, one looks at what both left: of all
 * who come too late for it each sees the announcement; and the search without reduction counts the
 * same executions where the barrier's steps meet seq_cst fences of others.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "barrier.h"
#include "explorer.h"

static int asleep;
static int work;
static int more;

static void sleeper(void)
{
    __atomic_store_n(&asleep, 1, __ATOMIC_RELAXED);
    corinth_internal_barrier();
    explorer_register(0, __atomic_load_n(&work, __ATOMIC_RELAXED));
}

static void light(void)
{
    __atomic_fetch_add(&work, 1, __ATOMIC_RELAXED);
    explorer_register(1, __atomic_load_n(&asleep, __ATOMIC_RELAXED));
}

static void fenced(void)
{
    __atomic_store_n(&more, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    explorer_register(2, __atomic_load_n(&asleep, __ATOMIC_RELAXED));
}

static void setup(void)
{
    asleep = 0;
    work = 0;
    more = 0;
}

const explorer_program_form explorer_program = {
    .name = "dekker_barrier",
    .source = "membarrier(2)",
    .threads = {{"sleeper", sleeper}, {"light", light}, {"fenced", fenced}},
    .setup = setup,
    .must_see = {"0 1 0", "0 1 1", "1 0 0", "1 0 1", "1 1 0", "1 1 1"},
    .must_not_see = {"0 0 0", "0 0 1"},
};
