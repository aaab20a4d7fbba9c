/*
 * Goal: three producers and three consumers with one operation each keep the MPMC ring a queue.
 * Method: every execution. No thread waits: FULL and EMPTY are results like others, so what was
 * sent is in the ring or received when all have ended, and thread 0 receives the rest.
 */
#include "rings.h"

static void producer_0(void)
{
    ring_try_send(0);
}

static void producer_1(void)
{
    ring_try_send(1);
}

static void producer_2(void)
{
    ring_try_send(2);
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 1);
}

static void consumer_1(void)
{
    (void)ring_try_receive(1, 1);
}

static void consumer_2(void)
{
    (void)ring_try_receive(2, 1);
}

static void finish(void)
{
    ring_drain();
    ring_check(queue_rows(sent, SIDES_MAX), 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_3x3",
    .source = "MPMC ring: 3 producers and 3 consumers, 1 operation each, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1}, {"producer_2", producer_2},
                {"consumer_0", consumer_0}, {"consumer_1", consumer_1}, {"consumer_2", consumer_2}},
    .setup = ring_setup,
    .finish = finish,
    .cases = FEW_START_CASES,
};
