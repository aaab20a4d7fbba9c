/*
 * Goal: a world that receives until it is told of a stop has received all that was sent before it.
 * Method: every execution of a world that sends and then stops the coordinator, and of one that
 * receives. The receiver looks again and again; or it waits, and a late ring for what it has
 * received already may end its sleep for the stop; or it waits for a while first, whose end may
 * come just before the transfer and the stop. The outcome is whether it received them in one
 * go or in two; or whether a ring found it asleep.
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "ledger.h"
#include "lane_spsc_ports.h"

#define ITEMS_MAX 2u

#define TIMEOUT_NS 1000u

enum { POLLS, WAITS, WAITS_A_WHILE };

static unsigned goes;
static unsigned rings; /* the sender's */

/* A receiver that waits makes so many executions that one transfer has to do. */
static uint32_t items(void)
{
    return value_of_case() == POLLS ? ITEMS_MAX : 1u;
}

static void sender(void)
{
    for (uint32_t item = 1; item <= items(); item++) {
        explorer_check(lane_spsc_try_send(item) == CORINTH_OK, "there is room");
    }
    explorer_check(lane_spsc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
}

static void receive(void)
{
    unsigned before = received[0].rows;
    lane_spsc_receive_all();
    goes += received[0].rows > before ? 1u : 0u;
}

static void wait_and_receive(void)
{
    uint64_t first_ns = value_of_case() == WAITS ? CORINTH_FOREVER : TIMEOUT_NS;
    corinth_status status = lane_spsc_target_wait(target, first_ns);
    while (status == CORINTH_OK || status == CORINTH_TIMED_OUT) {
        receive();
        status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    }
    explorer_check(status == CORINTH_STOPPED, "the wait ends only by a stop");
}

static void poll_and_receive(void)
{
    bool is_running = true;
    while (is_running) {
        is_running = lane_spsc_coordinator_is_running(&coordinator);
        receive();
        explorer_pause();
    }
}

static void receiver(void)
{
    if (value_of_case() == POLLS) {
        poll_and_receive();
    } else {
        wait_and_receive();
    }
    explorer_check(received[0].rows == items(), "nothing is left that was sent before the stop");
}

static void count_ring(void *context)
{
    *(unsigned *)context += 1;
}

static void setup(void)
{
    lane_spsc_setup();
    goes = 0;
    rings = 0;
    lane_spsc_target_set_wake(target, count_ring, &rings);
}

static void finish(void)
{
    lane_spsc_check();
    bool is_more = value_of_case() == POLLS ? goes > 1 : rings > 0;
    explorer_register(0, is_more ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_last",
    .source = "generated coordinator: transfers, then a stop, and a world that receives them",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .spared = 1u << 1, /* receiver */
    .setup = setup,
    .finish = finish,
    .cases = {{"polls", POLLS},
              {"waits", WAITS},
              {"waits_fences", WAITS | BY_FENCES},
              {"waits_a_while", WAITS_A_WHILE | BY_FENCES}},
    .must_see = {"0", "1"},
};
