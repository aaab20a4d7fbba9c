/*
 * Goal: a barrier is a full fence of its caller's: it releases before relaxed stores and acquires
 * behind relaxed loads.
 * Method: a plain value is handed over by a barrier on each side; the set of outcomes is compared
 * with the lists, and there is no race. 2 is left where the flag wasn't seen.
 */
#include "barrier.h"
#include "explorer.h"

static int data;
static int flag;

static void writer(void)
{
    data = 1;
    corinth_internal_barrier();
    __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    explorer_register(0, 2);
    if (__atomic_load_n(&flag, __ATOMIC_RELAXED) == 1) {
        corinth_internal_barrier();
        explorer_register(0, data);
    }
}

static void setup(void)
{
    data = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "barrier_fences_caller",
    .source = "membarrier(2)",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"1", "2"},
};
