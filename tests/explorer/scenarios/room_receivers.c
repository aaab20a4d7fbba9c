/*
 * Goal: a sender that sleeps until there is room is woken by the release that makes it, whichever
 * of two receivers is first: the slot that it needs may be the second to be released.
 * Method: every execution of a send into a full ring of several consumers and of a receive by each
 * of two; a sender that isn't woken stays asleep.
 */
#define KIND corinth_mpmc
#include "ring_room.h"

static void sender(void)
{
    room_send(1);
}

static void receiver_0(void)
{
    room_receive(0, 1);
}

static void receiver_1(void)
{
    room_receive(1, 1);
}

const explorer_program_form explorer_program = {
    .name = "room_receivers",
    .source = "mpmc and parking: a send into a full ring, and a receive by each of 2 threads",
    .threads = {{"sender", sender}, {"receiver_0", receiver_0}, {"receiver_1", receiver_1}},
    .spared = 1u << 0, /* sender */
    .setup = room_setup,
    .finish = room_finish,
    .cases = MODES,
};
