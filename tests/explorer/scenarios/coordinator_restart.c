/*
 * Goal: a stop and a start beside sends and receives lose nothing, deliver nothing twice and leave
 * no thread asleep: what is refused is sent again after the start, what is in the lane stays there,
 * and who was told STOPPED waits again.
 * Method: every execution of a world that sends until its transfer moved, behind one that is in the
 * lane already; of one that waits until it has both; and of a thread that stops and starts. The
 * outcome: whether a send was refused, whether the receiver was told, and how much was in the lane
 * meanwhile. (By fences; by barriers there are too many executions.)
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "ledger.h"
#include "lane_spsc_ports.h"

#define ITEMS 2u

static bool was_refused;
static bool was_told;
static uint64_t in_lane;

static void sender(void)
{
    corinth_status status = lane_spsc_try_send(ITEMS);
    while (status == CORINTH_STOPPED) {
        was_refused = true;
        explorer_pause();
        status = lane_spsc_try_send(ITEMS);
    }
    explorer_check(status == CORINTH_OK, "there is room");
}

static void receiver(void)
{
    while (received[0].rows < ITEMS) {
        corinth_status status = lane_spsc_target_wait(target, CORINTH_FOREVER);
        if (status == CORINTH_STOPPED) {
            was_told = true;
            explorer_pause();
        } else {
            explorer_check(status == CORINTH_OK, "there is no time-out");
            lane_spsc_receive_all();
        }
    }
}

static void restarter(void)
{
    explorer_check(lane_spsc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
    in_lane = lane_spsc_coordinator_pending(&coordinator, LANE_SPSC_WORLD_TARGET);
    explorer_check(lane_spsc_coordinator_start(&coordinator) == CORINTH_OK, "it is stopped");
}

static void setup(void)
{
    lane_spsc_setup();
    was_refused = false;
    was_told = false;
    in_lane = 0;
    explorer_check(lane_spsc_try_send(1) == CORINTH_OK, "there is room");
}

static void finish(void)
{
    lane_spsc_check();
    explorer_check(lane_spsc_coordinator_is_running(&coordinator), "it was started again");
    explorer_register(0, was_refused ? 1 : 0);
    explorer_register(1, was_told ? 1 : 0);
    explorer_register(2, (int64_t)in_lane);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_restart",
    .source = "generated coordinator: a stop and a start beside 1 send and a waiting receiver",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"restarter", restarter}},
    .spared = 1u << 1, /* receiver */
    .setup = setup,
    .finish = finish,
    .cases = {{"fences", BY_FENCES}},
    .must_see = {"0 0 0", "0 0 1", "0 0 2", "0 1 0", "0 1 1", "0 1 2", "1 0 0", "1 0 1", "1 1 0",
                 "1 1 1"},
};
