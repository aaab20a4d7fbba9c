/*
 * Goal: what an SPSC ring returns when quiet is exact, and no claim reaches beyond its slot array.
 * Method: one thread does both sides' calls, with every claim once at the end of the array.
 */
#define KIND corinth_spsc
#define CAPACITY 4u
#include "rings.h"

static void expect_claims(size_t free_slots, size_t ready_slots)
{
    explorer_check(KIND.reserve(&producers[0], CAPACITY, CAPACITY) == free_slots, "free");
    explorer_check(KIND.peek(&consumers[0], CAPACITY, CAPACITY) == ready_slots, "ready");
}

static void both_sides(void)
{
    explorer_check(!KIND.is_ready(&consumers[0], CAPACITY), "nothing is there");
    expect_claims(4, 0);
    (void)KIND.commit(&producers[0], CAPACITY, 3);
    explorer_check(KIND.is_ready(&consumers[0], CAPACITY), "what was just written is there");
    expect_claims(1, 3);
    KIND.release(&consumers[0], CAPACITY, 2);
    expect_claims(1, 1);
    (void)KIND.commit(&producers[0], CAPACITY, 1);
    expect_claims(2, 2);
    explorer_check(corinth_ring_length(&ring, CAPACITY) == 2, "two are there");
    KIND.release(&consumers[0], CAPACITY, 2);
    explorer_check(!KIND.is_ready(&consumers[0], CAPACITY), "nothing is left");
    (void)KIND.commit(&producers[0], CAPACITY, 1);
    explorer_check(KIND.peek(&consumers[0], CAPACITY, CAPACITY) == 1, "one slot of the next lap");
    KIND.release(&consumers[0], CAPACITY, 1);
    expect_claims(3, 0);
}

const explorer_program_form explorer_program = {
    .name = "mutant_spsc_quiet",
    .source = "SPSC ring: 1 thread, capacity 4",
    .threads = {{"both_sides", both_sides}},
    .setup = ring_setup,
    .cases = {{"0", 0},
              {"2^31-4", 0x7ffffffcu},
              {"2^32-4", 0xfffffffcu},
              {"2^64-4", UINT64_MAX - 3}},
};
