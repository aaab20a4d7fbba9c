/*
 * Goal: two senders that sleep until there is room are both woken by one release of two slots, and
 * one that another has forestalled sleeps again.
 * Method: every execution of two sends into a full ring of several producers and of one release; a
 * sender that isn't woken stays asleep.
 */
#define KIND corinth_mpsc
#include "ring_room.h"

static void sender_0(void)
{
    room_send(0);
}

static void sender_1(void)
{
    room_send(1);
}

static void receiver(void)
{
    room_receive(0, CAPACITY);
}

const explorer_program_form explorer_program = {
    .name = "room_senders",
    .source = "mpsc and parking: 2 sends into a full ring, and one release of 2 slots",
    .threads = {{"sender_0", sender_0}, {"sender_1", sender_1}, {"receiver", receiver}},
    .spared = 1u << 0 | 1u << 1, /* the senders */
    .setup = room_setup,
    .finish = room_finish,
    .cases = MODES,
};
