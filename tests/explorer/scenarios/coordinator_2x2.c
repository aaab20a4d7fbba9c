/*
 * Goal: a stop beside several senders and several receivers loses nothing and delivers nothing
 * twice: what send called OK was received by one of them or is drained, in each sender's order,
 * and the threads' counters add up.
 * Method: every execution of two threads in each of two worlds and of one that stops them. No
 * thread waits: FULL and EMPTY are results like others. The outcome is how much moved, and how much
 * of it was left for the drain.
 */
#include "lane_mpmc.h"

#include "lane_mpmc_ports.h"
#include "explorer.h"
#include "ledger.h"

static void send(uint32_t index, uint32_t items)
{
    corinth_status status = CORINTH_OK;
    for (uint32_t item = 1; item <= items && status != CORINTH_STOPPED; item++) {
        status = lane_mpmc_try_send(index, item);
    }
}

static void sender_0(void)
{
    send(0, 2);
}

static void sender_1(void)
{
    send(1, 1);
}

static void receiver_0(void)
{
    (void)lane_mpmc_try_receive(0);
    (void)lane_mpmc_try_receive(0);
}

static void receiver_1(void)
{
    (void)lane_mpmc_try_receive(1);
}

static void stopper(void)
{
    explorer_check(lane_mpmc_coordinator_stop(&coordinator) == CORINTH_OK, "it was running");
}

static void finish(void)
{
    lane_mpmc_check();
    explorer_register(0, ledger_rows(sent));
    explorer_register(1, drained.rows);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_2x2",
    .source = "generated coordinator: 2 senders and 2 receivers, 3 transfers, a stop, a drain",
    .threads = {{"sender_0", sender_0}, {"sender_1", sender_1}, {"receiver_0", receiver_0},
                {"receiver_1", receiver_1}, {"stopper", stopper}},
    .spared = 1u << 2 | 1u << 3, /* receiver_0 and receiver_1 */
    .setup = lane_mpmc_setup,
    .finish = finish,
    .must_see = {"0 0", "1 0", "1 1", "2 0", "2 1", "2 2", "3 0", "3 1", "3 2"},
};
