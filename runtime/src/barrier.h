/*
 * barrier.h - the operating system below asymmetric fences: a fence in each thread of a process.
 *
 * Kept apart from parking.c so that a model checker can supply its own.
 */
#ifndef CORINTH_BARRIER_H
#define CORINTH_BARRIER_H

#include <stdbool.h>

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

/*
 * Asks the system for barriers, once or more often in a process. False if it has none or refuses
 * them: then corinth_internal_barrier would fail too.
 */
bool corinth_internal_barrier_register(void);

/*
 * Every other thread of the process passes a full fence at some moment between the beginning and
 * the end of this call, and so does the caller at both. Each thread that exists when the call
 * begins does; one that is created later has seen what came before. False if it was refused: then
 * nothing is promised. Takes microseconds, and one call at a time in the whole system.
 */
bool corinth_internal_barrier(void);

CORINTH_END_DECLARATIONS

#endif
