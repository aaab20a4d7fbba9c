/*
 * Goal: when quiet, a ring that holds something isn't EMPTY and one that has room isn't FULL, of
 * any kind.
 * Method: every execution; two threads take turns by a flag, so no two operations overlap.
 */
#define KIND KIND_OF_CASE
#define START START_OF_CASE
#include "rings.h"

static uint32_t turn;

static void wait_for_turn(uint32_t wanted)
{
    while (corinth_internal_load_acquire_u32(&turn) != wanted) {
        explorer_pause();
    }
}

static void producer(void)
{
    for (uint32_t round = 0; round < 2; round++) {
        wait_for_turn(2 * round);
        for (unsigned i = 0; i < CAPACITY; i++) {
            size_t count = KIND.reserve(&producers[0], CAPACITY, 1);
            explorer_check(count == 1, "a quiet ring with room isn't full");
            ring_commit(0, 1);
        }
        explorer_check(corinth_ring_length(&ring, CAPACITY) == CAPACITY, "the length is exact");
        corinth_internal_store_release_u32(&turn, 2 * round + 1);
    }
}

static void consumer(void)
{
    for (uint32_t round = 0; round < 2; round++) {
        wait_for_turn(2 * round + 1);
        for (unsigned i = 0; i < CAPACITY; i++) {
            explorer_check(KIND.is_ready(&consumers[0], CAPACITY), "ready says so");
            size_t count = ring_try_receive(0, 1);
            explorer_check(count == 1, "a quiet ring with something isn't empty");
        }
        explorer_check(corinth_ring_length(&ring, CAPACITY) == 0, "the length is exact");
        corinth_internal_store_release_u32(&turn, 2 * round + 2);
    }
}

static void setup(void)
{
    turn = 0;
    ring_setup();
}

static void finish(void)
{
    ring_check(2 * CAPACITY, 0);
}

const explorer_program_form explorer_program = {
    .name = "quiet",
    .source = "a ring of each kind: 2 threads by turns, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = setup,
    .finish = finish,
    .cases = KIND_CASES,
};
