/*
 * Goal: two producers and two consumers with two operations each keep the MPMC ring a queue.
 * Method: every execution. No thread waits: FULL and EMPTY are results like others, so what was
 * sent is in the ring or received when all have ended, and thread 0 receives the rest.
 */
#include "rings.h"

static void producer_0(void)
{
    ring_try_send(0);
    ring_try_send(0);
}

static void producer_1(void)
{
    ring_try_send(1);
    ring_try_send(1);
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 1);
    (void)ring_try_receive(0, 1);
}

static void consumer_1(void)
{
    (void)ring_try_receive(1, 1);
    (void)ring_try_receive(1, 1);
}

static void finish(void)
{
    ring_drain();
    ring_check(queue_rows(sent, SIDES_MAX), 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_2x2",
    .source = "MPMC ring: 2 producers and 2 consumers, 2 operations each, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1},
                {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = ring_setup,
    .finish = finish,
    .cases = FEW_START_CASES,
};
