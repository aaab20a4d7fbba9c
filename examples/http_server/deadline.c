#include "deadline.h"

#include <assert.h>
#include <stdlib.h>

bool deadlines_init(deadlines *all, uint32_t slots, const uint32_t duration_ms[DEADLINE_KINDS])
{
    *all = (deadlines){0};
    for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
        all->duration_ms[kind] = duration_ms[kind];
    }
    all->entries = calloc(slots, sizeof *all->entries);
    if (all->entries == NULL || !slot_links_init(&all->links, slots, DEADLINE_KINDS)) {
        free(all->entries);
        return false;
    }
    for (uint32_t slot = 0; slot < slots; slot++) {
        all->entries[slot].kind = DEADLINE_NONE;
    }
    return true;
}

void deadlines_deinit(deadlines *all)
{
    slot_links_deinit(&all->links);
    free(all->entries);
    *all = (deadlines){0};
}

void deadlines_set(deadlines *all, uint32_t slot, deadline_kind kind, uint64_t now_ms)
{
    assert(kind < DEADLINE_KINDS);
    slot_list_append(&all->links, (uint32_t)kind, slot);
    all->entries[slot] = (deadline_entry){now_ms + all->duration_ms[kind], kind};
}

void deadlines_clear(deadlines *all, uint32_t slot)
{
    slot_list_remove(&all->links, slot);
    all->entries[slot].kind = DEADLINE_NONE;
}

deadline_kind deadlines_kind(const deadlines *all, uint32_t slot)
{
    assert(slot < all->links.slots);
    return all->entries[slot].kind;
}

uint64_t deadlines_set_ms(const deadlines *all, uint32_t slot)
{
    deadline_kind kind = deadlines_kind(all, slot);
    assert(kind != DEADLINE_NONE);
    return all->entries[slot].due_ms - all->duration_ms[kind];
}

uint32_t deadlines_first(const deadlines *all, deadline_kind kind)
{
    assert(kind < DEADLINE_KINDS);
    return slot_list_first(&all->links, (uint32_t)kind);
}

uint32_t deadlines_take_due(deadlines *all, uint64_t now_ms, deadline_kind *kind)
{
    for (uint32_t list = 0; list < DEADLINE_KINDS; list++) {
        uint32_t slot = slot_list_first(&all->links, list);
        if (slot != SLOT_NONE && all->entries[slot].due_ms <= now_ms) {
            *kind = all->entries[slot].kind;
            deadlines_clear(all, slot);
            return slot;
        }
    }
    return SLOT_NONE;
}

uint64_t deadlines_next_ms(const deadlines *all)
{
    uint64_t next_ms = UINT64_MAX;
    for (uint32_t list = 0; list < DEADLINE_KINDS; list++) {
        uint32_t slot = slot_list_first(&all->links, list);
        if (slot != SLOT_NONE && all->entries[slot].due_ms < next_ms) {
            next_ms = all->entries[slot].due_ms;
        }
    }
    return next_ms;
}
