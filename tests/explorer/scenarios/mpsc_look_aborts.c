/*
 * Goal: slots that were aborted together, half filled, are shown to a forwarder as skipped, in
 * order with those that hold something, and are filled again only when it has freed them.
 * Method: every execution of a producer that aborts three slots and sends one, another one that
 * fills what is free, and a forwarder that looks three times, frees all it saw, looks and frees,
 * over four slots. No thread waits: thread 0 forwards what is left. The outcome is how many
 * slots the forwarder freed at first; four are all of a lap, also over the end of the array.
 */
#define KIND corinth_mpsc
#define CAPACITY 4u
#include "forwarding.h"

#define WANTED 3u

static unsigned freed;

static void aborter(void)
{
    for (unsigned i = 0; i < WANTED; i++) {
        *ring_slot(producers[1].next + i) = 999;
    }
    ring_commit(1, 0);
    ring_try_send(1);
}

static void producer(void)
{
    for (unsigned i = 0; i < 2; i++) {
        size_t count = KIND.reserve(&producers[0], CAPACITY, WANTED);
        if (count > 0) {
            ring_commit(0, count);
        }
    }
}

static void forwarder(void)
{
    for (unsigned i = 0; i < 3; i++) {
        (void)forward(CAPACITY);
    }
    freed = (unsigned)ahead;
    forwarded(ahead);
    (void)forward(CAPACITY);
    forwarded(ahead);
}

static void setup(void)
{
    forward_setup();
    ring_send(2, 1, 1);
    explorer_check(ring_reserve(1, WANTED) == WANTED, "before the end of the array");
    freed = 0;
}

static void finish(void)
{
    while (forward(CAPACITY) > 0) {
        forwarded(ahead);
    }
    ring_check(sent[0].rows + sent[1].rows + sent[2].rows + WANTED, WANTED);
    explorer_register(0, (int64_t)freed);
}

const explorer_program_form explorer_program = {
    .name = "mpsc_look_aborts",
    .source = "MPSC ring: an abort of 3 slots, 1 forwarder, 1 producer beside it, capacity 4",
    .threads = {{"aborter", aborter}, {"producer", producer}, {"forwarder", forwarder}},
    .setup = setup,
    .finish = finish,
    .cases = {{"0", 0},
              {"2^31-1", 0x7fffffffu},
              {"2^32-1", 0xffffffffu},
              {"2^64-1", UINT64_MAX}},
    .must_see = {"1", "2", "3", "4"},
};
