/*
 * Goal: a third thread's length of a ring of any kind is never beyond 0 .. capacity, whatever it
 * sees.
 * Method: every execution of more items than fit at once; the positions that are read may be old.
 */
#define KIND KIND_OF_CASE
#define START START_OF_CASE
#include "rings.h"

#define ITEMS (CAPACITY + 1)

static void producer(void)
{
    ring_send(0, ITEMS, 1);
}

static void consumer(void)
{
    ring_receive(0, ITEMS, 1);
}

static void onlooker(void)
{
    explorer_check(corinth_ring_length(&ring, CAPACITY) <= CAPACITY, "what the ring can hold");
}

static void finish(void)
{
    ring_check(ITEMS, 0);
}

const explorer_program_form explorer_program = {
    .name = "length",
    .source = "length of a ring of each kind beside a producer and a consumer of 3 items",
    .threads = {{"producer", producer}, {"consumer", consumer}, {"onlooker", onlooker}},
    .setup = ring_setup,
    .finish = finish,
    .cases = KIND_CASES,
};
