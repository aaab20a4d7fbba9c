/* At most one deadline per connection. Each kind has one duration, so that a list in the order
 * of setting is also in the order of falling due, and nothing needs to be sorted or searched. */
#ifndef HTTP_SERVER_DEADLINE_H
#define HTTP_SERVER_DEADLINE_H

#include "slot_list.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum deadline_kind {
    DEADLINE_IDLE,       /* no request yet */
    DEADLINE_KEEP_ALIVE, /* answered, and no request since */
    DEADLINE_REQUEST,
    DEADLINE_WRITE,
    DEADLINE_LINGER,
    DEADLINE_KINDS,
    DEADLINE_NONE = DEADLINE_KINDS,
} deadline_kind;

typedef struct deadline_entry {
    uint64_t due_ms;
    deadline_kind kind;
} deadline_entry;

typedef struct deadlines {
    slot_links links;
    deadline_entry *entries;
    uint32_t duration_ms[DEADLINE_KINDS];
} deadlines;

/* False when there is no memory. */
bool deadlines_init(deadlines *all, uint32_t slots, const uint32_t duration_ms[DEADLINE_KINDS]);
void deadlines_deinit(deadlines *all);

/* Replaces the slot's deadline, if it has one. */
void deadlines_set(deadlines *all, uint32_t slot, deadline_kind kind, uint64_t now_ms);
void deadlines_clear(deadlines *all, uint32_t slot);
deadline_kind deadlines_kind(const deadlines *all, uint32_t slot);

/* When the slot's deadline, which it must have, was set. */
uint64_t deadlines_set_ms(const deadlines *all, uint32_t slot);

/* The slot whose deadline of this kind was set first; SLOT_NONE when none is. */
uint32_t deadlines_first(const deadlines *all, deadline_kind kind);

/* The next deadline that is due, cleared; SLOT_NONE when none is. */
uint32_t deadlines_take_due(deadlines *all, uint64_t now_ms, deadline_kind *kind);

/* When the next one falls due; UINT64_MAX when there is none. */
uint64_t deadlines_next_ms(const deadlines *all);

#endif
