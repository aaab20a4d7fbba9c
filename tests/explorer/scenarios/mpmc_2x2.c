/*
 * Goal: two producers and two consumers with two operations each keep the MPMC ring a queue.
 * Method: every execution. No thread waits: FULL and EMPTY are results like others, so what was
 * sent is in the ring or received when all have ended, and thread 0 receives the rest.
 */
#include "mpmc.h"

static void producer_0(void)
{
    mpmc_try_send(0);
    mpmc_try_send(0);
}

static void producer_1(void)
{
    mpmc_try_send(1);
    mpmc_try_send(1);
}

static void consumer_0(void)
{
    mpmc_try_receive(0, 1);
    mpmc_try_receive(0, 1);
}

static void consumer_1(void)
{
    mpmc_try_receive(1, 1);
    mpmc_try_receive(1, 1);
}

static void finish(void)
{
    mpmc_drain();
    mpmc_check(queue_rows(sent, LOGS_MAX), 0);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_2x2",
    .source = "MPMC ring: 2 producers and 2 consumers, 2 operations each, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1},
                {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = mpmc_setup,
    .finish = finish,
    .cases = START_CASES,
};
