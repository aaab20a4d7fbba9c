/* status.c - the names of statuses, for logs. */
#include <corinth/platform.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

const char *corinth_status_name(corinth_status status)
{
    static const char *const names[CORINTH_STATUS_COUNT] = {
        "OK",           "FULL",       "EMPTY",     "STOPPED",      "NO_LANE",
        "NO_ROUTE",     "NO_HANDLER", "BAD_WORLD", "BAD_TRANSFER", "BAD_SCHEMA",
        "TIMED_OUT",    "CANCELLED",  "CLOSED",    "NO_MEMORY",    "MISALIGNED",
    };
    CORINTH_ASSERT(names[CORINTH_STATUS_COUNT - 1] != NULL);
    int index = (int)status;
    return index >= 0 && index < CORINTH_STATUS_COUNT ? names[index] : "UNKNOWN";
}

CORINTH_END_DECLARATIONS
