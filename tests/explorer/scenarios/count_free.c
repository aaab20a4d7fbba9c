/*
 * Goal: the only producer of a ring never counts more slots as free than consumers have released,
 * and what it counted it can reserve at once.
 * Method: every execution of consumers that release a full ring's slots, beside a producer that
 * counts, reserves as many and fills them, over the end of the array. Slots are plain memory, so a
 * slot that is counted too early is a race. The outcome is whether none, some or all were free.
 */
#define KIND KIND_OF_CASE
#define START START_OF_CASE
#define CAPACITY 4u
#include "rings.h"

static size_t counted;

static bool has_consumers(void)
{
    return &KIND == &corinth_spmc;
}

static void consumer_0(void)
{
    (void)ring_try_receive(0, 1);
    (void)ring_try_receive(0, 2);
    if (!has_consumers()) {
        (void)ring_try_receive(0, 1);
    }
}

static void consumer_1(void)
{
    if (has_consumers()) {
        (void)ring_try_receive(1, 1);
    }
}

static void producer(void)
{
    counted = KIND.count_free(&producers[0], CAPACITY, CAPACITY);
    size_t left = counted;
    for (unsigned claim = 0; claim < 2 && left > 0; claim++) {
        size_t count = KIND.reserve(&producers[0], CAPACITY, left);
        explorer_check(count > 0, "what was free is free");
        ring_commit(0, count);
        left -= count;
    }
    explorer_check(left == 0, "two claims get all that was free");
}

static void setup(void)
{
    ring_setup();
    counted = 0;
    explorer_check(
        KIND.count_free(&producers[0], CAPACITY, CAPACITY + 1) == CAPACITY, "all are free");
    explorer_check(KIND.count_free(&producers[0], CAPACITY, 3) == 3, "no more than it wants");
    ring_send(0, CAPACITY, CAPACITY);
}

static void finish(void)
{
    ring_drain();
    ring_check(CAPACITY + (unsigned)counted, 0);
    explorer_register(0, counted == 0 ? 0 : counted < CAPACITY ? 1 : 2);
}

const explorer_program_form explorer_program = {
    .name = "count_free",
    .source = "free slots of a ring with one producer beside 1 or 2 consumers, capacity 4",
    .threads = {{"producer", producer}, {"consumer_0", consumer_0}, {"consumer_1", consumer_1}},
    .setup = setup,
    .finish = finish,
    .cases = {{"spsc", 0}, {"spsc-wraps", 0 + WRAPS}, {"spmc", 2}, {"spmc-wraps", 2 + WRAPS}},
    .must_see = {"0", "1", "2"},
};
