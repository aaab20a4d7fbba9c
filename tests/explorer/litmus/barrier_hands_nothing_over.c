/*
 * Goal: a barrier hands nothing over from the threads that it fences: what one of them stored
 * plainly before, and announces by a relaxed store behind, still races.
 * Method: the barrier begins when it has been seen that `data` is written, and its end is seen
 * before `ready` is stored, so the fence stands between; the search has to find the race all the
 * same. (The system's barrier may do more; nothing rests on it.)
 */
#include "barrier.h"
#include "explorer.h"

static int data;
static int begun;
static int fenced;
static int ready;

static void writer(void)
{
    data = 1;
    __atomic_store_n(&begun, 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&fenced, __ATOMIC_RELAXED) == 1) {
        __atomic_store_n(&ready, 1, __ATOMIC_RELAXED);
    }
}

static void reader(void)
{
    if (__atomic_load_n(&begun, __ATOMIC_RELAXED) == 1) {
        corinth_internal_barrier();
        __atomic_store_n(&fenced, 1, __ATOMIC_RELAXED);
        if (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) == 1) {
            explorer_register(0, data);
        }
    }
}

static void setup(void)
{
    data = 0;
    begun = 0;
    fenced = 0;
    ready = 0;
}

const explorer_program_form explorer_program = {
    .name = "barrier_hands_nothing_over",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_RACE,
};
