/*
 * processor.h - what a thread does that waits and doesn't sleep, and whether it is worth while.
 *
 * It is apart from sleeping.c so that a model checker can supply its own.
 */
#ifndef CORINTH_PROCESSOR_H
#define CORINTH_PROCESSOR_H

#include <stdbool.h>

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

/* One round of a loop that looks again and again: spares the core's other thread, and its power. */
void corinth_internal_pause(void);

/* The same, and lets another thread run that has no core. */
void corinth_internal_yield(void);

/*
 * Whether the calling thread may use more than one processor. On a single one looking again and
 * again only keeps away whom it waits for.
 */
bool corinth_internal_has_several_processors(void);

CORINTH_END_DECLARATIONS

#endif
