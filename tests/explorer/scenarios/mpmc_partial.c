/*
 * Goal: of a claim of two slots of which one is committed, the other is passed and never seen.
 * Method: every execution; the next claim follows at once.
 */
#include "rings.h"

static void producer(void)
{
    (void)ring_reserve(0, 2);
    ring_commit(0, 1);
    ring_send(0, 2, 1);
}

static void consumer(void)
{
    ring_receive(0, 2, 2);
}

static void finish(void)
{
    ring_check(3, 1);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_partial",
    .source = "MPMC ring: one of two claimed slots committed, then one more item, capacity 2",
    .threads = {{"producer", producer}, {"consumer", consumer}},
    .setup = ring_setup,
    .finish = finish,
    .cases = {{"0", 0},
              {"2^31-2", 0x7ffffffeu},
              {"2^32-2", 0xfffffffeu},
              {"2^64-2", UINT64_MAX - 1}},
};
