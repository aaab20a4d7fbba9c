/*
 * sleeping.h - how a thread waits until something is there: look, announce, look again, sleep.
 *
 * What it waits for a `look` says: transfers, or room in a lane. It sleeps at the doorbells that
 * are rung by those who could make the look true, and it is woken as well by a stop, by a close and
 * by an interrupt. (parking.h has the proof that it misses nothing.) A thread whose world doesn't
 * park looks again and again for the same things, and no doorbell is rung for it.
 *
 * An interrupt ends a wait before anything else does, so that a thread which always finds
 * something can be interrupted too. If transfers are there then, the ring that it may have used up
 * for them is passed on, as their sender wakes no more threads than it has transfers. A ring for
 * room needn't be, for it wakes all who sleep there.
 */
#ifndef CORINTH_SLEEPING_H
#define CORINTH_SLEEPING_H

#include <corinth/parking.h>
#include <corinth/run_state.h>

CORINTH_BEGIN_DECLARATIONS

typedef struct corinth_internal_wait {
    corinth_bell *const *bells; /* for transfers the first of them is rung */
    size_t count; /* of bells, at least one */
    uint32_t index; /* the thread's */
    const corinth_run_state *state;
    uint64_t (*look)(const void *context); /* the bits of what is there; it takes nothing */
    bool (*is_closed)(const void *context); /* whether what isn't there won't come */
    const void *context;
    uint32_t spin_ns; /* how long it looks again and again before it sleeps */
} corinth_internal_wait;

/*
 * Waits until a look finds something (OK), at most `timeout_ns` nanoseconds (TIMED_OUT); 0 only
 * looks. CANCELLED when the thread was interrupted; when the look finds nothing, CLOSED where
 * nothing will come, otherwise STOPPED when the coordinator isn't running. `*found` is what is
 * there, nothing unless it is OK.
 */
corinth_status corinth_internal_wait_until(
    const corinth_internal_wait *wait, uint64_t timeout_ns, uint64_t *found);

/* After a prepare that returned `key`: the same, but a thread that is rung returns OK at once. */
corinth_status corinth_internal_wait_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns, uint64_t *found);

CORINTH_END_DECLARATIONS

#endif
