/*
 * Goal: a consumer that received the committed part of a claim finds the aborted part marked.
 * Method: every execution; a claim of two slots of which one is committed, and a consumer of one.
 */
#include "rings.h"

static void producer(void)
{
    (void)ring_reserve(0, 2);
    ring_commit(0, 1);
}

static void consumer(void)
{
    ring_receive(0, 1, 1);
    explorer_check(KIND.is_ready(&consumers[0], CAPACITY), "there is a slot to pass");
}

const explorer_program_form explorer_program = {
    .name = "mutant_partial",
    .source = "MPMC ring: one of two claimed slots committed, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = ring_setup,
    .cases = {{"0", 0}, {"2^32-2", 0xfffffffeu}, {"2^64-2", UINT64_MAX - 1}},
};
