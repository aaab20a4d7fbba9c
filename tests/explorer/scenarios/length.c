/*
 * Goal: a third thread's length of either ring is never beyond 0..capacity, whatever it sees.
 * Method: every execution; the positions that it reads may be old ones.
 */
#include <corinth/spsc.h>

#include "mpmc.h"

static corinth_spsc single;

static void producer(void)
{
    corinth_position first;
    for (unsigned i = 0; i < 2; i++) {
        if (corinth_spsc_reserve(&single, CAPACITY, 1, &first) > 0) {
            corinth_spsc_commit(&single, CAPACITY, 1);
        }
    }
    mpmc_send(0, 1, 1);
}

static void consumer(void)
{
    corinth_position first;
    size_t ready;
    if (corinth_spsc_peek(&single, CAPACITY, 1, &first, &ready) > 0) {
        corinth_spsc_release(&single, 1);
    }
    mpmc_receive(0, 1, 1);
}

static void onlooker(void)
{
    explorer_check(corinth_spsc_length(&single, CAPACITY) <= CAPACITY, "SPSC length");
    explorer_check(corinth_mpmc_length(&ring, CAPACITY) <= 1, "MPMC length");
}

static void setup(void)
{
    corinth_spsc_init(&single, explorer_value());
    mpmc_setup();
}

const explorer_program_form explorer_program = {
    .name = "length",
    .source = "length of SPSC and MPMC rings beside a producer and a consumer",
    .threads = {{"producer", producer}, {"consumer", consumer}, {"onlooker", onlooker}},
    .setup = setup,
    .cases = START_CASES,
};
