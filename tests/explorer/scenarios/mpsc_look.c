/*
 * Goal: what two producers send through the two slots of an MPSC ring, used again and again, is
 * shown to a forwarder when it is filled, and filled again when it is freed.
 * Method: every execution. Slots are plain memory, so a slot that is shown or freed too early is a
 * race. The forwarder keeps a slot that it has read until it has looked again, so what it has ahead
 * goes over the end of the array.
 */
#define KIND corinth_mpsc
#include "forwarding.h"

#define ITEMS 3u

static void producer_0(void)
{
    ring_send(0, 2, 1);
}

static void producer_1(void)
{
    ring_send(1, 1, 1);
}

static void forwarder(void)
{
    while (received[0].rows < ITEMS) {
        size_t shown = forward(CAPACITY - ahead);
        if (ahead > 0 && received[0].rows < ITEMS) {
            forwarded(1);
        } else if (shown == 0) {
            explorer_pause();
        }
    }
    forward_again();
    forwarded(ahead);
}

static void finish(void)
{
    ring_check(ITEMS, 0);
}

const explorer_program_form explorer_program = {
    .name = "mpsc_look",
    .source = "MPSC ring: 2 producers, 1 forwarder that keeps what it read, 3 items, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1}, {"forwarder", forwarder}},
    .setup = forward_setup,
    .finish = finish,
    .cases = START_CASES,
};
