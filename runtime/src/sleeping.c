/* sleeping.c - see sleeping.h. */
#include "sleeping.h"

CORINTH_BEGIN_DECLARATIONS

/*
 * Why what a look doesn't find won't come: CLOSED, which a stop that comes later doesn't change, or
 * STOPPED; OK if it may. Before the look, which then finds all that was sent before either.
 */
static corinth_status outlook(const corinth_internal_wait *wait)
{
    CORINTH_ASSERT(wait->is_closed != NULL);
    if (wait->is_closed(wait->context)) {
        return CORINTH_CLOSED;
    }
    return corinth_run_state_has_stopped(wait->state) ? CORINTH_STOPPED : CORINTH_OK;
}

/* Commits once. `*is_found` is what a look behind it says; if it is false, the status says why. */
static corinth_status sleep_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns, bool *is_found)
{
    CORINTH_ASSERT(wait->count > 0);
    corinth_status status = outlook(wait);
    if (status == CORINTH_OK) {
        status =
            corinth_bells_commit(wait->bells, wait->count, wait->index, key, timeout_ns);
    } else {
        corinth_bells_cancel(wait->bells, wait->count, wait->index);
    }
    corinth_status later = outlook(wait);
    bool is_interrupted = corinth_bell_take_interrupt(wait->bells[0], wait->index);
    *is_found = wait->look(wait->context);
    if (is_interrupted) {
        if (*is_found) {
            /* All, for one thread may have closed the lane that this one was rung for. */
            corinth_bell_ring(wait->bells[0], wait->bells[0]->threads);
        }
        *is_found = false;
        return CORINTH_CANCELLED;
    }
    return later == CORINTH_OK ? status : later;
}

corinth_status corinth_internal_wait_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(wait->count > 0);
    bool is_found = false;
    corinth_status status = sleep_once(wait, key, timeout_ns, &is_found);
    return is_found ? CORINTH_OK : status;
}

corinth_status corinth_internal_wait_until(
    const corinth_internal_wait *wait, uint64_t timeout_ns)
{
    CORINTH_ASSERT(wait->count > 0);
    CORINTH_ASSERT(wait->index < wait->bells[0]->threads);
    if (corinth_bell_take_interrupt(wait->bells[0], wait->index)) {
        return CORINTH_CANCELLED;
    }
    /* Looking is cheap, preparing costs a barrier: only a thread that finds nothing pays for it. */
    corinth_status status = outlook(wait);
    if (wait->look(wait->context)) {
        return CORINTH_OK;
    }
    if (status != CORINTH_OK) {
        return status;
    }
    if (timeout_ns == 0) {
        return CORINTH_TIMED_OUT;
    }
    uint64_t deadline_ns = corinth_deadline_ns(timeout_ns);
    bool is_found = false;
    while (!is_found && status == CORINTH_OK) {
        uint32_t key = corinth_bells_prepare(wait->bells, wait->count, wait->index);
        is_found = wait->look(wait->context);
        if (is_found) {
            corinth_bells_cancel(wait->bells, wait->count, wait->index);
        } else {
            uint64_t left_ns = corinth_time_left_ns(deadline_ns);
            status = sleep_once(wait, key, left_ns, &is_found);
        }
    }
    return is_found ? CORINTH_OK : status;
}

CORINTH_END_DECLARATIONS
