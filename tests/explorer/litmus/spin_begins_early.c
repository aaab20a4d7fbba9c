/*
 * Goal: a round of a spin may begin before there is anything new to read and find it on its way,
 * also where no seq_cst load may read what is old by then.
 * Method: every execution; register 0 has two digits for each round, 2 where it saw a place change.
 */
#include "explorer.h"

static int x;
static int y;

static void spinner(void)
{
    int rounds = 0;
    for (;;) {
        int first = __atomic_load_n(&x, __ATOMIC_SEQ_CST);
        int second = __atomic_load_n(&y, __ATOMIC_SEQ_CST);
        rounds = rounds * 100 + (first + 1) * 10 + second + 1;
        if (second == 1) {
            break;
        }
        explorer_pause();
    }
    explorer_register(0, rounds);
}

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&y, 1, __ATOMIC_SEQ_CST);
}

static void setup(void)
{
    x = 0;
    y = 0;
}

const explorer_program_form explorer_program = {
    .name = "spin_begins_early",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"12", "22", "1112", "1122", "2122", "112122"},
};
