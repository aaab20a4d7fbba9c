/*
 * scheduler.c - who runs: the loop of one execution.
 *
 * A thread runs on until its next operation that others may notice, announces it and stops there.
 * So at every choice the next step of each thread is known. Plain code between two steps runs with
 * the step before it; the race detector sees to it that this hides nothing.
 */
#include "core.h"

#include <stdio.h>
#include <string.h>

static void *driver; /* the stack pointer of scheduler_run_execution's caller */

static const char *thread_name(unsigned index)
{
    return explorer_program.threads[index - 1].name;
}

static void switch_to(unsigned next)
{
    unsigned previous = explorer.current;
    if (next != previous) {
        explorer.current = next;
        context_switch(&explorer.thread[previous].stack_pointer,
                       explorer.thread[next].stack_pointer);
    }
}

_Noreturn void scheduler_abandon(execution_end end)
{
    static void *nowhere;
    explorer.end = end;
    explorer.concurrent = false;
    explorer.is_running = false;
    context_switch(&nowhere, driver);
    __builtin_unreachable();
}

static void cut_off_if_left_out(void)
{
    for (unsigned i = 1; i < explorer.threads; i++) {
        if (explorer.thread[i].state == THREAD_LEFT_OUT) {
            scheduler_abandon(END_PRUNED);
        }
    }
}

/*
 * No thread can run. Threads that spin go on if their rounds look at the clock, for time passes, or
 * if they write something: all of them at once, behind everything that was done so far.
 */
static unsigned let_time_pass(void)
{
    unsigned first = 0;
    for (unsigned i = explorer.threads - 1; i > 0; i--) {
        thread *other = &explorer.thread[i];
        if (other->state == THREAD_PAUSED && (other->saw_clock || other->wrote)) {
            other->continues = true;
            other->progressed = true;
            for (unsigned past = 1; past < explorer.threads; past++) {
                dependence_follow(i, explorer.thread[past].before);
            }
            first = i;
        }
    }
    explorer.clock_ns += first != 0 ? HOUR_NS : 0;
    return first;
}

/* No thread can ever go on. */
static _Noreturn void report_stuck(void)
{
    char text[400] = "";
    size_t length = 0;
    bool has_spinner = false;
    for (unsigned i = 1; i < explorer.threads; i++) {
        const thread *other = &explorer.thread[i];
        if (other->state == THREAD_DONE || length >= sizeof text) {
            continue;
        }
        has_spinner |= other->state == THREAD_PAUSED;
        symbols_want_code(other->next.code);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s %s at %s",
                                   length > 0 ? "; " : "", thread_name(i),
                                   other->state == THREAD_PAUSED ? "spins" : "sleeps",
                                   symbols_code(other->next.code));
    }
    if (has_spinner) {
        report_failure(EXPLORER_HANG, "%s", text);
    }
    report_failure(EXPLORER_DEADLOCK, "lost wake-up: %s", text);
}

bool scheduler_may_time_out(unsigned index)
{
    const thread *other = &explorer.thread[index];
    return other->state == THREAD_ASLEEP
           && (other->deadline_ns != UINT64_MAX
               || other->spurious_wakes < explorer_program.spurious_wakes);
}

/* The threads that can take a step, the one that took the last one first, time-outs last. */
static unsigned collect(unsigned *enabled, bool *has_step)
{
    unsigned count = 0;
    unsigned last = explorer.last_chosen;
    if (explorer.thread[last].state == THREAD_READY && last != MAIN_THREAD) {
        enabled[count++] = last;
    }
    for (unsigned i = 1; i < explorer.threads; i++) {
        if (explorer.thread[i].state == THREAD_READY && i != last) {
            enabled[count++] = i;
        }
    }
    *has_step = count > 0;
    for (unsigned i = 1; i < explorer.threads; i++) {
        if (scheduler_may_time_out(i)) {
            enabled[count++] = i;
        }
    }
    return count;
}

/* Bounded: a preemption takes the turn from a thread that could go on, or times out early. */
static unsigned choose_bounded(const unsigned *enabled, unsigned count, bool has_step)
{
    bool goes_on = has_step && enabled[0] == explorer.last_chosen;
    unsigned free_alternatives = 0;
    for (unsigned i = 0; i < count; i++) {
        bool is_free = goes_on ? i == 0
                               : !has_step || explorer.thread[enabled[i]].state == THREAD_READY;
        free_alternatives += is_free ? 1u : 0u;
    }
    unsigned alternatives = explorer.preemptions_left > 0 ? count : free_alternatives;
    unsigned chosen = alternatives > 1 ? choice_take(alternatives) : 0;
    if (chosen >= free_alternatives) {
        explorer.preemptions_left--;
    }
    return enabled[chosen];
}

static uint32_t set_of(const unsigned *enabled, unsigned count)
{
    uint32_t set = 0;
    for (unsigned i = 0; i < count; i++) {
        set |= 1u << enabled[i];
    }
    return set;
}

static unsigned choose_by_priority(const unsigned *enabled, unsigned count)
{
    unsigned highest = priority_highest(set_of(enabled, count));
    unsigned wanted = 0;
    while (enabled[wanted] != highest) {
        wanted++;
    }
    return count > 1 ? enabled[choice_prefer(count, wanted)] : enabled[0];
}

/* Whose turn it is: a thread's, or thread 0's when all others have ended. */
static unsigned pick(void)
{
    bool is_done = true;
    for (unsigned i = 1; i < explorer.threads; i++) {
        if (explorer.thread[i].continues) {
            return i;
        }
        is_done &= explorer.thread[i].state == THREAD_DONE;
    }
    if (is_done) {
        return MAIN_THREAD;
    }
    unsigned enabled[THREADS];
    bool has_step;
    unsigned count = collect(enabled, &has_step);
    if (count == 0) {
        cut_off_if_left_out();
        unsigned first = let_time_pass();
        if (first == 0) {
            report_stuck();
        }
        return first;
    }
    unsigned chosen;
    if (explorer.mode == MODE_EXHAUSTIVE) {
        chosen = reduction_choose(set_of(enabled, count), enabled[0]);
    } else if (explorer.mode == MODE_BOUNDED) {
        chosen = choose_bounded(enabled, count, has_step);
    } else if (explorer.mode == MODE_PCT) {
        chosen = choose_by_priority(enabled, count);
    } else {
        chosen = count > 1 ? enabled[choice_take(count)] : enabled[0];
    }
    explorer.last_chosen = chosen;
    return chosen;
}

/* Gives the turn away; returns when this thread has it again. */
void scheduler_block(void)
{
    switch_to(pick());
    thread *own = self();
    own->continues = false;
    if (own->state == THREAD_ASLEEP) {
        own->timed_out = true;
    }
    own->state = THREAD_READY;
}

/* Counts a step of the current thread. */
void scheduler_step(void)
{
    if (++explorer.steps > STEPS_MAX) {
        report_failure(EXPLORER_HANG, "no end after %u steps", STEPS_MAX);
    }
    explorer.steps_in_all++;
    thread *own = self();
    own->before[explorer.current] = ++own->steps;
    own->view.clock[explorer.current]++;
}

void scheduler_announce(const operation *op)
{
    self()->next = *op;
    scheduler_block();
    scheduler_step();
}

/* Lets spinning threads go on that have something new to read. */
void scheduler_wrote(void)
{
    for (unsigned i = 1; i < explorer.threads; i++) {
        thread *other = &explorer.thread[i];
        if (other->state == THREAD_PAUSED && !other->continues) {
            other->continues = spin_may_go_on(i);
        }
    }
}

static void thread_body(void)
{
    self()->continues = false;
    explorer_program.threads[explorer.current - 1].run();
    operation op = {.kind = OP_END};
    trace_add(&op, 0, 0, NULL);
    self()->state = THREAD_DONE;
    switch_to(pick());
    __builtin_unreachable();
}

static void start_thread(unsigned index)
{
    thread *fresh = &explorer.thread[index];
    memset(fresh, 0, offsetof(thread, view));
    view_clear(&fresh->view);
    view_clear(&fresh->acquired_by_fence);
    view_clear(&fresh->released_by_fence);
    fresh->state = THREAD_READY;
    fresh->continues = true;
    fresh->stack_pointer = context_prepare(index, thread_body);
}

static void main_body(void)
{
    if (explorer_program.setup != NULL) {
        explorer_program.setup();
    }
    for (unsigned i = 1; i < explorer.threads; i++) {
        start_thread(i);
    }
    explorer.concurrent = true;
    switch_to(pick());
    explorer.concurrent = false;
    if (explorer_program.finish != NULL) {
        explorer_program.finish();
    }
    if (explorer.held > 0) {
        report_failure(EXPLORER_LEAK, "%lld resources were never given back",
                       (long long)explorer.held);
    }
    scheduler_abandon(END_COMPLETE);
}

void scheduler_run_execution(void)
{
    choice_begin_execution();
    shadow_begin_execution();
    memory_begin_execution();
    priority_begin_execution();
    dependence_begin_execution();
    graph_begin_execution();
    explorer.concurrent = false;
    explorer.current = MAIN_THREAD;
    explorer.last_chosen = MAIN_THREAD;
    explorer.preemptions_left = explorer.preemptions;
    explorer.asleep = 0;
    explorer.steps = 0;
    explorer.clock_ns = HOUR_NS;
    explorer.held = 0;
    explorer.register_count = 0;
    explorer.report = EXPLORER_CLEAN;
    memset(explorer.registers, 0, sizeof explorer.registers);
    memset(&explorer.thread[MAIN_THREAD], 0, offsetof(thread, view));
    view_clear(&explorer.thread[MAIN_THREAD].view);
    explorer.threads = 1;
    while (explorer.threads < THREADS
           && explorer_program.threads[explorer.threads - 1].run != NULL) {
        explorer.threads++;
    }
    explorer.steps_in_all++;
    explorer.is_running = true;
    context_switch(&driver, context_prepare(MAIN_THREAD, main_body));
}
