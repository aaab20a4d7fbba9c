/*
 * Goal: a sender that sleeps until there is room, and a receiver that sleeps until there is a
 * transfer, wake each other: neither misses the other one.
 * Method: every execution of a send into a full lane. Its receiver takes one transfer and ends, or
 * it takes all at once and waits for what the send brings; a thread that isn't woken stays asleep.
 */
#include "room_spsc.h"

#define ROOM(name) room_spsc_##name
#define ROOM_CONSTANT(name) ROOM_SPSC_##name
#include "room_ports.h"

enum { RECEIVER_ENDS, RECEIVER_WAITS };

static void sender(void)
{
    explorer_check(room_send(0, ROOM_SLOTS + 1) == CORINTH_OK, "it waits until it has moved");
}

static void receiver(void)
{
    if (value_of_case() == RECEIVER_ENDS) {
        explorer_check(room_try_receive(0), "two are there");
    } else {
        room_receive_full(0);
        room_receive(0, 1);
    }
}

const explorer_program_form explorer_program = {
    .name = "room_1x1",
    .source = "generated coordinator: a send into a full lane, and a receiver that waits for it",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = room_setup_full,
    .finish = room_check,
    .cases = {{"ends", RECEIVER_ENDS},
              {"ends_fences", RECEIVER_ENDS | BY_FENCES},
              {"waits", RECEIVER_WAITS},
              {"waits_fences", RECEIVER_WAITS | BY_FENCES}},
};
