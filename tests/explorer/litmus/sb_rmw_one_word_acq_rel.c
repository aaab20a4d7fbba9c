/*
 * Goal: store buffering is prevented by a read-modify-write of one word on each side, if it
 * acquires and releases: whichever comes second sees what came before the first.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int x;
static int y;
static int word;

static void left(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&word, 1, __ATOMIC_ACQ_REL);
    explorer_register(0, __atomic_load_n(&y, __ATOMIC_RELAXED));
}

static void right(void)
{
    __atomic_store_n(&y, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&word, 1, __ATOMIC_ACQ_REL);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    y = 0;
    word = 0;
}

const explorer_program_form explorer_program = {
    .name = "sb_rmw_one_word_acq_rel",
    .source = "ISO C11 7.17.3p12, 5.1.2.4p11",
    .threads = {{"left", left}, {"right", right}},
    .setup = setup,
    .must_see = {"0 1", "1 0", "1 1"},
    .must_not_see = {"0 0"},
};
