/*
 * Goal: an atomic object that no thread has written is reported when finish reads it, too.
 * Method: every execution until the report, for each way to read; none reported fails.
 */
#include "explorer.h"

enum { LOAD, UPDATE, COMPARE };

static int x;
static int y;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    explorer_poison(&x, sizeof x);
    explorer_poison(&y, sizeof y);
}

static void finish(void)
{
    int expected = 0;
    (void)__atomic_load_n(&x, __ATOMIC_RELAXED);
    switch (explorer_value()) {
    case LOAD:
        (void)__atomic_load_n(&y, __ATOMIC_RELAXED);
        break;
    case UPDATE:
        (void)__atomic_fetch_add(&y, 1, __ATOMIC_RELAXED);
        break;
    default:
        (void)__atomic_compare_exchange_n(
            &y, &expected, 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        break;
    }
}

const explorer_program_form explorer_program = {
    .name = "report_uninitialised_finish",
    .source = "this explorer",
    .threads = {{"writer", writer}},
    .setup = setup,
    .finish = finish,
    .cases = {{"load", LOAD}, {"update", UPDATE}, {"compare", COMPARE}},
    .expect = EXPLORER_UNINITIALISED,
};
