/*
 * Goal: of two ready slots one consumer finds one, though another one takes a slot at that moment:
 * a thread that went to sleep upon "not ready" would sleep beside a ready slot.
 * Method: every execution; the ring is full before the two consumers begin.
 */
#include "rings.h"

static void taker(void)
{
    ring_receive(0, 1, 1);
}

static void looker(void)
{
    explorer_check(KIND.is_ready(&consumers[1], CAPACITY), "one slot is left at least");
    explorer_check(ring_try_receive(1, 1) == 1, "and can be claimed");
}

static void setup(void)
{
    ring_setup();
    ring_send(0, 2, 2);
}

static void finish(void)
{
    ring_check(2, 0);
}

const explorer_program_form explorer_program = {
    .name = "mutant_ready",
    .source = "MPMC ring: 2 consumers of 2 ready slots, capacity 2",
    .threads = {{"taker", taker}, {"looker", looker}},
    .setup = setup,
    .finish = finish,
    .cases = {{"0", 0}, {"2^32-2", 0xfffffffeu}, {"2^64-2", UINT64_MAX - 1}},
};
