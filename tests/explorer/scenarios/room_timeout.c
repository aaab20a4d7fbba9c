/*
 * Goal: a send whose time runs out beside a release moved (OK) or didn't (TIMED_OUT), and room that
 * came too late isn't lost.
 * Method: every execution of a send into a full lane and of a receive; if the time was over first,
 * the transfer is sent in the end, without waiting. The outcome is whether it was.
 */
#include "room_spsc.h"

#define ROOM(name) room_spsc_##name
#define ROOM_CONSTANT(name) ROOM_SPSC_##name
#include "room_ports.h"

#define TIMEOUT_NS 1000u

static bool is_over;

static void sender(void)
{
    corinth_status status = room_send_for(0, ROOM_SLOTS + 1, TIMEOUT_NS);
    is_over = status == CORINTH_TIMED_OUT;
    explorer_check(is_over || status == CORINTH_OK, "nothing else ends it");
}

static void receiver(void)
{
    explorer_check(room_try_receive(0), "two are there");
}

static void finish(void)
{
    if (is_over) {
        corinth_status status = room_send_for(0, ROOM_SLOTS + 1, 0);
        explorer_check(status == CORINTH_OK, "there is room by now");
    }
    room_check();
    explorer_register(0, is_over ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "room_timeout",
    .source = "generated coordinator: a send into a full lane whose time runs out, and a receive",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = room_setup_full,
    .finish = finish,
    .cases = MODES,
    .must_see = {"0", "1"},
};
