/* fence.c - fences: what they let a thread know, and what it lets others know by them. */
#include "core.h"

/*
 * A seq_cst fence, as RC11 has it: whatever threads knew at earlier ones is known here, as floors
 * of coherence and not as happens-before; and no later seq_cst load may read past what happens
 * before the fence, nor this thread past earlier seq_cst stores.
 */
static void agree(thread *own)
{
    for (uint32_t at = 0; at < explorer.locations; at++) {
        location *place = &explorer.location[at];
        uint16_t known = memory_newest_known(at, &own->view);
        if (place->sc_floor < known) {
            place->sc_floor = known;
        }
        if (place->sc_floor > 0) {
            view_raise(&own->view, at, place->sc_floor);
        }
    }
    if (explorer.mutant != MUTANT_NO_HAPPENS_BEFORE) {
        view_join_floors(&own->view, &explorer.fence_view);
    }
    view_join_floors(&explorer.fence_view, &own->view);
}

/* What a fence of this order does to the thread that passes it. */
static void pass(thread *own, unsigned order)
{
    if (is_acquire(order)) {
        view_join(&own->view, &own->acquired_by_fence);
    }
    if (order == SEQ_CST) {
        agree(own);
    }
    if (is_release(order)) {
        view_copy(&own->released_by_fence, &own->view);
        own->has_release_fence = true;
    }
}

void fence_step(const operation *op)
{
    if (!explorer.concurrent) {
        return;
    }
    if (op->order == SEQ_CST) {
        scheduler_announce(op);
    } else {
        self()->view.clock[explorer.current]++; /* The other fences concern this thread alone. */
    }
    pass(self(), op->order);
    if (op->order == SEQ_CST) {
        dependence_step(ROLE_SC_FENCE, NO_LOCATION);
    }
    trace_add(op, 0, 0, NULL);
}

/* The threads, a bit each, in which the current thread's barrier runs a fence. */
static uint32_t find_targets(void)
{
    uint32_t targets = 0;
    for (unsigned i = 1; i < explorer.threads; i++) {
        bool is_target = i != explorer.current && (explorer_program.spared >> (i - 1) & 1u) == 0;
        targets |= is_target ? 1u << i : 0;
    }
    return targets;
}

/* The n-th of the threads whose bit is set. */
static unsigned pick_target(uint32_t targets, unsigned n)
{
    for (; n > 0; n--) {
        targets &= targets - 1;
    }
    return (unsigned)__builtin_ctz(targets);
}

/*
 * A barrier: each other thread passes a seq_cst fence somewhere between the caller's last step and
 * its next one, in any order, one after the other; each is a step of its own. The caller's own
 * fences, before the first and behind the last of them, are parts of those steps: it does nothing
 * in between, so another thread's fence that came between them learns no less if it comes before
 * both or behind both. The caller's fences around the others tell nothing more than that.
 *
 * In the other threads it is a fence between any two accesses, plain ones too. Those run here with
 * the step before them, so which of them it stands behind isn't known, and it hands nothing over:
 * it only makes threads agree on what is stored, which is less than a fence does.
 */
void fence_all_others(uintptr_t code)
{
    if (!explorer.concurrent) {
        return;
    }
    uint32_t targets = find_targets();
    if (targets == 0) {
        fence_step(&(operation){.kind = OP_FENCE, .order = SEQ_CST, .code = code});
    }
    while (targets != 0) {
        unsigned left = (unsigned)__builtin_popcount(targets);
        unsigned target = pick_target(targets, left > 1 ? choice_take(left) : 0);
        targets &= ~(1u << target);
        operation op = {.kind = OP_BARRIER, .order = SEQ_CST, .code = code, .value = target};
        scheduler_announce(&op);
        pass(self(), SEQ_CST);
        agree(&explorer.thread[target]);
        pass(self(), SEQ_CST);
        dependence_barrier(target);
        trace_add(&op, target, 0, NULL);
    }
}
