/*
 * sleeping.h - how a thread waits until something is there: look, announce, look again, sleep.
 *
 * What it waits for a `look` says: transfers, or room in a lane. It sleeps at the doorbells that
 * are rung by those who could make the look true, and it is woken as well by a stop, by a
 * close and by an interrupt. (parking.h has the proof that it misses nothing.)
 *
 * An interrupt ends a wait before anything else does, so that a thread which always finds
 * something can be interrupted too. The ring that such a thread may have used up is passed on.
 */
#ifndef CORINTH_SLEEPING_H
#define CORINTH_SLEEPING_H

#include <corinth/parking.h>
#include <corinth/run_state.h>

CORINTH_BEGIN_DECLARATIONS

typedef struct corinth_internal_wait {
    corinth_bell *const *bells;
    size_t count; /* of bells, at least one */
    uint32_t index; /* the thread's */
    const corinth_run_state *state;
    bool (*look)(const void *context); /* whether it is there; it takes nothing */
    bool (*is_closed)(const void *context); /* whether what isn't there won't come */
    const void *context;
} corinth_internal_wait;

/*
 * Sleeps until a look finds it (OK), at most `timeout_ns` nanoseconds (TIMED_OUT); 0 only looks.
 * CANCELLED when the thread was interrupted; when the look finds nothing, CLOSED where nothing will
 * come, otherwise STOPPED when the coordinator isn't running.
 */
corinth_status corinth_internal_wait_until(
    const corinth_internal_wait *wait, uint64_t timeout_ns);

/* After a prepare that returned `key`: the same, but a thread that is rung returns OK at once. */
corinth_status corinth_internal_wait_once(
    const corinth_internal_wait *wait, uint32_t key, uint64_t timeout_ns);

CORINTH_END_DECLARATIONS

#endif
