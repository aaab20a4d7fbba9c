/*
 * Goal: a thread of a world that spins finds what is sent to it, room that is made, a stop and an
 * interrupt, without a doorbell.
 * Method: every execution of a wait for transfers and room, and of a send that waits for room, each
 * beside what ends it; what they miss is a hang.
 */
#include "selecting.h"

#include "selecting_ports.h"

enum { TRANSFER, ROOM, STOP, INTERRUPT, SEND_ROOM, SEND_STOP, SEND_INTERRUPT };

static void ender(void)
{
    selecting_transfer transfer;
    switch (value_of_case()) {
    case TRANSFER:
        selecting_send(SELECTING_WORLD_BUSY);
        break;
    case ROOM:
    case SEND_ROOM:
        explorer_check(
            selecting_busy_to_sink_receive(sink, &transfer) == CORINTH_OK, "the lane was full");
        break;
    case STOP:
    case SEND_STOP:
        selecting_coordinator_stop(&coordinator);
        break;
    default:
        explorer_check(selecting_busy_interrupt(&coordinator, 0) == CORINTH_OK, "thread 0");
        break;
    }
}

static corinth_status expected_status(void)
{
    switch (value_of_case()) {
    case TRANSFER:
    case ROOM:
    case SEND_ROOM:
        return CORINTH_OK;
    case STOP:
    case SEND_STOP:
        return CORINTH_STOPPED;
    default:
        return CORINTH_CANCELLED;
    }
}

static uint64_t expected_ready(void)
{
    uint64_t room = value_of_case() == ROOM ? SELECTING_BUSY_ROOM_TO_SINK : 0;
    return value_of_case() == TRANSFER ? SELECTING_BUSY_INBOUND : room;
}

static void wait_for_either(void)
{
    uint64_t both = SELECTING_BUSY_INBOUND | SELECTING_BUSY_ROOM_TO_SINK;
    uint64_t ready = 0;
    corinth_status status = selecting_busy_wait_for(busy, both, CORINTH_FOREVER, &ready);
    explorer_check(status == expected_status(), "what ended it");
    explorer_check(ready == expected_ready(), "what is there, and no more");
}

static void waiter(void)
{
    if (value_of_case() < SEND_ROOM) {
        wait_for_either();
        return;
    }
    selecting_transfer transfer = selecting_new(SELECTING_WORLD_SINK);
    corinth_status status = selecting_busy_send(busy, &transfer);
    explorer_check(status == expected_status(), "what ended it");
}

const explorer_program_form explorer_program = {
    .name = "busy_world",
    .source = "generated coordinator: a world that spins, and each end of its waits",
    .threads = {{"ender", ender}, {"waiter", waiter}},
    .setup = selecting_setup,
    .cases = {{"transfer", TRANSFER}, {"room", ROOM}, {"stop", STOP}, {"interrupt", INTERRUPT},
              {"send_room", SEND_ROOM}, {"send_stop", SEND_STOP},
              {"send_interrupt", SEND_INTERRUPT}},
};
