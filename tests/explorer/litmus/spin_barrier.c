/*
 * Goal: a round of a loop that passes a barrier may begin before there is anything new to read, and
 * find it on its way.
 * Method: y is stored before z. Between a round that finds neither and the end, there may be one
 * that passes its barrier before both and then reads z alone; the register tells of it. The set of
 * outcomes is compared with the lists.
 */
#include "barrier.h"
#include "explorer.h"

static int y;
static int z;

static void waiter(void)
{
    explorer_register(0, 0);
    bool has_found_neither = false;
    for (;;) {
        corinth_internal_barrier();
        if (__atomic_load_n(&y, __ATOMIC_RELAXED) == 1) {
            return;
        }
        bool has_found_z = __atomic_load_n(&z, __ATOMIC_RELAXED) == 1;
        if (has_found_z && has_found_neither) {
            explorer_register(0, 1);
        }
        has_found_neither |= !has_found_z;
        explorer_pause();
    }
}

static void writer(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&z, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    y = 0;
    z = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_barrier",
    .source = "membarrier(2)",
    .threads = {{"waiter", waiter}, {"writer", writer}},
    .setup = setup,
    .must_see = {"0", "1"},
};
