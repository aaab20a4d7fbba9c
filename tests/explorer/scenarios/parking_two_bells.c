/*
 * Goal: a thread that sleeps at two doorbells at once is woken by either.
 * Method: every execution; a ring that it misses at one of them leaves it asleep.
 */
#include "parking.h"

static corinth_bell room;
static corinth_doorbell room_doorbell;
static uint32_t slots; /* what is at the second doorbell, as `work` is at the first */

static void sender(void)
{
    parking_send();
}

static void receiver(void)
{
    corinth_internal_store_relaxed_u32(&slots, 1);
    corinth_bell_ring(&room, 1);
}

static bool has_slots(void)
{
    return corinth_internal_load_relaxed_u32(&slots) > 0;
}

static void waiter(void)
{
    corinth_bell *const both[] = {&bell, &room};
    bool has_work = false;
    while (!has_work || !has_slots()) {
        uint32_t key = corinth_bells_prepare(both, 2, 0);
        bool is_there = has_work ? has_slots() : parking_has_something();
        if (is_there) {
            corinth_bells_cancel(both, 2, 0);
        } else {
            corinth_status status = corinth_bells_commit(both, 2, 0, key, CORINTH_FOREVER);
            explorer_check(status == CORINTH_OK, "rung, and not by time");
        }
        has_work = has_work || parking_take();
    }
}

static void setup(void)
{
    parking_setup(1);
    corinth_bell_init(&room, &room_doorbell, parkers, wakers, 1, false);
    corinth_bell_reset(&room, is_by_fences());
    slots = 0;
}

const explorer_program_form explorer_program = {
    .name = "parking_two_bells",
    .source = "parking: 1 waiter at two doorbells, a ringer at each",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"waiter", waiter}},
    .spared = 1u << 2, /* waiter */
    .setup = setup,
    .cases = MODES,
};
