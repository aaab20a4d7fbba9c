/*
 * Goal: every status has the name of its constant, all names differ, and no number crashes.
 * Method: all constants against their spelling, every pair of names, and numbers out of range.
 */
#include "check.h"

#include <limits.h>
#include <string.h>

#include <corinth/status.h>

#define WATCHDOG_S 10
#define CHECK_NAME(name) CHECK(strcmp(corinth_status_name(CORINTH_##name), #name) == 0)

static void check_names(void)
{
    CHECK_NAME(OK);
    CHECK_NAME(FULL);
    CHECK_NAME(EMPTY);
    CHECK_NAME(STOPPED);
    CHECK_NAME(NO_LANE);
    CHECK_NAME(NO_ROUTE);
    CHECK_NAME(NO_HANDLER);
    CHECK_NAME(BAD_WORLD);
    CHECK_NAME(BAD_TRANSFER);
    CHECK_NAME(BAD_SCHEMA);
    CHECK_NAME(TIMED_OUT);
    CHECK_NAME(CANCELLED);
    CHECK_NAME(CLOSED);
    CHECK_NAME(NO_MEMORY);
}

/* With the last pair, a status that was added at the end is looked at too. */
static void check_distinct(void)
{
    for (int a = 0; a < CORINTH_STATUS_COUNT; a++) {
        const char *name = corinth_status_name((corinth_status)a);
        CHECK(name[0] != '\0');
        CHECK(strcmp(name, "UNKNOWN") != 0);
        for (int b = 0; b < a; b++) {
            CHECK(strcmp(name, corinth_status_name((corinth_status)b)) != 0);
        }
    }
}

static void check_out_of_range(void)
{
    static const int numbers[] = {CORINTH_STATUS_COUNT, -1, INT_MAX, INT_MIN};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        CHECK(strcmp(corinth_status_name((corinth_status)numbers[i]), "UNKNOWN") == 0);
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_case("each status has its constant's name");
    check_names();
    check_case("no two have the same name");
    check_distinct();
    check_case("numbers that are no status are UNKNOWN");
    check_out_of_range();
    return 0;
}
