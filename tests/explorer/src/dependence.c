/*
 * dependence.c - which steps of different threads may be exchanged without anyone noticing.
 *
 * Two uses, both only in exhaustive search without a preemption bound:
 *
 * 1. Sleep sets (Godefroid 1996). What is independent of a step that was explored first need not be
 *    explored again behind its neighbour.
 * 2. Loads of old stores. A load that reads past a store which it doesn't depend on could have run
 *    before that store, and that execution is explored anyway. So a load considers old stores only
 *    if the newest one is among the steps that the thread depends on. `before` holds these: for
 *    each thread, the number of its last step that this one can't be moved in front of.
 */
#include "core.h"

#include <string.h>

static bool is_access(const operation *op)
{
    return op->kind >= OP_LOAD && op->kind <= OP_COMPARE;
}

static bool is_kernel(const operation *op)
{
    return op->kind >= OP_WAIT && op->kind <= OP_CLOCK;
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

bool dependence_between(const operation *one, const operation *other)
{
    if (is_kernel(one) && is_kernel(other)) {
        return true;
    }
    if (one->kind == OP_FENCE || other->kind == OP_FENCE) {
        return is_sc(one) && is_sc(other);
    }
    bool has_words = (is_access(one) || one->kind == OP_WAIT)
                     && (is_access(other) || other->kind == OP_WAIT);
    return has_words && one->address == other->address
           && !(is_read_only(one) && is_read_only(other));
}

static void join(uint32_t *to, const uint32_t *from)
{
    for (unsigned i = 0; i < THREADS; i++) {
        if (from[i] > to[i]) {
            to[i] = from[i];
        }
    }
}

void dependence_follow(unsigned thread_index, const uint32_t *before)
{
    join(explorer.thread[thread_index].before, before);
}

static void join_sc(unsigned order)
{
    if (order == SEQ_CST) {
        join(self()->before, explorer.fence_before);
        join(explorer.sc_before, self()->before);
    }
}

void dependence_read(uint32_t at, unsigned order)
{
    location *place = &explorer.location[at];
    join(self()->before, place->writes_before);
    join_sc(order);
    join(place->reads_before, self()->before);
}

void dependence_write(uint32_t at, unsigned order)
{
    location *place = &explorer.location[at];
    join(self()->before, place->writes_before);
    join(self()->before, place->reads_before);
    join_sc(order);
    memcpy(place->writes_before, self()->before, sizeof place->writes_before);
}

void dependence_fence(void)
{
    join(self()->before, explorer.fence_before);
    join(self()->before, explorer.sc_before);
    memcpy(explorer.fence_before, self()->before, sizeof explorer.fence_before);
}

void dependence_kernel(void)
{
    join(self()->before, explorer.kernel_before);
    memcpy(explorer.kernel_before, self()->before, sizeof explorer.kernel_before);
}
