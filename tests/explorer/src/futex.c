/*
 * futex.c - the operating system below parking, as a model: runtime/src/futex.c and clock.c
 * are left out of the link and these functions take their place.
 *
 * The kernel compares the word and goes to sleep in one step, and that is ordered with wakes on
 * the same word, as futex(2) has it: behind a wake the comparison finds what the waker knew.
 * Nothing else is ordered: where no wake was called yet the comparison may find an old store, and
 * being woken tells nothing. A wait with a time-out may time out at any moment; then the clock has
 * come to the end of the wait. A wait may return for no reason as often as the program allows.
 * Between two looks of a thread at the clock every time-out may have passed; if so, it has for
 * everybody. All threads are of one process, so whether a word is shared makes no difference.
 */
#include "core.h"

#include <corinth/os/clock.h>

#include "futex.h"

#define CALLER ((uintptr_t)__builtin_return_address(0))

/* The thread goes on because its time is over, or for no reason. */
static void end_sleep_unwoken(thread *own)
{
    scheduler_step();
    bool is_endless = own->deadline_ns == UINT64_MAX;
    bool may_be_spurious = own->spurious_wakes < explorer_program.spurious_wakes;
    if (is_endless || (may_be_spurious && choice_take(2) == 1)) {
        own->spurious_wakes++;
    } else if (explorer.clock_ns < own->deadline_ns) {
        explorer.clock_ns = own->deadline_ns;
    }
    dependence_step(ROLE_KERNEL, NO_LOCATION);
}

void corinth_internal_futex_wait(
    uint32_t *word, uint32_t expected, uint64_t timeout_ns, bool is_shared)
{
    (void)is_shared;
    operation op = {.kind = OP_WAIT, .size = sizeof *word, .address = (uintptr_t)word};
    op.code = CALLER;
    op.expected = expected;
    op.value = timeout_ns;
    if (!explorer.concurrent) {
        report_failure(EXPLORER_DEADLOCK, "setup or finish goes to sleep");
    }
    scheduler_announce(&op);
    thread *own = self();
    uint64_t found = memory_peek(&op);
    graph_add(OP_WAIT, op.address, found);
    trace_add(&op, found, 0, found == expected ? "sleeps" : "goes on");
    if (found != expected) {
        spin_waited_in_vain(op.code);
        return;
    }
    spin_progressed();
    uint64_t now_ns = explorer.clock_ns;
    own->deadline_ns = timeout_ns < UINT64_MAX - now_ns ? now_ns + timeout_ns : UINT64_MAX;
    own->timed_out = false;
    own->state = THREAD_ASLEEP;
    own->next.kind = OP_TIMEOUT;
    scheduler_block();
    op.kind = own->timed_out ? OP_TIMEOUT : OP_WOKEN;
    if (own->timed_out) {
        end_sleep_unwoken(own);
    }
    graph_add(op.kind, op.address, 0);
    trace_add(&op, 0, 0, NULL);
}

/* Chooses one of the threads that sleep on a word; 0 if there is none. */
static unsigned choose_sleeper(uintptr_t word)
{
    unsigned sleepers[THREADS];
    unsigned count = 0;
    for (unsigned i = 1; i < explorer.threads; i++) {
        const thread *other = &explorer.thread[i];
        if (other->state == THREAD_ASLEEP && other->next.address == word) {
            sleepers[count++] = i;
        }
    }
    if (count == 0) {
        return 0;
    }
    return sleepers[count > 1 ? choice_take(count) : 0];
}

void corinth_internal_futex_wake(uint32_t *word, uint32_t count, bool is_shared)
{
    (void)is_shared;
    if (!explorer.concurrent) {
        return;
    }
    operation op = {.kind = OP_WAKE, .size = sizeof *word, .address = (uintptr_t)word};
    op.code = CALLER;
    op.value = count;
    scheduler_announce(&op);
    memory_wake(&op);
    uint64_t woken = 0;
    for (; woken < count; woken++) {
        unsigned sleeper = choose_sleeper(op.address);
        if (sleeper == 0) {
            break;
        }
        if (scheduler_may_time_out(sleeper)) {
            reduction_disabled(sleeper); /* It might have timed out instead. */
        }
        explorer.thread[sleeper].state = THREAD_READY;
        explorer.thread[sleeper].continues = true;
        dependence_follow(sleeper, self()->before);
    }
    spin_woke(woken > 0);
    trace_add(&op, woken, 0, NULL);
}

uint64_t corinth_clock_ns(void)
{
    if (explorer.concurrent) {
        operation op = {.kind = OP_CLOCK, .code = CALLER};
        scheduler_announce(&op);
        dependence_step(ROLE_KERNEL, NO_LOCATION);
        if (self()->knows_time && choice_take(2) == 1) {
            explorer.clock_ns += HOUR_NS;
        }
        self()->knows_time = true;
        self()->saw_clock = true;
        trace_add(&op, explorer.clock_ns, 0, NULL);
    }
    return explorer.clock_ns;
}
