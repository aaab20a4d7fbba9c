/* futex.c - Linux: futex(2). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall() */
#endif

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <corinth/os/clock.h>
#include <corinth/platform.h>

#include "futex.h"

/* The kernel's FUTEX_WAIT, FUTEX_WAKE and FUTEX_PRIVATE_FLAG: some systems lack linux/futex.h. */
#define OPERATION_WAIT 0
#define OPERATION_WAKE 1
#define OPERATION_IS_PRIVATE 128

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

/* The kernel finds the sleepers of a private word sooner, but only those of the same process. */
static int scoped(int operation, bool is_shared)
{
    return is_shared ? operation : operation | OPERATION_IS_PRIVATE;
}

void corinth_internal_futex_wait(
    uint32_t *word, uint32_t expected, uint64_t timeout_ns, bool is_shared)
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
    int operation = scoped(OPERATION_WAIT, is_shared);
    long result = syscall(futex_call(), word, operation, expected, limit, NULL, 0);
    CORINTH_ASSERT(result == 0 || errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
    (void)result;
}

void corinth_internal_futex_wake(uint32_t *word, uint32_t count, bool is_shared)
{
    CORINTH_ASSERT(word != NULL);
    CORINTH_ASSERT(count <= INT_MAX);
    int operation = scoped(OPERATION_WAKE, is_shared);
    long woken = syscall(futex_call(), word, operation, count, NULL, NULL, 0);
    CORINTH_ASSERT(woken >= 0);
    (void)woken;
}

CORINTH_END_DECLARATIONS
