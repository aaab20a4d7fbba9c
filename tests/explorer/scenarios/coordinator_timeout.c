/*
 * Goal: a wait whose time runs out beside a send finds the transfer or says TIMED_OUT, and then
 * neither the transfer nor the ring for it is lost: the thread's next wait finds it, or another
 * thread of the world is woken.
 * Method: every execution of one transfer, for a thread that waits again when its time is over; and
 * for two threads, one of which stops waiting then, while the other has announced itself already.
 * That one is stopped if it isn't needed. (By barriers the case of two threads makes too many
 * executions.) The outcome is whether the time was over first.
 */
#include "lane_mpmc.h"

#include "lane_mpmc_ports.h"
#include "explorer.h"
#include "ledger.h"

#define TIMEOUT_NS 1000u

enum { WAITS_AGAIN, LEAVES };

static bool is_over;
static uint32_t patient_key;

static void sender(void)
{
    explorer_check(lane_mpmc_try_send(0, 1) == CORINTH_OK, "there is room");
}

static void hasty(void)
{
    corinth_status status = lane_mpmc_target_wait(targets[0], TIMEOUT_NS);
    is_over = status == CORINTH_TIMED_OUT;
    if (is_over && value_of_case() == WAITS_AGAIN) {
        status = lane_mpmc_target_wait(targets[0], CORINTH_FOREVER);
    }
    if (status == CORINTH_OK && lane_mpmc_try_receive(0)) {
        explorer_check(lane_mpmc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
    }
}

static void patient(void)
{
    if (value_of_case() == LEAVES) {
        corinth_status status =
            lane_mpmc_target_commit_wait(targets[1], patient_key, CORINTH_FOREVER);
        while (status == CORINTH_OK && !lane_mpmc_try_receive(1)) {
            status = lane_mpmc_target_wait(targets[1], CORINTH_FOREVER);
        }
        explorer_check(status != CORINTH_TIMED_OUT, "its time is never over");
    }
}

static void setup(void)
{
    lane_mpmc_setup();
    is_over = false;
    if (value_of_case() == LEAVES) {
        patient_key = lane_mpmc_target_prepare_wait(targets[1]);
    }
}

static void finish(void)
{
    explorer_check(ledger_rows(received) == 1, "it was received");
    lane_mpmc_check();
    explorer_register(0, is_over ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_timeout",
    .source = "generated coordinator: 1 transfer beside a wait whose time runs out",
    .threads = {{"sender", sender}, {"hasty", hasty}, {"patient", patient}},
    .spared = 1u << 2, /* patient */
    .setup = setup,
    .finish = finish,
    .cases = {{"waits_again", WAITS_AGAIN},
              {"waits_again_fences", WAITS_AGAIN | BY_FENCES},
              {"leaves_fences", LEAVES | BY_FENCES}},
    .must_see = {"0", "1"},
};
