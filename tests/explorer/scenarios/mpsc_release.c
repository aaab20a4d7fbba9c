/*
 * Goal: slots that the only consumer released together are filled by two producers without a race
 * with its reading them.
 * Method: every execution of a release of two slots beside two producers that send one item each:
 * who gets the second slot has learnt nothing from the first one's mark. The outcome is how many
 * found room.
 */
#define KIND corinth_mpsc
#include "rings.h"

static void producer_0(void)
{
    ring_try_send(0);
}

static void producer_1(void)
{
    ring_try_send(1);
}

static void consumer(void)
{
    (void)ring_try_receive(0, CAPACITY);
}

static void setup(void)
{
    ring_setup();
    ring_send(2, CAPACITY, CAPACITY);
}

static void finish(void)
{
    unsigned refilled = sent[0].rows + sent[1].rows;
    ring_drain();
    ring_check(CAPACITY + refilled, 0);
    explorer_register(0, (int64_t)refilled);
}

const explorer_program_form explorer_program = {
    .name = "mpsc_release",
    .source = "MPSC ring: a release of 2 slots beside 2 producers of 1 item, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1}, {"consumer", consumer}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0", "1", "2"},
};
