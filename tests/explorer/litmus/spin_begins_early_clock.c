/*
 * Goal: as spin_begins_early, with the clock: a round that looked at it before time passed may find
 * what was stored behind that.
 * Method: every execution; register 0 has two digits for each round: 2 where time has passed, and 2
 * or 3 where it saw the place change, 3 if time had passed for the writer.
 */
#include <corinth/os/clock.h>

#include "explorer.h"

static int x;
static uint64_t begin_ns;

/* Time may pass between two looks of a thread. */
static int has_passed(void)
{
    (void)corinth_clock_ns();
    return corinth_clock_ns() != begin_ns;
}

static void spinner(void)
{
    int rounds = 0;
    for (;;) {
        int passed = has_passed();
        int seen = __atomic_load_n(&x, __ATOMIC_RELAXED);
        rounds = rounds * 100 + (passed + 1) * 10 + seen + 1;
        if (seen != 0) {
            break;
        }
        explorer_pause();
    }
    explorer_register(0, rounds);
}

static void writer(void)
{
    __atomic_store_n(&x, has_passed() ? 2 : 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    x = 0;
    begin_ns = corinth_clock_ns();
}

const explorer_program_form explorer_program = {
    .name = "spin_begins_early_clock",
    .source = "this explorer",
    .threads = {{"spinner", spinner}, {"writer", writer}},
    .setup = setup,
    .must_see = {"12", "1112", "1122", "1123", "1113", "13", "2123", "23", "22", "2122"},
};
