/*
 * Goal: a consumer that received the committed part of a claim finds the aborted part marked.
 * Method: every execution; a claim of two slots of which one is committed, and a consumer of one.
 */
#include "mpmc.h"

static void producer(void)
{
    corinth_position first;
    size_t count = mpmc_claim_free(2, &first);
    *mpmc_slot(first) = 100;
    queue_add(&sent[0], first, 100);
    corinth_mpmc_commit(marks, CAPACITY, first, count, 1);
}

static void consumer(void)
{
    mpmc_receive(0, 1, 1);
    explorer_check(corinth_mpmc_is_ready(&ring, marks, CAPACITY), "there is a slot to pass");
}

const explorer_program_form explorer_program = {
    .name = "mutant_partial",
    .source = "MPMC ring: one of two claimed slots committed, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = mpmc_setup,
    .cases = {{"0", 0}, {"2^32-2", 0xfffffffeu}, {"2^64-2", UINT64_MAX - 1}},
};
