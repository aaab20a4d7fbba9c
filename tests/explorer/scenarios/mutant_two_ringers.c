/*
 * Goal: two rings at the same moment wake two threads, not the same one twice.
 * Method: every execution of two senders of one transfer each; the two sleepers are prepared before
 * and are asked afterwards whether they were rung.
 */
#include "parking.h"

static uint32_t keys[WAITERS_MAX];

static void sender(void)
{
    corinth_bell_ring(&bell, 1);
}

static void setup(void)
{
    parking_setup(WAITERS_MAX);
    for (uint32_t i = 0; i < WAITERS_MAX; i++) {
        keys[i] = corinth_bell_prepare(&bell, i);
    }
}

static void finish(void)
{
    for (uint32_t i = 0; i < WAITERS_MAX; i++) {
        corinth_status status = corinth_bell_commit(&bell, i, keys[i], 0);
        explorer_check(status == CORINTH_OK, "both were rung");
    }
}

const explorer_program_form explorer_program = {
    .name = "mutant_two_ringers",
    .source = "parking: 2 senders of 1 transfer beside 2 sleepers",
    .threads = {{"sender_0", sender}, {"sender_1", sender}},
    .setup = setup,
    .finish = finish,
    .cases = MODES,
};
