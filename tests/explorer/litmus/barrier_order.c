/*
 * Goal: a barrier fences the other threads one after the other, in any order.
 * Method: every execution; the set of outcomes is compared with the lists. The first is the one
 * that takes the fence in `late` first: that one hasn't stored yet then, for the caller doesn't
 * see its store behind the barrier; `early` has stored before its own fence, for it doesn't see
 * the caller's; and `late` doesn't see that. In the second case they change places. x at the end,
 * in the last register, tells whose store to it was last.
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

static void early(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void late(void)
{
    __atomic_store_n(&x, 2, __ATOMIC_RELAXED);
    explorer_register(2, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

static void second(void)
{
    (explorer_value() == 0 ? early : late)();
}

static void third(void)
{
    (explorer_value() == 0 ? late : early)();
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
    .name = "barrier_order",
    .source = "membarrier(2)",
    .threads = {{"caller", caller}, {"second", second}, {"third", third}},
    .setup = setup,
    .finish = finish,
    .cases = {{"early-first", 0}, {"late-first", 1}},
    .must_see = {"1 0 0 2", "1 0 0 1", "1 0 1 1", "1 0 1 2", "1 1 0 1", "1 1 0 2", "1 1 1 1",
                 "1 1 1 2", "1 2 0 1", "1 2 0 2", "1 2 1 1", "1 2 1 2", "2 0 0 2", "2 0 1 2",
                 "2 1 0 2", "2 1 1 2", "2 2 0 2", "2 2 1 2"},
};
