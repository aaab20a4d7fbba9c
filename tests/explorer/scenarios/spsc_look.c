/*
 * Goal: an SPSC ring's slots that a forwarder looks at are filled, stay as they are until it frees
 * them, and are filled again then.
 * Method: every execution of five items through two slots. Slots are plain memory, so a slot that
 * is shown or freed too early is a race. The forwarder frees one slot at a time, so what it has
 * ahead goes over the end of the array; it looks a second time before it frees, and the last item
 * it peeks.
 */
#define KIND corinth_spsc
#include "forwarding.h"

#define ITEMS 5u

static void producer(void)
{
    ring_send(0, ITEMS, 2);
}

static void forwarder(void)
{
    while (received[0].rows < ITEMS - 1) {
        size_t left = ITEMS - 1 - received[0].rows;
        if (forward(left < CAPACITY ? left : CAPACITY) == 0 && ahead == 0) {
            explorer_pause();
        }
        forward_again();
        if (ahead > 0) {
            forwarded(1);
        }
    }
    forwarded(ahead);
    ring_receive(0, ITEMS, 1);
}

static void finish(void)
{
    ring_check(ITEMS, 0);
}

const explorer_program_form explorer_program = {
    .name = "spsc_look",
    .source = "SPSC ring: 5 items, a forwarder that looks twice and frees singly, capacity 2",
    .threads = {{"producer", producer}, {"forwarder", forwarder}},
    .setup = forward_setup,
    .finish = finish,
    .cases = START_CASES,
};
