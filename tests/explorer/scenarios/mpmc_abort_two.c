/*
 * Goal: slots that were aborted together are passed by several consumers and filled again without a
 * race with who had begun to fill them.
 * Method: every execution of an abort of two slots beside two threads that peek and then send. Each
 * may come to a slot without having learnt anything from the other slot's mark.
 */
#include "rings.h"

static void aborter(void)
{
    *ring_slot(producers[2].next) = 0;
    *ring_slot(producers[2].next + 1) = 0;
    ring_commit(2, 0);
}

static void worker_0(void)
{
    (void)ring_try_receive(0, 1);
    ring_try_send(0);
}

static void worker_1(void)
{
    (void)ring_try_receive(1, 1);
    ring_try_send(1);
}

static void setup(void)
{
    ring_setup();
    explorer_check(ring_reserve(2, 2) == 2, "it is empty");
}

static void finish(void)
{
    ring_drain();
    explorer_register(0, (int64_t)(sent[0].rows + sent[1].rows));
}

const explorer_program_form explorer_program = {
    .name = "mpmc_abort_two",
    .source = "MPMC ring: an abort of 2 slots beside 2 threads that peek and send, capacity 2",
    .threads = {{"aborter", aborter}, {"worker_0", worker_0}, {"worker_1", worker_1}},
    .setup = setup,
    .finish = finish,
    .must_see = {"0", "1", "2"},
};
