/*
 * Goal: slots that two producers aborted, half filled, are passed by one call and filled again
 * without a race with either of them.
 * Method: every execution of two aborts beside a thread that peeks, which passes what is aborted,
 * and then sends two items. The outcome is how many found room.
 */
#define KIND corinth_mpsc
#include "rings.h"

#define SENDER 2u

static void abort_one(unsigned producer)
{
    *ring_slot(producers[producer].next) = 999;
    ring_commit(producer, 0);
}

static void aborter_0(void)
{
    abort_one(0);
}

static void aborter_1(void)
{
    abort_one(1);
}

static void worker(void)
{
    explorer_check(ring_try_receive(0, 1) == 0, "nothing was sent");
    ring_try_send(SENDER);
    ring_try_send(SENDER);
}

static void setup(void)
{
    ring_setup();
    (void)ring_reserve(0, 1);
    (void)ring_reserve(1, 1);
}

static void finish(void)
{
    unsigned refilled = sent[SENDER].rows;
    ring_drain();
    ring_check(CAPACITY + refilled, CAPACITY);
    explorer_register(0, (int64_t)refilled);
}

const explorer_program_form explorer_program = {
    .name = "mpsc_aborts",
    .source = "MPSC ring: 2 aborts beside a thread that peeks and sends 2 items, capacity 2",
    .threads = {{"aborter_0", aborter_0}, {"aborter_1", aborter_1}, {"worker", worker}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0", "1", "2"},
};
