/*
 * Goal: a third thread never counts more in a ring than was ever in it, and in an SPSC ring never
 * fewer than there were all the time.
 * Method: every execution of an item that comes and one that goes, while an onlooker takes the
 * length. One item is there from the beginning; only when both are, the consumer takes one.
 */
#define KIND KIND_OF_CASE
#define START START_OF_CASE
#define CAPACITY 4u
#include "rings.h"

#define LEAST 1u
#define MOST 2u

static void producer(void)
{
    ring_try_send(0);
}

static void consumer(void)
{
    size_t count = KIND.peek(&consumers[0], CAPACITY, MOST);
    ring_take(0, count == MOST ? 1 : 0);
}

static void onlooker(void)
{
    size_t length = corinth_ring_length(&ring, CAPACITY);
    explorer_check(length <= MOST, "no more than were there");
    explorer_check(length >= LEAST || &KIND != &corinth_spsc, "no fewer than were there");
}

static void setup(void)
{
    ring_setup();
    ring_send(0, LEAST, LEAST);
}

const explorer_program_form explorer_program = {
    .name = "mutant_length",
    .source = "length of a ring of each kind beside a producer and a consumer, 1 or 2 items",
    .threads = {{"producer", producer}, {"consumer", consumer}, {"onlooker", onlooker}},
    .setup = setup,
    .cases = KIND_CASES,
};
