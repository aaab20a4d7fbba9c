/*
 * processor.c - the model of runtime/src/processor.c: a round of a loop is a pause. There is one
 * processor, so that a thread which would look for some time before it sleeps sleeps at once: those
 * looks end by the clock and tell nothing that the others don't.
 */
#include "core.h"

#include "processor.h"

#define CALLER ((uintptr_t)__builtin_return_address(0))

void corinth_internal_pause(void)
{
    spin_pause(CALLER);
}

void corinth_internal_yield(void)
{
    spin_pause(CALLER);
}

bool corinth_internal_has_several_processors(void)
{
    return false;
}
