/* clock.c - POSIX: clock_gettime(2). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* clock_gettime() */
#endif

#include <time.h>

#include <corinth/os/clock.h>
#include <corinth/platform.h>

#define NANOSECONDS_PER_SECOND 1000000000u

CORINTH_BEGIN_DECLARATIONS

uint64_t corinth_clock_ns(void)
{
    struct timespec now;
    int result = clock_gettime(CLOCK_MONOTONIC, &now);
    CORINTH_ASSERT(result == 0);
    (void)result;
    return (uint64_t)now.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)now.tv_nsec;
}

CORINTH_END_DECLARATIONS
