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

/* The kernel's FUTEX_WAIT_PRIVATE and FUTEX_WAKE_PRIVATE: linux/futex.h isn't everywhere. */
#define OPERATION_WAIT 128
#define OPERATION_WAKE 129

#define NANOSECONDS_PER_SECOND 1000000000u

CORINTH_BEGIN_DECLARATIONS

/*
 * The call whose time-out is a struct timespec as this build has it. On a 32-bit target with a
 * time_t of 64 bits the older one would take the seconds' upper half for the nanoseconds.
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
        /* A time_t of 32 bits holds 68 years; nobody notices that a longer wait ends early. */
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
