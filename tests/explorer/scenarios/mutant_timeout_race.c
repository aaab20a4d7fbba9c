/*
 * Goal: a thread whose time runs out while a ring chooses it answers OK: the ring chooses nobody
 * else, and so a transfer would lie there while another thread sleeps.
 * Method: every execution; one transfer, one thread that waits a while and believes the answer,
 * and one that waits for ever.
 */
#include "parking.h"

#define TIMEOUT_NS 1000u

static void sender(void)
{
    parking_send();
}

static void impatient(void)
{
    if (parking_wait(0, TIMEOUT_NS) == CORINTH_OK && parking_take()) {
        parking_stop();
    }
}

static void patient(void)
{
    while (!parking_take() && corinth_internal_load_relaxed_u32(&is_stopped) == 0) {
        explorer_check(parking_wait(1, CORINTH_FOREVER) == CORINTH_OK, "never times out");
    }
}

static void setup(void)
{
    parking_setup(2);
}

const explorer_program_form explorer_program = {
    .name = "mutant_timeout_race",
    .source = "parking: 1 transfer, 1 waiter with a time-out, 1 without",
    .threads = {{"sender", sender}, {"impatient", impatient}, {"patient", patient}},
    .setup = setup,
};
