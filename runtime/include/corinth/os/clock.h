/* clock.h - the operating system's clock, by which the runtime measures its time-outs. */
#ifndef CORINTH_OS_CLOCK_H
#define CORINTH_OS_CLOCK_H

#include <stdint.h>

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

/* A time-out in nanoseconds that never ends. */
#define CORINTH_FOREVER UINT64_MAX

/* Nanoseconds of a clock that never goes back. */
uint64_t corinth_clock_ns(void);

/*
 * The time on that clock at which a time-out ends that began at `begin_ns`; CORINTH_FOREVER never
 * ends.
 */
static inline uint64_t corinth_deadline_from_ns(uint64_t begin_ns, uint64_t timeout_ns)
{
    return timeout_ns < CORINTH_FOREVER - begin_ns ? begin_ns + timeout_ns : CORINTH_FOREVER;
}

/* The same of one that begins now. */
static inline uint64_t corinth_deadline_ns(uint64_t timeout_ns)
{
    if (timeout_ns == CORINTH_FOREVER) {
        return CORINTH_FOREVER;
    }
    return corinth_deadline_from_ns(corinth_clock_ns(), timeout_ns);
}

/* How much of the time-out is left before that deadline; 0 when it has passed. */
static inline uint64_t corinth_time_left_ns(uint64_t deadline_ns)
{
    if (deadline_ns == CORINTH_FOREVER) {
        return CORINTH_FOREVER;
    }
    uint64_t now_ns = corinth_clock_ns();
    return now_ns < deadline_ns ? deadline_ns - now_ns : 0;
}

CORINTH_END_DECLARATIONS

#endif
