/*
 * Goal: a spin by read-modify-writes is recognised, and the lock that it takes excludes.
 * Method: every execution; the counter is plain, so two holders at a time are a race.
 */
#include "explorer.h"

static int lock;
static int count;

static void holder(void)
{
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) {
        explorer_pause();
    }
    count++;
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

static void setup(void)
{
    lock = 0;
    count = 0;
}

static void finish(void)
{
    explorer_register(0, count);
}

const explorer_program_form explorer_program = {
    .name = "spin_lock",
    .source = "this explorer",
    .threads = {{"left", holder}, {"right", holder}},
    .setup = setup,
    .finish = finish,
    .must_see = {"2"},
};
