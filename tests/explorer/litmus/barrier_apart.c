/*
 * Goal: other threads take steps between those of one barrier.
 * Method: every execution; the set of outcomes is compared with the lists. In the first one
 * `writer` is fenced before it stores, for the caller doesn't see its x behind the barrier;
 * `reader` sees what it stored then, and is fenced only behind both its loads, for it doesn't see
 * the caller's x. The last register holds x at the end.
 */
#include "barrier.h"
#include "explorer.h"

static int x;
static int y;

static void caller(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    corinth_internal_barrier();
    explorer_register(0, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void writer(void)
{
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    explorer_register(1, __atomic_load_n(&y, __ATOMIC_RELAXED));
    explorer_register(2, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
}

static void finish(void)
{
    explorer_register(3, x);
}

const explorer_program_form explorer_program = {
    .name = "barrier_apart",
    .source = "membarrier(2)",
    .threads = {{"caller", caller}, {"writer", writer}, {"reader", reader}},
    .setup = setup,
    .finish = finish,
    .must_see = {"1 1 0 2", "1 0 0 1", "1 0 0 2", "1 0 1 1", "1 0 1 2", "1 0 2 1", "1 0 2 2",
                 "1 1 0 1", "1 1 1 1", "1 1 1 2", "1 1 2 1", "1 1 2 2", "2 0 0 2", "2 0 1 2",
                 "2 0 2 2", "2 1 0 2", "2 1 1 2", "2 1 2 2"},
};
