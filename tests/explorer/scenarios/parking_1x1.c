/*
 * Goal: a thread that sleeps until there is work takes two transfers, however they are sent.
 * Method: every execution; a lost wake-up leaves it asleep. The sleep may end for no reason, once.
 */
#include "parking.h"

static void sender(void)
{
    parking_send();
    parking_send();
}

static void waiter(void)
{
    for (unsigned taken = 0; taken < 2;) {
        if (parking_take()) {
            taken++;
        } else {
            explorer_check(parking_wait(0, CORINTH_FOREVER) == CORINTH_OK, "never times out");
        }
    }
}

static void setup(void)
{
    parking_setup(1);
}

const explorer_program_form explorer_program = {
    .name = "parking_1x1",
    .source = "parking: 1 sender of 2 transfers, 1 waiter",
    .threads = {{"sender", sender}, {"waiter", waiter}},
    .setup = setup,
    .cases = MODES,
    .spurious_wakes = 1,
};
