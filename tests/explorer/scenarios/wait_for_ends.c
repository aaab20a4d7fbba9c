/*
 * Goal: a wait that a ring, an interrupt and its time may end ends once, and nothing is lost: the
 * interrupt is returned by it or by the next one, and what came is found by the end.
 * Method: every execution of a wait for transfers and room, then a look, beside a send and an
 * interrupt. The outcome is what the wait returned and what the interrupted one had found.
 */
#include "selecting.h"

#include "selecting_ports.h"

static uint32_t note; /* plain: the interrupt hands it over */

static void sender(void)
{
    selecting_send(SELECTING_WORLD_HUB);
}

static void interrupter(void)
{
    note = 1;
    explorer_check(selecting_hub_interrupt(&coordinator, 0) == CORINTH_OK, "there is one thread");
}

static void waiter(void)
{
    uint64_t ready = 0;
    corinth_status status = selecting_hub_wait_for(hub, HUB_BOTH, 1000, &ready);
    if (status == CORINTH_CANCELLED) {
        explorer_check(note == 1, "what came before the interrupt is there");
    }
    explorer_check((status == CORINTH_OK) == (ready != 0), "OK says that something is there");
    explorer_check(ready == 0 || ready == SELECTING_HUB_INBOUND, "no room comes");
    explorer_register(0, status);
}

static void setup(void)
{
    selecting_setup();
    note = 0;
}

static void finish(void)
{
    uint64_t ready = 0;
    corinth_status status = selecting_hub_wait_for(hub, HUB_BOTH, 0, &ready);
    explorer_register(1, status);
    if (status == CORINTH_CANCELLED) {
        status = selecting_hub_wait_for(hub, HUB_BOTH, 0, &ready);
    }
    explorer_check(status == CORINTH_OK && ready == SELECTING_HUB_INBOUND, "what came is there");
}

const explorer_program_form explorer_program = {
    .name = "wait_for_ends",
    .source = "generated coordinator: a ring, an interrupt and the end of time",
    .threads = {{"sender", sender}, {"interrupter", interrupter}, {"waiter", waiter}},
    .spared = 1u << 2, /* waiter */
    .setup = setup,
    .finish = finish,
    .cases = MODES,
    /* OK, TIMED_OUT or CANCELLED; the interrupt is taken once. */
    .must_see = {"0 11", "10 11", "11 0"},
};
