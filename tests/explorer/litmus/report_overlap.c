/*
 * Goal: an atomic access to a part of an atomic object, which has no model, isn't let pass.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static union {
    uint32_t word;
    uint8_t bytes[4];
} x;

static void writer(void)
{
    __atomic_store_n(&x.word, 0x01020304u, __ATOMIC_RELAXED);
}

static void reader(void)
{
    explorer_register(0, __atomic_load_n(&x.bytes[1], __ATOMIC_RELAXED));
}

static void setup(void)
{
    x.word = 0;
}

const explorer_program_form explorer_program = {
    .name = "report_overlap",
    .source = "this explorer",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .expect = EXPLORER_LIMIT,
};
