/*
 * Goal: who commits a claim counts what lies behind it: all that was ready or skipped before, also
 * beyond the end of the array.
 * Method: every execution of a commit beside a send. Behind the open claim lie an aborted slot and
 * a ready one. The outcome is whether the one that is sent meanwhile is counted too.
 */
#define CAPACITY 4u
#include "mpmc.h"

#define BEFORE 2u /* What lies behind the claim from the beginning. */

static corinth_position opened;
static size_t behind;

static void committer(void)
{
    *mpmc_slot(opened) = 100;
    corinth_mpmc_commit(marks, CAPACITY, opened, 1, 1);
    behind = corinth_mpmc_count_behind(marks, CAPACITY, opened + 1, CAPACITY - 1);
}

static void sender(void)
{
    mpmc_try_send(1);
}

static void setup(void)
{
    mpmc_setup();
    corinth_position first = 0;
    explorer_check(corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &opened) == 1, "it is empty");
    explorer_check(corinth_mpmc_reserve(&ring, marks, CAPACITY, 1, &first) == 1, "there is room");
    corinth_mpmc_commit(marks, CAPACITY, first, 1, 0);
    mpmc_try_send(1);
}

static void finish(void)
{
    explorer_check(behind >= BEFORE, "what was there is counted");
    explorer_check(sent[1].rows == BEFORE, "there was room");
    explorer_register(0, (int64_t)behind - (int64_t)BEFORE);
}

const explorer_program_form explorer_program = {
    .name = "mpmc_behind",
    .source = "MPMC ring: a commit before 2 slots that are ended already, and 1 send, capacity 4",
    .threads = {{"committer", committer}, {"sender", sender}},
    .setup = setup,
    .finish = finish,
    .cases = START_CASES,
    .must_see = {"0", "1"},
};
