/*
 * Goal: where an abort filled a lane with slots that only its receiver can pass, a sender that
 * waits for room is woken when they are passed, though nothing was received.
 * Method: every execution of a send that waits for room and of one look of the receiver, in a lane
 * of several producers; a sender that isn't woken stays asleep.
 */
#include "room_mpsc.h"

#define ROOM(name) room_mpsc_##name
#define ROOM_CONSTANT(name) ROOM_MPSC_##name
#include "room_ports.h"

static void sender(void)
{
    explorer_check(room_send(1, 1) == CORINTH_OK, "it waits until it has moved");
}

static void receiver(void)
{
    (void)room_try_receive(0);
}

static void setup(void)
{
    room_mpsc_source_to_target_claim claim;
    room_setup();
    size_t count = room_mpsc_source_to_target_reserve(sources[0], ROOM_SLOTS, &claim);
    explorer_check(count == ROOM_SLOTS, "the lane was empty");
    room_mpsc_source_to_target_abort(sources[0], &claim);
}

const explorer_program_form explorer_program = {
    .name = "room_abort",
    .source = "generated coordinator: a send that waits for room, and a look that passes an abort",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = setup,
    .finish = room_check,
    .cases = MODES,
};
