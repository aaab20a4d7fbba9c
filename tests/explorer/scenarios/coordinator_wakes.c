/*
 * Goal: of a world of several threads as many wake as there are transfers, and all of them at a
 * stop; a thread that is woken and finds nothing sleeps again without missing what comes then.
 * Method: every execution of three cases. Two transfers of one batch, for two threads that
 * take one each; two senders, for a thread that takes the first; a stop, for two threads. A ring
 * that was due and didn't come leaves a thread asleep. How many rings found a thread asleep is the
 * outcome. Sends by barriers make too many executions here: those cases are by fences alone, and
 * the second sender, which has nothing to do in the other, is spared.
 */
#include "lane_mpmc.h"

#include "lane_mpmc_ports.h"
#include "explorer.h"
#include "ledger.h"

enum { ONE_SENDER, TWO_SENDERS, STOP };

static uint32_t rings[LANE_MPMC_TARGET_THREADS];

static void send(uint32_t index)
{
    explorer_check(lane_mpmc_try_send(index, 1) == CORINTH_OK, "there is room");
}

static void sender_0(void)
{
    if (value_of_case() == STOP) {
        explorer_check(lane_mpmc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
    } else if (value_of_case() == ONE_SENDER) {
        lane_mpmc_send_both();
    } else {
        send(0);
    }
}

static void sender_1(void)
{
    if (value_of_case() == TWO_SENDERS) {
        send(1);
    }
}

/* Waits until it has received one. */
static void receive(uint32_t index)
{
    do {
        corinth_status status = lane_mpmc_target_wait(targets[index], CORINTH_FOREVER);
        explorer_check(status == CORINTH_OK, "it is not stopped");
    } while (!lane_mpmc_try_receive(index));
}

static void wait_for_stop(uint32_t index)
{
    corinth_status status = lane_mpmc_target_wait(targets[index], CORINTH_FOREVER);
    explorer_check(status == CORINTH_STOPPED, "there is nothing to receive");
}

static void receiver_0(void)
{
    if (value_of_case() == STOP) {
        wait_for_stop(0);
    } else {
        receive(0);
    }
}

static void receiver_1(void)
{
    if (value_of_case() == STOP) {
        wait_for_stop(1);
    } else if (value_of_case() == ONE_SENDER) {
        receive(1);
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
    uint32_t left = value_of_case() == TWO_SENDERS ? 1 : 0;
    explorer_check(drained.rows == left, "each receiver has one");
    explorer_register(0, rings[0] + rings[1]);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_wakes",
    .source = "generated coordinator: rings for 2 transfers, by 2 senders, and by a stop",
    .threads = {{"sender_0", sender_0}, {"sender_1", sender_1},
                {"receiver_0", receiver_0}, {"receiver_1", receiver_1}},
    .spared = 1u << 1 | 1u << 2 | 1u << 3, /* sender_1 and receiver_0 and receiver_1 */
    .setup = setup,
    .finish = finish,
    .cases = {{"stop", STOP},
              {"one_sender_fences", ONE_SENDER | BY_FENCES},
              {"two_senders_fences", TWO_SENDERS | BY_FENCES},
              {"stop_fences", STOP | BY_FENCES}},
    .must_see = {"0", "1", "2"},
};
