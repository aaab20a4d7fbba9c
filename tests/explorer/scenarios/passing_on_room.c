/*
 * Goal: a wait that finds room while a ring for transfers chooses it says so, or the ring is lost.
 * Method: every execution of a wait for either beside a sleeper for transfers alone. The first one
 * hands the work over only where it is told that there is some, and leaves.
 */
#include "passing_on.h"

static void ender(void)
{
    corinth_internal_store_relaxed_u32(&slots, 1);
    corinth_bell_ring(&room, 1);
    parking_send();
}

static void either(void)
{
    corinth_bell *const bells[] = {&bell, &room};
    corinth_internal_wait wait = {bells, 2, 0, &state, find_either, is_never_closed, NULL, 0};
    uint64_t found = 0;
    corinth_status status = corinth_internal_wait_until(&wait, CORINTH_FOREVER, &found);
    explorer_check(status == CORINTH_OK, "it is rung, and nothing else ends it");
    hand_over(found);
}

const explorer_program_form explorer_program = {
    .name = "passing_on_room",
    .source = "sleeping: 1 waiter for either, 1 for transfers, a transfer and room",
    .threads = {{"ender", ender}, {"either", either}, {"other", other}},
    .spared = 1u << 1 | 1u << 2, /* the waiters */
    .setup = passing_on_setup,
    .cases = MODES,
};
