/*
 * Goal: a third thread never counts more in an SPSC ring than was ever in it.
 * Method: every execution; one item passes through two slots while an onlooker takes the length.
 */
#include <corinth/spsc.h>

#include "queue.h"

#define CAPACITY 2u

static corinth_spsc ring;

static void producer(void)
{
    corinth_position first;
    explorer_check(corinth_spsc_reserve(&ring, CAPACITY, 1, &first) == 1, "there is room");
    corinth_spsc_commit(&ring, CAPACITY, 1);
}

static void consumer(void)
{
    corinth_position first;
    size_t ready;
    if (corinth_spsc_peek(&ring, CAPACITY, 1, &first, &ready) > 0) {
        corinth_spsc_release(&ring, 1);
    }
}

static void onlooker(void)
{
    explorer_check(corinth_spsc_length(&ring, CAPACITY) <= 1, "there is only one item");
}

static void setup(void)
{
    corinth_spsc_init(&ring, explorer_value());
}

const explorer_program_form explorer_program = {
    .name = "mutant_length",
    .source = "length of an SPSC ring beside a producer and a consumer of 1 item",
    .threads = {{"producer", producer}, {"consumer", consumer}, {"onlooker", onlooker}},
    .setup = setup,
    .cases = START_CASES,
};
