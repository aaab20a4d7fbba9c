/* fence.c - fences: what they let a thread know, and what it lets others know by them. */
#include "core.h"

/*
 * A seq_cst fence, as RC11 has it: whatever threads knew at earlier ones is known here, as floors
 * of coherence and not as happens-before; and no later seq_cst load may read past what happens
 * before the fence, nor this thread past earlier seq_cst stores.
 */
static void fence_seq_cst(void)
{
    thread *own = self();
    for (uint32_t at = 0; at < explorer.locations; at++) {
        location *place = &explorer.location[at];
        uint16_t known = memory_newest_known(at);
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
    dependence_step(ROLE_SC_FENCE, NO_LOCATION);
}

void fence_step(const operation *op)
{
    if (!explorer.concurrent) {
        return;
    }
    thread *own = self();
    if (op->order == SEQ_CST) {
        scheduler_announce(op);
    } else {
        own->view.clock[explorer.current]++; /* The other fences concern this thread alone. */
    }
    if (is_acquire(op->order)) {
        view_join(&own->view, &own->acquired_by_fence);
    }
    if (op->order == SEQ_CST) {
        fence_seq_cst();
    }
    if (is_release(op->order)) {
        view_copy(&own->released_by_fence, &own->view);
        own->has_release_fence = true;
    }
    trace_add(op, 0, 0, NULL);
}
