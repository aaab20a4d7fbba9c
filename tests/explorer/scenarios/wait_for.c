/*
 * Goal: a wait for transfers and for room is woken by either, and names what is there.
 * Method: every execution of it beside a send, or beside a receive that makes room; a ring that it
 * misses at one of its bells leaves it asleep.
 */
#include "selecting.h"

#include "selecting_ports.h"

enum { TRANSFER, ROOM };

static void ender(void)
{
    if (value_of_case() == TRANSFER) {
        selecting_send(SELECTING_WORLD_HUB);
    } else {
        selecting_transfer transfer;
        corinth_status status = selecting_hub_to_sink_receive(sink, &transfer);
        explorer_check(status == CORINTH_OK, "the lane was full");
    }
}

static void waiter(void)
{
    uint64_t ready = 0;
    corinth_status status = selecting_hub_wait_for(hub, HUB_BOTH, CORINTH_FOREVER, &ready);
    explorer_check(status == CORINTH_OK, "no time passes, and nothing stops it");
    if (value_of_case() == TRANSFER) {
        explorer_check(ready == SELECTING_HUB_INBOUND, "the transfer, and no room");
    } else {
        selecting_transfer transfer = selecting_new(SELECTING_WORLD_SINK);
        explorer_check(ready == SELECTING_HUB_ROOM_TO_SINK, "room, and no transfer");
        explorer_check(selecting_hub_try_send(hub, &transfer) == CORINTH_OK, "it is there");
    }
}

const explorer_program_form explorer_program = {
    .name = "wait_for",
    .source = "generated coordinator: 1 waiter for a transfer and for room, and one of them",
    .threads = {{"ender", ender}, {"waiter", waiter}},
    .spared = 1u << 1, /* waiter */
    .setup = selecting_setup,
    .cases = {{"transfer", BY_BARRIERS + TRANSFER}, {"room", BY_BARRIERS + ROOM},
              {"transfer_fences", BY_FENCES + TRANSFER}, {"room_fences", BY_FENCES + ROOM}},
};
