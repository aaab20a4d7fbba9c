/*
 * Goal: what a thread stored before its part of a barrier, seq_cst loads see that come after the
 * barrier in the order of seq_cst, those of a third thread too.
 * Method: store buffering around three threads, of which `light` has neither fence nor seq_cst
 * access; the set of outcomes is compared with the lists.
 */
#include "barrier.h"
#include "explorer.h"

static int x;
static int y;
static int z;

static void sleeper(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    corinth_internal_barrier();
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_SEQ_CST));
}

static void third(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_SEQ_CST);
    explorer_register(1, __atomic_load_n(&z, __ATOMIC_SEQ_CST));
}

static void light(void)
{
    __atomic_store_n(&z, 1, __ATOMIC_RELAXED);
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
    z = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_barrier_around",
    .source = "RC11 (Lahav and others 2017), psc; membarrier(2)",
    .threads = {{"sleeper", sleeper}, {"third", third}, {"light", light}},
    .setup = setup,
    .must_see = {"0 0 1", "0 1 0", "0 1 1", "1 0 0", "1 0 1", "1 1 0", "1 1 1"},
    .must_not_see = {"0 0 0"},
};
