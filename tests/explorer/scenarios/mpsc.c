/*
 * Goal: the MPSC ring hands over what two producers send through two slots, used again and again.
 * Method: every execution. Slots are plain memory, so a slot that is touched too early is a race.
 * The consumer peeks up to two slots and releases the first alone: it keeps the other one.
 */
#define KIND corinth_mpsc
#include "rings.h"

static void producer_0(void)
{
    ring_send(0, 2, 1);
}

static void producer_1(void)
{
    ring_send(1, 1, 1);
}

static void consumer(void)
{
    while (received[0].rows < 3) {
        if (KIND.peek(&consumers[0], CAPACITY, 2) > 0) {
            ring_take(0, 1);
        } else {
            explorer_pause();
        }
    }
}

static void finish(void)
{
    ring_check(3, 0);
}

const explorer_program_form explorer_program = {
    .name = "mpsc",
    .source = "MPSC ring: 2 producers, 1 consumer that keeps a rest, 3 items, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1}, {"consumer", consumer}},
    .setup = ring_setup,
    .finish = finish,
    .cases = START_CASES,
};
