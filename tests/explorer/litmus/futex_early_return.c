/*
 * Goal: a wait with a time-out may return before its time, and for no reason.
 * Method: every execution; register 0 is whether the time was over behind a wait that no thread
 * ends.
 */
#include <corinth/os/clock.h>

#include "explorer.h"
#include "futex.h"

static uint32_t word;

static void sleeper(void)
{
    uint64_t begin_ns = corinth_clock_ns();
    corinth_internal_futex_wait(&word, 0, 1000, false);
    explorer_register(0, corinth_clock_ns() - begin_ns >= 1000);
}

static void setup(void)
{
    word = 0;
}

const explorer_program_form explorer_program = {
    .name = "futex_early_return",
    .source = "futex(2): EINTR",
    .threads = {{"sleeper", sleeper}},
    .setup = setup,
    .must_see = {"0", "1"},
    .spurious_wakes = 1,
};
