/*
 * Goal: what lies behind an open claim wakes a thread when the claim ends, though its own ring was
 * spent on a thread that found the claim open and went back to sleep.
 * Method: every execution of two cases. A claim is committed behind which another thread has sent
 * already, for two threads that were about to sleep and take one transfer each; or it is aborted
 * while the other thread sends, for one thread. The outcome is how many rings found one asleep
 * beyond one for each transfer.
 */
#include "lane_mpmc.h"

#include "lane_mpmc_ports.h"
#include "explorer.h"
#include "ledger.h"

enum { COMMIT, ABORT };

static lane_mpmc_source_to_target_claim claim;
static uint32_t keys[LANE_MPMC_TARGET_THREADS];
static uint32_t rings[LANE_MPMC_TARGET_THREADS];

static void claimer(void)
{
    if (value_of_case() == ABORT) {
        lane_mpmc_source_to_target_abort(sources[0], &claim);
        return;
    }
    uint32_t number = ledger_number(0, 1);
    lane_mpmc_transfer_pack_item(claim.slots, &(lane_mpmc_item){.number = number});
    lane_mpmc_source_to_target_commit(sources[0], &claim, 1);
    ledger_add(&sent[0], number);
}

static void send(void)
{
    explorer_check(lane_mpmc_try_send(1, 1) == CORINTH_OK, "there is room");
}

static void sender(void)
{
    if (value_of_case() == ABORT) {
        send();
    }
}

static void take_one(uint32_t index)
{
    corinth_status status =
        lane_mpmc_target_commit_wait(targets[index], keys[index], CORINTH_FOREVER);
    explorer_check(status == CORINTH_OK, "it is not stopped");
    while (!lane_mpmc_try_receive(index)) {
        status = lane_mpmc_target_wait(targets[index], CORINTH_FOREVER);
        explorer_check(status == CORINTH_OK, "it is not stopped");
    }
}

static void receiver_0(void)
{
    take_one(0);
}

static void receiver_1(void)
{
    if (value_of_case() == COMMIT) {
        take_one(1);
    }
}

static void count_ring(void *context)
{
    (void)__atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    lane_mpmc_setup();
    explorer_check(lane_mpmc_source_to_target_reserve(sources[0], 1, &claim) == 1, "it is empty");
    uint32_t sleepers = value_of_case() == COMMIT ? 2 : 1;
    for (uint32_t index = 0; index < sleepers; index++) {
        rings[index] = 0;
        lane_mpmc_target_set_wake(targets[index], count_ring, &rings[index]);
        keys[index] = lane_mpmc_target_prepare_wait(targets[index]);
    }
    if (value_of_case() == COMMIT) {
        send();
    }
}

static void finish(void)
{
    lane_mpmc_check();
    explorer_check(drained.rows == 0, "all was received");
    explorer_register(0, (int64_t)(rings[0] + rings[1]) - (int64_t)ledger_rows(received));
}

const explorer_program_form explorer_program = {
    .name = "coordinator_behind",
    .source = "generated coordinator: a claim that ends beside a send, and 2 sleepers",
    .threads = {{"claimer", claimer}, {"sender", sender}, {"receiver_0", receiver_0},
                {"receiver_1", receiver_1}},
    .spared = 1u << 2 | 1u << 3, /* receiver_0 and receiver_1 */
    .setup = setup,
    .finish = finish,
    .cases = {{"commit", COMMIT},
              {"commit_fences", COMMIT | BY_FENCES},
              {"abort", ABORT},
              {"abort_fences", ABORT | BY_FENCES}},
    .must_see = {"0", "1"},
};
