/*
 * Goal: claims of three slots, one of them aborted half filled, keep the MPSC ring a queue, also
 * where the slots of the aborted one are used again.
 * Method: every execution of two producers and a consumer, which keeps a rest, over four slots. No
 * thread waits: thread 0 receives what is left. The outcome is how many slots the producer's second
 * claim got; three are all of the next lap that the first claim of three had in this one.
 */
#define KIND corinth_mpsc
#define CAPACITY 4u
#include "rings.h"

#define WANTED 3u

static unsigned aborted;
static size_t second;

static size_t try_send(void)
{
    size_t count = KIND.reserve(&producers[0], CAPACITY, WANTED);
    if (count > 0) {
        ring_commit(0, count);
    }
    return count;
}

static void producer(void)
{
    (void)try_send();
    second = try_send();
}

static void aborter(void)
{
    aborted = (unsigned)KIND.reserve(&producers[1], CAPACITY, WANTED);
    for (unsigned i = 0; i < aborted; i++) {
        *ring_slot(producers[1].next + i) = 999;
    }
    if (aborted > 0) {
        ring_commit(1, 0);
    }
}

/* Of what it peeks first, it keeps the last slot. */
static void consumer(void)
{
    size_t count = KIND.peek(&consumers[0], CAPACITY, WANTED);
    ring_take(0, count > 1 ? count - 1 : count);
    (void)ring_try_receive(0, WANTED);
}

static void setup(void)
{
    ring_setup();
    aborted = 0;
    second = 0;
}

static void finish(void)
{
    ring_drain();
    ring_check(sent[0].rows + aborted, aborted);
    explorer_register(0, (int64_t)second);
}

const explorer_program_form explorer_program = {
    .name = "mpsc_claims",
    .source = "MPSC ring: claims of 3 slots, one of them aborted, 1 consumer, capacity 4",
    .threads = {{"producer", producer}, {"aborter", aborter}, {"consumer", consumer}},
    .setup = setup,
    .finish = finish,
    .cases = {{"0", 0},
              {"2^31-4", 0x7ffffffcu},
              {"2^32-4", 0xfffffffcu},
              {"2^64-4", UINT64_MAX - 3}},
    .must_see = {"0", "1", "2", "3"},
};
