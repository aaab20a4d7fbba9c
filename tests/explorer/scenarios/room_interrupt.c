/*
 * Goal: an interrupt ends a send that waits for room, once: it is the caller's (CANCELLED) and
 * didn't move; or the send moved (OK), and the thread's next wait is interrupted.
 * Method: every execution of a send into a full lane and of a thread that interrupts the sender,
 * alone, or before or behind a receive that makes room.
 */
#include "room_spsc.h"

#define ROOM(name) room_spsc_##name
#define ROOM_CONSTANT(name) ROOM_SPSC_##name
#include "room_ports.h"

enum { ALONE, BEFORE, BEHIND };

static corinth_status last;

static void sender(void)
{
    last = room_send(0, ROOM_SLOTS + 1);
    explorer_check(last == CORINTH_OK || last == CORINTH_CANCELLED, "nothing else ends it");
    explorer_check(value_of_case() != ALONE || last == CORINTH_CANCELLED, "the lane was full");
}

static void interrupter(void)
{
    if (value_of_case() == BEHIND) {
        explorer_check(room_try_receive(0), "two are there");
    }
    explorer_check(ROOM(source_interrupt)(&coordinator, 0) == CORINTH_OK, "it has this thread");
    if (value_of_case() == BEFORE) {
        explorer_check(room_try_receive(0), "two are there");
    }
}

static void finish(void)
{
    corinth_status next = ROOM(source_wait)(sources[0], 0);
    bool is_next = next == CORINTH_CANCELLED;
    explorer_check(is_next != (last == CORINTH_CANCELLED), "once, and not lost");
    room_check();
}

const explorer_program_form explorer_program = {
    .name = "room_interrupt",
    .source = "generated coordinator: a send into a full lane, an interrupt and a receive",
    .threads = {{"sender", sender}, {"interrupter", interrupter}},
    .setup = room_setup_full,
    .finish = finish,
    .cases = {{"alone", ALONE},
              {"alone_fences", ALONE | BY_FENCES},
              {"before", BEFORE},
              {"before_fences", BEFORE | BY_FENCES},
              {"behind", BEHIND},
              {"behind_fences", BEHIND | BY_FENCES}},
};
