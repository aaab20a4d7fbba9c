/* Goal: every status has a name of its own, and no number crashes. Method: all of them, and more. */
#include <corinth/status.h>

#include <stdio.h>
#include <string.h>

static int check_distinct(void)
{
    for (int a = 0; a < CORINTH_STATUS_COUNT; a++) {
        const char *name = corinth_status_name((corinth_status)a);
        for (int b = 0; b < a; b++) {
            if (strcmp(name, corinth_status_name((corinth_status)b)) == 0) {
                printf("statuses %d and %d are both %s\n", b, a, name);
                return 1;
            }
        }
    }
    return 0;
}

static int check_name(int status, const char *expected)
{
    const char *name = corinth_status_name((corinth_status)status);
    if (strcmp(name, expected) != 0) {
        printf("status %d is %s, not %s\n", status, name, expected);
        return 1;
    }
    return 0;
}

int main(void)
{
    int failures = check_distinct();
    failures += check_name(CORINTH_OK, "OK");
    failures += check_name(CORINTH_BAD_SCHEMA, "BAD_SCHEMA");
    failures += check_name(CORINTH_NO_MEMORY, "NO_MEMORY");
    failures += check_name(CORINTH_STATUS_COUNT, "UNKNOWN");
    return failures != 0;
}
