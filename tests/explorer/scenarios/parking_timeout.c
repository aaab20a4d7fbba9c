/*
 * Goal: a wait that loses the race of its time-out against the ring returns OK, and a wait that
 * returns TIMED_OUT wasn't chosen by any ring.
 * Method: every execution. The sender rings once; if the waiter times out before it is chosen, the
 * second wait must find the work or be rung.
 */
#include "parking.h"

#define TIMEOUT_NS 1000u

static unsigned timeouts;
static unsigned taken;

static void sender(void)
{
    parking_send();
}

static void waiter(void)
{
    corinth_status status = parking_wait(0, TIMEOUT_NS);
    timeouts += status == CORINTH_TIMED_OUT ? 1u : 0u;
    explorer_check(status == CORINTH_OK || status == CORINTH_TIMED_OUT, "one of two statuses");
    if (status == CORINTH_OK) {
        explorer_check(parking_take(), "a thread that was rung finds the work");
        taken++;
        return;
    }
    while (!parking_take()) {
        explorer_check(parking_wait(0, CORINTH_FOREVER) == CORINTH_OK, "never times out");
    }
    taken++;
}

static void setup(void)
{
    parking_setup(1);
    timeouts = 0;
    taken = 0;
}

static void finish(void)
{
    explorer_register(0, timeouts);
    explorer_register(1, taken);
}

const explorer_program_form explorer_program = {
    .name = "parking_timeout",
    .source = "parking: 1 sender, 1 waiter with a time-out",
    .threads = {{"sender", sender}, {"waiter", waiter}},
    .setup = setup,
    .finish = finish,
    .cases = MODES,
    .must_see = {"0 1", "1 1"},
    .spurious_wakes = 1,
};
