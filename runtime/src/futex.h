/*
 * futex.h - what parking needs of the operating system: sleep on a word, wake sleepers, a clock.
 *
 * It is apart from parking.c so that a model checker can supply its own.
 */
#ifndef CORINTH_FUTEX_H
#define CORINTH_FUTEX_H

#include <stdint.h>

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * Sleeps while `*word` is `expected`, at most `timeout_ns` nanoseconds (CORINTH_FOREVER: without a
 * limit). It may return early for no reason, so the caller looks at the word and the clock again.
 */
void corinth_internal_futex_wait(uint32_t *word, uint32_t expected, uint64_t timeout_ns);

/* Wakes at most `count` threads that sleep on `word`. */
void corinth_internal_futex_wake(uint32_t *word, uint32_t count);

/* Nanoseconds of a clock that never goes back. */
uint64_t corinth_internal_clock_ns(void);

CORINTH_END_DECLARATIONS

#endif
