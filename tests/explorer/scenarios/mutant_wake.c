/*
 * Goal: who rings finds the wake function that the sleeper set before it went to sleep.
 * Method: every execution; the function and its context are plain memory, so one that is read too
 * early is a race.
 */
#include "parking.h"

static uint32_t calls;

static void count_call(void *context)
{
    (void)__atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

static void sender(void)
{
    parking_send();
}

static void waiter(void)
{
    corinth_bell_set_wake(&bell, 0, count_call, &calls);
    while (!parking_take()) {
        explorer_check(parking_wait(0, CORINTH_FOREVER) == CORINTH_OK, "never times out");
    }
}

static void setup(void)
{
    parking_setup(1);
    calls = 0;
}

static void finish(void)
{
    explorer_register(0, calls);
}

const explorer_program_form explorer_program = {
    .name = "mutant_wake",
    .source = "parking: 1 sender, 1 waiter with a wake function",
    .threads = {{"sender", sender}, {"waiter", waiter}},
    .setup = setup,
    .finish = finish,
    .cases = MODES,
    .must_see = {"0", "1"},
};
