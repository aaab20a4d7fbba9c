/*
 * Goal: two rings at the same moment wake two threads, not the same one twice.
 * Method: every execution; two senders of one transfer each, and two
 * threads that take one each.
 */
#include "parking.h"

static void sender(void)
{
    parking_send();
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
    .name = "mutant_two_ringers",
    .source = "parking: 2 senders of 1 transfer, 2 waiters",
    .threads = {{"sender_0", sender}, {"sender_1", sender}, {"waiter_0", waiter_0},
                {"waiter_1", waiter_1}},
    .setup = setup,
};
