/*
 * Goal: a thread whose bit is in the doorbell's second word is woken like any other.
 * Method: every execution; one sender, and one thread that has the first number of that word.
 */
#include "parking.h"

#define SLEEPER CORINTH_INTERNAL_BELL_WORD_BITS

static corinth_parker many_parkers[SLEEPER + 1];
static corinth_waker many_wakers[SLEEPER + 1];

static void sender(void)
{
    corinth_internal_store_relaxed_u32(&work, 1);
    corinth_bell_ring(&bell, 1);
}

static void waiter(void)
{
    while (!parking_take()) {
        uint32_t key = corinth_bell_prepare(&bell, SLEEPER);
        if (parking_has_something()) {
            corinth_bell_cancel(&bell, SLEEPER);
        } else {
            (void)corinth_bell_commit(&bell, SLEEPER, key, CORINTH_FOREVER);
        }
    }
}

static void setup(void)
{
    parking_setup(1);
    corinth_bell_init(&bell, &doorbell, many_parkers, many_wakers, SLEEPER + 1, false);
    corinth_bell_reset(&bell, is_by_fences());
}

const explorer_program_form explorer_program = {
    .name = "mutant_second_word",
    .source = "parking: 1 sender, 1 waiter with number 31",
    .threads = {{"sender", sender}, {"waiter", waiter}},
    .setup = setup,
    .cases = MODES,
};
