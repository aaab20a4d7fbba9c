/*
 * Goal: who receives until it is told of a stop has received all that was sent before the stop.
 * Method: every execution of a world that sends two transfers and then stops the coordinator, and
 * of one that receives. The receiver looks again and again; or it waits, and only the stop rings;
 * or each transfer is flushed, so that a late ring for the first one ends the wait for the second.
 * The outcome is in how many goes it received them.
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "ledger.h"
#include "lane_spsc_ports.h"

#define ITEMS 2u

enum { POLLS, ONLY_STOPS, FLUSHES };

static unsigned goes;

static void sender(void)
{
    for (uint32_t item = 1; item <= ITEMS; item++) {
        explorer_check(lane_spsc_try_send(item) == CORINTH_OK, "there is room");
        if (explorer_value() == FLUSHES) {
            lane_spsc_source_flush(source);
        }
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
    corinth_status status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    while (status == CORINTH_OK) {
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
    if (explorer_value() == POLLS) {
        poll_and_receive();
    } else {
        wait_and_receive();
    }
    explorer_check(received[0].rows == ITEMS, "nothing is left that was sent before the stop");
}

static void setup(void)
{
    lane_spsc_setup();
    goes = 0;
}

static void finish(void)
{
    lane_spsc_check();
    explorer_register(0, goes);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_last",
    .source = "generated coordinator: 2 transfers, then a stop, and a world that receives them",
    .threads = {{"sender", sender}, {"receiver", receiver}},
    .setup = setup,
    .finish = finish,
    .cases = {{"polls", POLLS}, {"only_stops", ONLY_STOPS}, {"flushes", FLUSHES}},
    .must_see = {"1", "2"},
};
