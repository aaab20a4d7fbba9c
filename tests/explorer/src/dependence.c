/*
 * dependence.c - which steps of different threads can't be exchanged without anyone noticing.
 *
 * Exhaustive search without a preemption bound leaves out executions that differ from an explored
 * one only in the order of independent steps. For that it keeps, with each step, its `before`: for
 * each thread, the number of its last step that this one can't be moved in front of. Two uses:
 *
 * 1. Which other schedules are worth exploring: reduction.c.
 * 2. Loads of old stores. A load that reads past a store which it doesn't depend on could have run
 *    before that store, and that execution is explored anyway. So a load considers old stores only
 *    if the newest one is in its `before` (memory.c).
 *
 * Steps depend on each other when they access one location and at least one writes; when both are
 * seq_cst fences, or one is and the other is a seq_cst access; and when both are futex calls or
 * look at the clock. A barrier's step is a seq_cst fence, and as it is one in another thread too,
 * all steps of that thread depend on it and it on them.
 */
#include "core.h"

#include <string.h>

#define CANDIDATES_MAX (5u + 2u * THREADS)

/* The last steps of each kind that later ones may depend on. */
typedef struct last_steps {
    uint32_t of_thread[THREADS];
    uint32_t fence;
    uint32_t kernel;
    uint32_t sc_access[THREADS]; /* since the last fence */
} last_steps;

static last_steps last;

void dependence_begin_execution(void)
{
    memset(&last, 0, sizeof last);
}

static bool is_access(const operation *op)
{
    return (op->kind >= OP_LOAD && op->kind <= OP_COMPARE) || op->kind == OP_WAIT;
}

static bool is_kernel(const operation *op)
{
    return op->kind >= OP_WAIT && op->kind <= OP_CLOCK;
}

static bool is_fence(const operation *op)
{
    return op->kind == OP_FENCE || op->kind == OP_BARRIER;
}

static bool is_read_only(const operation *op)
{
    return op->kind == OP_LOAD || op->kind == OP_WAIT;
}

/* A seq_cst compare-exchange that fails is a seq_cst load if its failure order says so. */
static bool is_sc(const operation *op)
{
    return op->order == SEQ_CST || (op->kind == OP_COMPARE && op->failure_order == SEQ_CST);
}

/* The same of the steps that two threads take next: a compare-exchange counts as a write. */
bool dependence_between(unsigned one_thread, unsigned other_thread)
{
    const operation *one = &explorer.thread[one_thread].next;
    const operation *other = &explorer.thread[other_thread].next;
    if ((one->kind == OP_BARRIER && one->value == other_thread)
        || (other->kind == OP_BARRIER && other->value == one_thread)) {
        return true;
    }
    if (is_kernel(one) && is_kernel(other)) {
        return true;
    }
    if (is_fence(one) || is_fence(other)) {
        return is_sc(one) && is_sc(other);
    }
    return is_access(one) && is_access(other) && one->address == other->address
           && !(is_read_only(one) && is_read_only(other));
}

void dependence_follow(unsigned thread_index, const uint32_t *before)
{
    uint32_t *to = explorer.thread[thread_index].before;
    for (unsigned i = 0; i < THREADS; i++) {
        if (before[i] > to[i]) {
            to[i] = before[i];
        }
    }
}

static unsigned add_all(uint32_t *candidates, unsigned count, const uint32_t *steps)
{
    for (unsigned i = 1; i < explorer.threads; i++) {
        if (steps[i] != 0) {
            candidates[count++] = steps[i];
        }
    }
    return count;
}

/* Earlier steps that this one depends on directly; those in between make the others redundant. */
static unsigned find_direct(unsigned roles, const location *place, uint32_t *candidates)
{
    unsigned count = 0;
    if ((roles & (ROLE_READS | ROLE_WRITES)) != 0) {
        candidates[count++] = place->last_write_step;
    }
    if ((roles & ROLE_WRITES) != 0) {
        count = add_all(candidates, count, place->read_step);
    }
    if ((roles & (ROLE_SC_ACCESS | ROLE_SC_FENCE)) != 0) {
        candidates[count++] = last.fence;
    }
    if ((roles & ROLE_SC_FENCE) != 0) {
        count = add_all(candidates, count, last.sc_access);
    }
    if ((roles & ROLE_KERNEL) != 0) {
        candidates[count++] = last.kernel;
    }
    return count;
}

static void remember(unsigned roles, location *place, uint32_t step)
{
    if ((roles & ROLE_WRITES) != 0) {
        place->last_write_step = step;
        memset(place->read_step, 0, sizeof place->read_step);
    } else if ((roles & ROLE_READS) != 0) {
        place->read_step[explorer.current] = step;
    }
    if ((roles & ROLE_SC_FENCE) != 0) {
        last.fence = step;
        memset(last.sc_access, 0, sizeof last.sc_access);
    } else if ((roles & ROLE_SC_ACCESS) != 0) {
        last.sc_access[explorer.current] = step;
    }
    if ((roles & ROLE_KERNEL) != 0) {
        last.kernel = step;
    }
}

/* Orders the current thread's step, which has just been taken, and keeps it for later ones. */
static void note(unsigned roles, location *place, uint32_t *candidates, unsigned count)
{
    reduction_step(candidates, count);
    remember(roles, place, explorer.steps);
    last.of_thread[explorer.current] = explorer.steps;
}

/* Notes what the current thread's step, which has just been taken, is to the others. */
void dependence_step(unsigned roles, uint32_t at)
{
    self()->has_place |= (roles & (ROLE_SC_ACCESS | ROLE_SC_FENCE | ROLE_KERNEL)) != 0;
    if (!explorer.reduces) {
        return;
    }
    location *place = at != NO_LOCATION ? &explorer.location[at] : NULL;
    uint32_t candidates[CANDIDATES_MAX];
    unsigned count = find_direct(roles, place, candidates);
    note(roles, place, candidates, count);
}

/* The same of a barrier's step, which is a fence in the thread `target` as well. */
void dependence_barrier(unsigned target)
{
    self()->has_place = true;
    explorer.thread[target].has_place = true;
    if (!explorer.reduces) {
        return;
    }
    uint32_t candidates[CANDIDATES_MAX];
    unsigned count = find_direct(ROLE_SC_FENCE, NULL, candidates);
    candidates[count++] = last.of_thread[target];
    note(ROLE_SC_FENCE, NULL, candidates, count);
    reduction_barrier(target);
}
