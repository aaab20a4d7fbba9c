/*
 * Goal: of a world of several threads as many wake as there are transfers, and all of them at a
 * stop; a thread that is woken and finds nothing sleeps again without missing what comes then.
 * Method: every execution of three cases. Two transfers and one flush, for two threads that take
 * one each; two senders that flush, for one thread; a stop, for two threads. A ring that was due
 * and didn't come leaves a thread asleep. How many rings found a thread asleep is the outcome.
 */
#include "lane_mpmc.h"

#include "lane_mpmc_ports.h"
#include "explorer.h"
#include "ledger.h"

enum { ONE_FLUSH, TWO_FLUSHES, STOP };

static uint32_t rings[LANE_MPMC_TARGET_THREADS];

static void send(uint32_t index, uint32_t items)
{
    for (uint32_t item = 1; item <= items; item++) {
        explorer_check(lane_mpmc_try_send(index, item) == CORINTH_OK, "there is room");
    }
    lane_mpmc_source_flush(sources[index]);
}

static void sender_0(void)
{
    if (explorer_value() == STOP) {
        explorer_check(lane_mpmc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
    } else {
        send(0, explorer_value() == ONE_FLUSH ? 2 : 1);
    }
}

static void sender_1(void)
{
    if (explorer_value() == TWO_FLUSHES) {
        send(1, 1);
    }
}

/* Receives and waits in turn, as often as that takes. */
static void receive(uint32_t index, uint32_t items)
{
    while (received[index].rows < items) {
        corinth_status status = lane_mpmc_target_wait(targets[index], CORINTH_FOREVER);
        explorer_check(status == CORINTH_OK, "it is not stopped");
        while (lane_mpmc_try_receive(index) && received[index].rows < items) {
        }
    }
}

static void wait_for_stop(uint32_t index)
{
    corinth_status status = lane_mpmc_target_wait(targets[index], CORINTH_FOREVER);
    explorer_check(status == CORINTH_STOPPED, "there is nothing to receive");
}

static void receiver_0(void)
{
    if (explorer_value() == STOP) {
        wait_for_stop(0);
    } else {
        receive(0, explorer_value() == ONE_FLUSH ? 1 : 2);
    }
}

static void receiver_1(void)
{
    if (explorer_value() == STOP) {
        wait_for_stop(1);
    } else if (explorer_value() == ONE_FLUSH) {
        receive(1, 1);
    }
}

static void count_ring(void *context)
{
    (void)__atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    lane_mpmc_setup();
    for (uint32_t index = 0; index < LANE_MPMC_TARGET_THREADS; index++) {
        rings[index] = 0;
        lane_mpmc_target_set_wake(targets[index], count_ring, &rings[index]);
    }
}

static void finish(void)
{
    lane_mpmc_check();
    explorer_check(drained.rows == 0, "all was received");
    explorer_register(0, rings[0] + rings[1]);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_wakes",
    .source = "generated coordinator: rings for 2 transfers, by 2 senders, and by a stop",
    .threads = {{"sender_0", sender_0}, {"sender_1", sender_1}, {"receiver_0", receiver_0},
                {"receiver_1", receiver_1}},
    .setup = setup,
    .finish = finish,
    .cases = {{"one_flush", ONE_FLUSH}, {"two_flushes", TWO_FLUSHES}, {"stop", STOP}},
    .must_see = {"0", "1", "2"},
};
