/*
 * Goal: a peek doesn't return 0 because another consumer passes a skipped slot at that moment. It
 * returns 0 only if at some moment of the call the first slot that no consumer had claimed was
 * neither ready nor skipped. So of two consumers that peek once each at a ring without open claims,
 * as many get a slot as there are ready ones behind the skipped one.
 * Method: every execution, with two ready slots and with one.
 */
#define CAPACITY 4u
#define START START_OF_CASE
#include "rings.h"

#define CONSUMERS 2u

static unsigned ready_slots(void)
{
    return explorer_value() % WRAPS;
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 1);
}

static void consumer_1(void)
{
    (void)ring_try_receive(1, 1);
}

static void setup(void)
{
    ring_setup();
    (void)ring_reserve(0, 1);
    ring_commit(0, 0);
    ring_send(0, ready_slots(), 1);
}

static void finish(void)
{
    unsigned got = queue_rows(received, CONSUMERS);
    explorer_check(got == ready_slots(), "each ready slot is found by one call");
    ring_check(1 + ready_slots(), 1);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_passed",
    .source = "MPMC ring: 2 peeks at a skipped slot with 1 or 2 ready ones behind it, capacity 4",
    .threads = {{"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = setup,
    .finish = finish,
    .cases = {{"1", 1}, {"1-wraps", 1 + WRAPS}, {"2", 2}, {"2-wraps", 2 + WRAPS}},
};
