/*
 * Goal: a thread whose time runs out while a ring chooses it returns OK: the ring chooses no thread
 * else, and its transfer would lie there while another thread sleeps.
 * Method: every execution of a sender and of a thread that waits a while. Either the thread says
 * that it was rung, or its bit was set until it withdrew and no ring took it.
 */
#include "parking.h"

#define TIMEOUT_NS 1000u

static uint32_t rung;
static bool was_told;

static void count_ring(void *context)
{
    (void)__atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

static void sender(void)
{
    corinth_bell_ring(&bell, 1);
}

static void sleeper(void)
{
    uint32_t key = corinth_bell_prepare(&bell, 0);
    was_told = corinth_bell_commit(&bell, 0, key, TIMEOUT_NS) == CORINTH_OK;
}

static void setup(void)
{
    parking_setup(1);
    rung = 0;
    was_told = false;
    corinth_bell_set_wake(&bell, 0, count_ring, &rung);
}

static void finish(void)
{
    explorer_check(was_told == (rung == 1), "a ring that chose it is told of, and no other");
    explorer_register(0, was_told ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "mutant_timeout_race",
    .source = "parking: 1 ring against 1 time-out",
    .threads = {{"sender", sender}, {"sleeper", sleeper}},
    .setup = setup,
    .finish = finish,
    .cases = MODES,
    .must_see = {"0", "1"},
};
