/*
 * Goal: what an SPSC ring returns when quiet is exact, and no claim reaches beyond its slot array.
 * Method: one thread does both sides' calls, with every claim once at the end of the array.
 */
#include <corinth/spsc.h>

#include "queue.h"

#define CAPACITY 4u

static corinth_spsc ring;

static void expect_claims(size_t free_slots, size_t ready_slots)
{
    corinth_position first;
    size_t ready;
    explorer_check(corinth_spsc_reserve(&ring, CAPACITY, CAPACITY, &first) == free_slots, "free");
    explorer_check(
        corinth_spsc_peek(&ring, CAPACITY, CAPACITY, &first, &ready) == ready_slots, "ready");
}

static void both_sides(void)
{
    explorer_check(!corinth_spsc_is_ready(&ring), "nothing is there");
    expect_claims(4, 0);
    corinth_spsc_commit(&ring, CAPACITY, 3);
    explorer_check(corinth_spsc_is_ready(&ring), "what was just written is there");
    expect_claims(1, 3);
    corinth_spsc_release(&ring, 2);
    expect_claims(1, 1);
    corinth_spsc_commit(&ring, CAPACITY, 1);
    expect_claims(2, 2);
    explorer_check(corinth_spsc_length(&ring, CAPACITY) == 2, "two are there");
    corinth_spsc_release(&ring, 2);
    explorer_check(!corinth_spsc_is_ready(&ring), "nothing is left");
}

static void setup(void)
{
    corinth_spsc_init(&ring, explorer_value());
}

const explorer_program_form explorer_program = {
    .name = "mutant_spsc_quiet",
    .source = "SPSC ring: 1 thread, capacity 4",
    .threads = {{"both_sides", both_sides}},
    .setup = setup,
    .cases = {{"0", 0},
              {"2^31-4", 0x7ffffffcu},
              {"2^32-4", 0xfffffffcu},
              {"2^64-4", UINT64_MAX - 3}},
};
