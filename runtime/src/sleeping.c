/* sleeping.c - see sleeping.h. */
#include "sleeping.h"

#include "processor.h"

CORINTH_BEGIN_DECLARATIONS

/* A look costs nanoseconds; how many are taken before one at the clock. */
#define LOOKS_PER_CLOCK 8u

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

/* Commits once. `*found` is what a look behind it says; if it is nothing, the status says why. */
static corinth_status sleep_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns, uint64_t *found)
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
    *found = wait->look(wait->context);
    if (is_interrupted) {
        if ((*found & CORINTH_INBOUND) != 0) {
            /* All, for one thread may have closed the lane that this one was rung for. */
            corinth_bell_ring(wait->bells[0], wait->bells[0]->threads);
        }
        *found = 0;
        return CORINTH_CANCELLED;
    }
    return later == CORINTH_OK ? status : later;
}

corinth_status corinth_internal_wait_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns, uint64_t *found)
{
    CORINTH_ASSERT(wait->count > 0);
    corinth_status status = sleep_once(wait, key, timeout_ns, found);
    return *found != 0 ? CORINTH_OK : status;
}

/* One look without sleep; TIMED_OUT if nothing ends the wait. */
static corinth_status look_once(const corinth_internal_wait *wait, uint64_t *found)
{
    CORINTH_ASSERT(wait->index < wait->bells[0]->threads);
    *found = 0;
    if (corinth_bell_take_interrupt(wait->bells[0], wait->index)) {
        return CORINTH_CANCELLED;
    }
    corinth_status status = outlook(wait);
    *found = wait->look(wait->context);
    if (*found != 0) {
        return CORINTH_OK;
    }
    return status == CORINTH_OK ? CORINTH_TIMED_OUT : status;
}

/* Waits as a thread does that never sleeps. */
static corinth_status look_until(
    const corinth_internal_wait *wait, uint64_t deadline_ns, uint64_t *found)
{
    corinth_waiting waiting = wait->bells[0]->waiting;
    CORINTH_ASSERT(waiting != CORINTH_WAITING_PARK);
    corinth_status status = CORINTH_TIMED_OUT;
    while (status == CORINTH_TIMED_OUT && corinth_time_left_ns(deadline_ns) > 0) {
        if (waiting == CORINTH_WAITING_YIELD) {
            corinth_internal_yield();
        } else {
            corinth_internal_pause();
        }
        status = look_once(wait, found);
    }
    return status;
}

/* What a thread finds by looking for a moment before it sleeps: less than a sleep would cost. */
static uint64_t look_briefly(const corinth_internal_wait *wait, uint64_t deadline_ns)
{
    CORINTH_ASSERT(wait->spin_ns > 0);
    uint64_t own_ns = corinth_deadline_ns(wait->spin_ns);
    uint64_t end_ns = own_ns < deadline_ns ? own_ns : deadline_ns;
    uint64_t found = 0;
    while (found == 0 && corinth_time_left_ns(end_ns) > 0) {
        for (uint32_t looks = 0; found == 0 && looks < LOOKS_PER_CLOCK; looks++) {
            corinth_internal_pause();
            found = wait->look(wait->context);
        }
    }
    return found;
}

/* Sleeps as often as it takes. */
static corinth_status sleep_until(
    const corinth_internal_wait *wait, uint64_t deadline_ns, uint64_t *found)
{
    CORINTH_ASSERT(wait->bells[0]->waiting == CORINTH_WAITING_PARK);
    *found = wait->spin_ns > 0 ? look_briefly(wait, deadline_ns) : 0;
    corinth_status status = CORINTH_OK;
    while (*found == 0 && status == CORINTH_OK) {
        uint32_t key = corinth_bells_prepare(wait->bells, wait->count, wait->index);
        *found = wait->look(wait->context);
        if (*found == 0) {
            uint64_t left_ns = corinth_time_left_ns(deadline_ns);
            status = sleep_once(wait, key, left_ns, found);
        } else {
            corinth_bells_cancel(wait->bells, wait->count, wait->index);
            if (wait->count > 1) {
                /* A ring for something else may have been used up: it is told as well. */
                *found |= wait->look(wait->context);
            }
        }
    }
    return *found != 0 ? CORINTH_OK : status;
}

corinth_status corinth_internal_wait_until(
    const corinth_internal_wait *wait, uint64_t timeout_ns, uint64_t *found)
{
    CORINTH_ASSERT(wait->count > 0);
    /* Looking is cheap, preparing costs a barrier: only a thread that finds nothing pays for it. */
    corinth_status status = look_once(wait, found);
    if (status != CORINTH_TIMED_OUT || timeout_ns == 0) {
        return status;
    }
    uint64_t deadline_ns = corinth_deadline_ns(timeout_ns);
    bool is_parking = wait->bells[0]->waiting == CORINTH_WAITING_PARK;
    return is_parking ? sleep_until(wait, deadline_ns, found)
                      : look_until(wait, deadline_ns, found);
}

CORINTH_END_DECLARATIONS
