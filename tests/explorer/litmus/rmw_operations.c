/*
 * Goal: each read-modify-write computes what its name says, in every width.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static uint8_t byte;
static uint16_t half;
static uint32_t word;
static uint64_t large;

static void only(void)
{
    explorer_check(__atomic_fetch_sub(&byte, 1, __ATOMIC_RELAXED) == 0, "sub");
    explorer_check(__atomic_fetch_and(&byte, 0x0f, __ATOMIC_RELAXED) == 0xff, "wraps");
    explorer_check(__atomic_fetch_or(&half, 0x8001, __ATOMIC_RELAXED) == 0, "or");
    explorer_check(__atomic_fetch_xor(&half, 1, __ATOMIC_RELAXED) == 0x8001, "xor");
    explorer_check(__atomic_fetch_nand(&word, 1, __ATOMIC_RELAXED) == 0, "nand");
    explorer_check(__atomic_exchange_n(&large, UINT64_MAX, __ATOMIC_RELAXED) == 0, "exchange");
    explorer_check(__atomic_add_fetch(&large, 2, __ATOMIC_RELAXED) == 1, "add");
    explorer_register(0, byte);
    explorer_register(1, half);
    explorer_register(2, word);
    explorer_register(3, (int64_t)large);
}

static void setup(void)
{
    byte = 0;
    half = 0;
    word = 0;
    large = 0;
}

const explorer_program_form explorer_program = {
    .name = "rmw_operations",
    .source = "ISO C11 7.17.7.5",
    .threads = {{"only", only}},
    .setup = setup,
    .must_see = {"15 32768 4294967295 1"},
};
