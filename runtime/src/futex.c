/* futex.c - Linux. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall() */
#endif

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <corinth/parking.h>

#include "futex.h"

/* The kernel's FUTEX_WAIT_PRIVATE and FUTEX_WAKE_PRIVATE, as some systems lack linux/futex.h. */
#define OPERATION_WAIT 128
#define OPERATION_WAKE 129

#define NANOSECONDS_PER_SECOND 1000000000u

CORINTH_BEGIN_DECLARATIONS

/*
 * The number of the system call that takes this build's struct timespec. On a 32-bit target with a
 * 64-bit time_t, the older call would read the seconds' upper half as the nanoseconds.
 */
static long futex_call(void)
{
    CORINTH_STATIC_ASSERT(sizeof(time_t) >= sizeof(long), "a time_t is a word or wider");
    CORINTH_STATIC_ASSERT(sizeof(time_t) <= sizeof(uint64_t), "and at most 64 bits");
#ifndef SYS_futex_time64
    return SYS_futex;
#elif defined(SYS_futex)
    return sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex;
#else
    return SYS_futex_time64;
#endif
}

void corinth_internal_futex_wait(uint32_t *word, uint32_t expected, uint64_t timeout_ns)
{
    CORINTH_ASSERT(word != NULL);
    struct timespec timeout;
    struct timespec *limit = NULL;
    if (timeout_ns != CORINTH_FOREVER) {
        /* A 32-bit time_t holds 68 years; a longer wait may end then, as any wait may end early. */
        uint64_t seconds = timeout_ns / NANOSECONDS_PER_SECOND;
        timeout.tv_sec = seconds < INT_MAX ? (time_t)seconds : (time_t)INT_MAX;
        timeout.tv_nsec = (long)(timeout_ns % NANOSECONDS_PER_SECOND);
        limit = &timeout;
    }
    long result = syscall(futex_call(), word, OPERATION_WAIT, expected, limit, NULL, 0);
    CORINTH_ASSERT(result == 0 || errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
    (void)result;
}

void corinth_internal_futex_wake(uint32_t *word, uint32_t count)
{
    CORINTH_ASSERT(word != NULL);
    CORINTH_ASSERT(count <= INT_MAX);
    long woken = syscall(futex_call(), word, OPERATION_WAKE, count, NULL, NULL, 0);
    CORINTH_ASSERT(woken >= 0);
    (void)woken;
}

uint64_t corinth_internal_clock_ns(void)
{
    struct timespec now;
    int result = clock_gettime(CLOCK_MONOTONIC, &now);
    CORINTH_ASSERT(result == 0);
    (void)result;
    return (uint64_t)now.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)now.tv_nsec;
}

CORINTH_END_DECLARATIONS
