/* undelivered.c - the names of reasons, for logs. */
#include <corinth/undelivered.h>

CORINTH_BEGIN_DECLARATIONS

const char *corinth_undelivered_reason_name(corinth_undelivered_reason reason)
{
    static const char *const names[CORINTH_UNDELIVERED_REASON_COUNT] = {
        "DROPPED_OLDEST",
        "DROPPED_NEWEST",
        "CLOSED",
        "DRAINED",
    };
    CORINTH_ASSERT(names[CORINTH_UNDELIVERED_REASON_COUNT - 1] != NULL);
    int index = (int)reason;
    return index >= 0 && index < CORINTH_UNDELIVERED_REASON_COUNT ? names[index] : "UNKNOWN";
}

CORINTH_END_DECLARATIONS
