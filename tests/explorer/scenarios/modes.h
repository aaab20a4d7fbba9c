/*
 * modes.h - the two ways to wake a sleeper, as cases: by barriers, which the sleeper asks for, and
 * by fences, which every sender passes where the system refuses barriers.
 */
#ifndef EXPLORER_SCENARIOS_MODES_H
#define EXPLORER_SCENARIOS_MODES_H

#include "explorer.h"

/* Added to a case's value. */
#define BY_BARRIERS UINT64_C(0)
#define BY_FENCES (UINT64_C(1) << 32)

/* For a scenario without other cases. */
#define MODES {{"barriers", BY_BARRIERS}, {"fences", BY_FENCES}}

static inline bool is_by_fences(void)
{
    return (explorer_value() & BY_FENCES) != 0;
}

/* The case's value without its mode. */
static inline uint64_t value_of_case(void)
{
    return explorer_value() & ~BY_FENCES;
}

#endif
