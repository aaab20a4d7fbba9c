/*
 * Goal: of two free slots one producer finds one, though another one takes a slot at that moment.
 * Method: every execution of two producers that reserve and commit one slot each.
 */
#include "rings.h"

static void send_one(unsigned producer)
{
    size_t count = KIND.reserve(&producers[producer], CAPACITY, 1);
    explorer_check(count == 1, "there is room for both");
    ring_commit(producer, 1);
}

static void producer_0(void)
{
    send_one(0);
}

static void producer_1(void)
{
    send_one(1);
}

static void finish(void)
{
    ring_drain();
    ring_check(2, 0);
}

const explorer_program_form explorer_program = {
    .name = "mutant_overtaken",
    .source = "MPMC ring: 2 producers of 1 item, capacity 2",
    .threads = {{"producer_0", producer_0}, {"producer_1", producer_1}},
    .setup = ring_setup,
    .finish = finish,
    .cases = {{"0", 0}, {"2^32-2", 0xfffffffeu}, {"2^64-2", UINT64_MAX - 1}},
};
