/*
 * Goal: of two ready slots one consumer finds one, though another one takes a slot at that moment:
 * a thread that went to sleep upon "not ready" would sleep beside a ready slot.
 * Method: every execution; the ring is full before the two consumers begin.
 */
#include "mpmc.h"

static void taker(void)
{
    mpmc_receive(0, 1, 1);
}

static void looker(void)
{
    corinth_position first = 0;
    explorer_check(corinth_mpmc_is_ready(&ring, marks, CAPACITY), "one slot is left at least");
    size_t count = corinth_mpmc_peek(&ring, marks, CAPACITY, 1, &first);
    explorer_check(count == 1, "and can be claimed");
    queue_add(&received[1], first, *mpmc_slot(first));
    corinth_mpmc_release(marks, CAPACITY, first, count);
}

static void setup(void)
{
    mpmc_setup();
    mpmc_send(0, 2, 2);
}

static void finish(void)
{
    mpmc_check(2, 0);
}

const explorer_program_form explorer_program = {
    .name = "mutant_ready",
    .source = "MPMC ring: 2 consumers of 2 ready slots, capacity 2",
    .threads = {{"taker", taker}, {"looker", looker}},
    .setup = setup,
    .finish = finish,
    .cases = {{"0", 0}, {"2^32-2", 0xfffffffeu}, {"2^64-2", UINT64_MAX - 1}},
};
