/*
 * futex.h - the operating system below parking: sleep on a word, and wake who sleeps on it.
 *
 * It is apart from parking.c so that a model checker can supply its own. `is_shared` says whether
 * the word lies in memory that several processes map; all calls on a word say the same.
 */
#ifndef CORINTH_FUTEX_H
#define CORINTH_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * Sleeps while `*word` is `expected`, at most `timeout_ns` nanoseconds (CORINTH_FOREVER: without a
 * limit). It may return early for no reason, so the caller looks at the word and the clock again.
 */
void corinth_internal_futex_wait(
    uint32_t *word, uint32_t expected, uint64_t timeout_ns, bool is_shared);

/* Wakes at most `count` threads that sleep on `word`. */
void corinth_internal_futex_wake(uint32_t *word, uint32_t count, bool is_shared);

CORINTH_END_DECLARATIONS

#endif
