/*
 * Goal: without that fence the reader may be torn.
 * Method: every execution; the set of outcomes is compared with the lists.
 */
#include "explorer.h"

static int version;
static int a;
static int b;

static void writer(void)
{
    __atomic_store_n(&version, 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&a, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&b, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&version, 2, __ATOMIC_RELEASE);
}

static void reader(void)
{
    int before = __atomic_load_n(&version, __ATOMIC_ACQUIRE);
    int left_half = __atomic_load_n(&a, __ATOMIC_RELAXED);
    int right_half = __atomic_load_n(&b, __ATOMIC_RELAXED);
    int after = __atomic_load_n(&version, __ATOMIC_RELAXED);
    if (before == after && before % 2 == 0) {
        explorer_register(0, left_half);
        explorer_register(1, right_half);
    }
}

static void setup(void)
{
    version = 0;
    a = 0;
    b = 0;
}

const explorer_program_form explorer_program = {
    .name = "seqlock_without_fence",
    .source = "Boehm 2012, Can Seqlocks Get Along With Programming Language Memory Models? (MSPC)",
    .threads = {{"writer", writer}, {"reader", reader}},
    .setup = setup,
    .must_see = {"0 0", "0 1", "1 0", "1 1"},
};
