/*
 * Goal: a ring that an interrupted wait used up is passed on.
 * Method: every execution of two sleepers, one transfer and an interrupt of the first one, which
 * leaves then. If the ring was for it, and isn't passed on, the other one sleeps beside the work.
 */
#include "passing_on.h"

static uint32_t key; /* of the first thread, which has announced itself, too */

static void sender(void)
{
    parking_send();
}

static void interrupter(void)
{
    corinth_bell_interrupt(&bell, 0);
}

static void interrupted(void)
{
    corinth_bell *const bells[] = {&bell};
    corinth_internal_wait wait = {bells, 1, 0, &state, find_work, is_never_closed, NULL, 0};
    uint64_t found = 0;
    (void)corinth_internal_wait_once(&wait, key, CORINTH_FOREVER, &found);
    hand_over(found);
}

static void setup(void)
{
    passing_on_setup();
    key = corinth_bell_prepare(&bell, 0);
}

const explorer_program_form explorer_program = {
    .name = "passing_on_interrupted",
    .source = "sleeping: 2 waiters, a transfer, an interrupt of one of them",
    .threads = {{"sender", sender}, {"interrupter", interrupter}, {"interrupted", interrupted},
                {"other", other}},
    .setup = setup,
    .cases = MODES,
};
