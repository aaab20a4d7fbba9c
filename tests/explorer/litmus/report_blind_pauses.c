/*
 * Goal: a loop that pauses and looks at nothing hangs: no thread can end it.
 * Method: every execution until the report; none reported fails.
 */
#include "explorer.h"

static void sleepwalker(void)
{
    for (;;) {
        explorer_pause();
    }
}

const explorer_program_form explorer_program = {
    .name = "report_blind_pauses",
    .source = "this explorer",
    .threads = {{"sleepwalker", sleepwalker}},
    .expect = EXPLORER_HANG,
};
