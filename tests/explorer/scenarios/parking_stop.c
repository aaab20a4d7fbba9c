/*
 * Goal: stop wakes every sleeper.
 * Method: every execution; two waiters sleep until they see that the coordinator was stopped.
 */
#include "parking.h"

static void stopper(void)
{
    parking_stop();
}

static void sleep_until_stopped(uint32_t index)
{
    while (corinth_internal_load_relaxed_u32(&is_stopped) == 0) {
        explorer_check(parking_wait(index, CORINTH_FOREVER) == CORINTH_OK, "never times out");
    }
}

static void waiter_0(void)
{
    sleep_until_stopped(0);
}

static void waiter_1(void)
{
    sleep_until_stopped(1);
}

static void setup(void)
{
    parking_setup(2);
}

const explorer_program_form explorer_program = {
    .name = "parking_stop",
    .source = "parking: stop against 2 waiters",
    .threads = {{"stopper", stopper}, {"waiter_0", waiter_0}, {"waiter_1", waiter_1}},
    .spared = 1u << 1 | 1u << 2, /* waiter_0 and waiter_1 */
    .setup = setup,
    .cases = MODES,
};
