/*
 * Goal: a stop ends a send that waits for room: it moved (OK) or it is the caller's (STOPPED), and
 * is never left asleep.
 * Method: every execution of a send into a full lane and of a thread that stops; in cases it
 * receives a transfer before that, or behind it.
 */
#include "room_spsc.h"

#define ROOM(name) room_spsc_##name
#define ROOM_CONSTANT(name) ROOM_SPSC_##name
#include "room_ports.h"

enum { STOP_ALONE, STOP_FIRST, RECEIVE_FIRST };

static corinth_status last;

static void sender(void)
{
    last = room_send(0, ROOM_SLOTS + 1);
    explorer_check(last == CORINTH_OK || last == CORINTH_STOPPED, "nothing else ends it");
}

static void stopper(void)
{
    if (value_of_case() == RECEIVE_FIRST) {
        explorer_check(room_try_receive(0), "two are there");
    }
    explorer_check(ROOM(coordinator_stop)(&coordinator) == CORINTH_OK, "it was running");
    if (value_of_case() == STOP_FIRST) {
        explorer_check(room_try_receive(0), "two are there");
    }
}

static void finish(void)
{
    room_check();
    /* Where nothing makes room it can't have moved. */
    explorer_check(value_of_case() != STOP_ALONE || last == CORINTH_STOPPED, "the lane was full");

}

const explorer_program_form explorer_program = {
    .name = "room_stop",
    .source = "generated coordinator: a send into a full lane, a receive and a stop",
    .threads = {{"sender", sender}, {"stopper", stopper}},
    .setup = room_setup_full,
    .finish = finish,
    .cases = {{"alone", STOP_ALONE},
              {"alone_fences", STOP_ALONE | BY_FENCES},
              {"stop_first", STOP_FIRST},
              {"stop_first_fences", STOP_FIRST | BY_FENCES},
              {"receive_first", RECEIVE_FIRST},
              {"receive_first_fences", RECEIVE_FIRST | BY_FENCES}},
};
