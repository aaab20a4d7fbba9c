/* processor.c - Linux: sched_yield(2) and sched_getaffinity(2). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* cpu_set_t */
#endif

#include <sched.h>

#include <corinth/platform.h>

#include "processor.h"

CORINTH_BEGIN_DECLARATIONS

void corinth_internal_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#else
    corinth_internal_fence_signal(); /* The compiler keeps the loop. */
#endif
}

void corinth_internal_yield(void)
{
    int result = sched_yield();
    CORINTH_ASSERT(result == 0);
    (void)result;
}

bool corinth_internal_has_several_processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    /* It fails where the system has more processors than the set has room for. */
    return sched_getaffinity(0, sizeof(set), &set) != 0 || CPU_COUNT(&set) > 1;
}

CORINTH_END_DECLARATIONS
