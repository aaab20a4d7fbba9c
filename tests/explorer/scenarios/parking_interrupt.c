/*
 * Goal: an interrupt ends the sleep in progress or the next one, once, and brings what its caller
 * wrote before it; a ring beside it isn't lost.
 * Method: every execution; an interrupt or a ring that is missed leaves the waiter asleep.
 */
#include "parking.h"

static uint32_t note; /* plain: the interrupt hands it over */

static void sender(void)
{
    parking_send();
}

static void interrupter(void)
{
    note = 1;
    corinth_bell_interrupt(&bell, 0);
}

/* The work is taken; the ring for it may be still to come. */
static corinth_status sleep_on(void)
{
    uint32_t key = corinth_bell_prepare(&bell, 0);
    return corinth_bell_commit(&bell, 0, key, CORINTH_FOREVER);
}

static void waiter(void)
{
    bool is_interrupted = false;
    bool has_work = false;
    while (!is_interrupted || !has_work) {
        corinth_status status = has_work ? sleep_on() : parking_wait(0, CORINTH_FOREVER);
        explorer_check(status != CORINTH_TIMED_OUT, "rung or interrupted, and not by time");
        if (corinth_bell_take_interrupt(&bell, 0)) {
            explorer_check(!is_interrupted, "it is taken once");
            explorer_check(note == 1, "what came before the interrupt is there");
            is_interrupted = true;
        } else {
            explorer_check(status == CORINTH_OK, "an interrupt stays until it is taken");
        }
        has_work = has_work || parking_take();
    }
}

static void setup(void)
{
    parking_setup(1);
    note = 0;
}

const explorer_program_form explorer_program = {
    .name = "parking_interrupt",
    .source = "parking: 1 waiter, a ring and an interrupt",
    .threads = {{"sender", sender}, {"interrupter", interrupter}, {"waiter", waiter}},
    .spared = 1u << 2, /* waiter */
    .setup = setup,
    .cases = MODES,
};
