/*
 * Goal: when quiet, a ring that holds something isn't EMPTY and one that has room isn't FULL.
 * Method: every execution; two threads take turns by a flag, so no two operations overlap.
 */
#include "mpmc.h"

static uint32_t turn;

static void wait_for_turn(uint32_t wanted)
{
    while (corinth_internal_load_acquire_u32(&turn) != wanted) {
        explorer_pause();
    }
}

static void producer(void)
{
    corinth_position first = 0;
    for (uint32_t round = 0; round < 2; round++) {
        wait_for_turn(2 * round);
        for (unsigned i = 0; i < CAPACITY; i++) {
            size_t count = corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first);
            explorer_check(count == 1, "a quiet ring with room isn't full");
            corinth_mpmc_commit(marks, CAPACITY, first, 1, 1);
        }
        explorer_check(corinth_mpmc_length(&ring, CAPACITY) == CAPACITY, "the length is exact");
        corinth_internal_store_release_u32(&turn, 2 * round + 1);
    }
}

static void consumer(void)
{
    corinth_position first = 0;
    for (uint32_t round = 0; round < 2; round++) {
        wait_for_turn(2 * round + 1);
        for (unsigned i = 0; i < CAPACITY; i++) {
            explorer_check(corinth_mpmc_is_ready(&ring, marks, CAPACITY), "ready says so");
            size_t count = corinth_mpmc_peek(&ring, marks, CAPACITY, 1, &first);
            explorer_check(count == 1, "a quiet ring with something isn't empty");
            corinth_mpmc_release(marks, CAPACITY, first, 1);
        }
        explorer_check(corinth_mpmc_length(&ring, CAPACITY) == 0, "the length is exact");
        corinth_internal_store_release_u32(&turn, 2 * round + 2);
    }
}

static void setup(void)
{
    turn = 0;
    mpmc_setup();
}

const explorer_program_form explorer_program = {
    .name = "mpmc_quiet",
    .source = "MPMC ring: 2 threads by turns, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = setup,
    .cases = START_CASES,
};
