/*
 * undelivered.h - what becomes of a transfer that was sent and doesn't reach its target.
 *
 * A lane drops transfers when it is full, if its schema says so, when its target has closed it, and
 * when a coordinator is drained. Each goes to a handler, which owns the entity from then on, or is
 * only counted where the lane discards. The thread that drops one calls the handler, with a reason;
 * each reason has a counter (stats.h).
 */
#ifndef CORINTH_UNDELIVERED_H
#define CORINTH_UNDELIVERED_H

#include <stddef.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

typedef enum corinth_undelivered_reason {
    CORINTH_UNDELIVERED_DROPPED_OLDEST = 0, /* made room for a newer one in a full lane */
    CORINTH_UNDELIVERED_DROPPED_NEWEST,     /* found the lane full */
    CORINTH_UNDELIVERED_CLOSED,             /* was in the lane when its target closed it */
    CORINTH_UNDELIVERED_DRAINED             /* was in the lane when the coordinator was drained */
} corinth_undelivered_reason;

#define CORINTH_UNDELIVERED_REASON_COUNT (CORINTH_UNDELIVERED_DRAINED + 1)

/* A reason's name without its prefix ("DROPPED_OLDEST"); "UNKNOWN" for any other number. */
const char *corinth_undelivered_reason_name(corinth_undelivered_reason reason);

/*
 * Gets a transfer of the program's own type, which is the function's from then on; the memory is
 * the caller's again when it returns. Any thread that sends or receives may call it. It doesn't
 * send over the lane of the transfer.
 */
typedef void (*corinth_undelivered_function)(
    void *context, const void *transfer, corinth_undelivered_reason reason);

typedef struct corinth_undelivered_handler {
    corinth_undelivered_function function;
    void *context;
} corinth_undelivered_handler;

/*
 * Hands a transfer over; `handler` is NULL where it is discarded. The transfer has been counted,
 * and its slot released if it had one. In the header, so that an exception of a function in C++
 * passes no frame of the runtime's library.
 */
CORINTH_INLINE void corinth_internal_hand_over(const corinth_undelivered_handler *handler,
                                               const void *transfer,
                                               corinth_undelivered_reason reason)
{
    if (handler != NULL) {
        CORINTH_ASSERT(handler->function != NULL);
        handler->function(handler->context, transfer, reason);
    }
}

CORINTH_END_DECLARATIONS

#endif
