/*
 * Goal: who commits a claim counts what lies behind it: all that was ready or skipped before, also
 * beyond the end of the array.
 * Method: every execution of a commit beside a send. Behind the open claim lie an aborted slot and
 * a ready one. The outcome is whether the one that is sent meanwhile is counted too.
 */
#define CAPACITY 4u
#include "rings.h"

#define BEFORE 2u /* What lies behind the claim from the beginning. */

static size_t behind;

static void committer(void)
{
    ring_commit(0, 1);
    behind = KIND.count_behind(&producers[0], CAPACITY, CAPACITY - 1);
}

static void sender(void)
{
    ring_try_send(1);
}

static void setup(void)
{
    ring_setup();
    (void)ring_reserve(0, 1);
    (void)ring_reserve(1, 1);
    ring_commit(1, 0);
    ring_try_send(1);
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
