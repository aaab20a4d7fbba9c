/*
 * Goal: a weak compare-exchange that fails for no reason may have read an old store.
 * Method: every execution; the set of outcomes is compared with the lists. Register 0 is what was
 * found where the exchange failed, and 9 where it took place; register 1 is a load behind it.
 * clang tells weak from strong by its answer alone, so only gcc's entry point can show this.
 */
#include "explorer.h"

static int x;
static int flag;

static void writer(void)
{
    __atomic_store_n(&x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&x, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
}

static void reader(void)
{
    while (__atomic_load_n(&flag, __ATOMIC_RELAXED) == 0) {
        explorer_pause();
    }
    int expected = 0;
    bool swapped = __atomic_compare_exchange_n(
        &x, &expected, 9, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    explorer_register(0, swapped ? 9 : expected);
    explorer_register(1, __atomic_load_n(&x, __ATOMIC_RELAXED));
}

static void setup(void)
{
    x = 0;
    flag = 0;
}

const explorer_program_form explorer_program = {
    .name = "compare_weak_old",
    .source = "ISO C11 7.17.7.4p4; 5.1.2.4 (coherence)",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
#ifdef __clang__
    .must_see = {"9 9", "1 0", "1 1"},
#else
    .must_see = {"9 9", "0 0", "0 1", "1 0", "1 1"},
#endif
    .must_not_see = {"9 0", "9 1"},
    .spurious_fails = 1,
};
