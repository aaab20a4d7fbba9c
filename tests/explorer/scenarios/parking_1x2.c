/*
 * Goal: two threads that sleep until there is work take one transfer each.
 * Method: every execution; a ring that wakes no thread, or the same one twice, leaves one asleep.
 */
#include "parking.h"

/* By barriers one after the other makes too many executions: then by one publication. */
static void sender(void)
{
    if (is_by_fences()) {
        parking_send();
        parking_send();
    } else {
        parking_send_batch(2);
    }
}

static void take_one(uint32_t index)
{
    while (!parking_take()) {
        explorer_check(parking_wait(index, CORINTH_FOREVER) == CORINTH_OK, "never times out");
    }
}

static void waiter_0(void)
{
    take_one(0);
}

static void waiter_1(void)
{
    take_one(1);
}

static void setup(void)
{
    parking_setup(2);
}

const explorer_program_form explorer_program = {
    .name = "parking_1x2",
    .source = "parking: 1 sender of 2 transfers, 2 waiters",
    .threads = {{"sender", sender}, {"waiter_0", waiter_0}, {"waiter_1", waiter_1}},
    .spared = 1u << 1 | 1u << 2, /* waiter_0 and waiter_1 */
    .setup = setup,
    .cases = MODES,
};
