#include "table.h"

#include <assert.h>
#include <stdlib.h>

bool table_init(table *all, uint32_t slots)
{
    *all = (table){.slots = slots, .free_count = slots};
    all->connections = calloc(slots, sizeof *all->connections);
    all->free_slots = calloc(slots, sizeof *all->free_slots);
    if (all->connections == NULL || all->free_slots == NULL) {
        table_deinit(all);
        return false;
    }
    for (uint32_t slot = 0; slot < slots; slot++) {
        all->connections[slot].slot = slot;
        all->connections[slot].fd = -1;
        all->free_slots[slot] = slots - 1 - slot;
    }
    return true;
}

void table_deinit(table *all)
{
    free(all->connections);
    free(all->free_slots);
    *all = (table){0};
}

connection *table_open(table *all, int fd)
{
    assert(all->free_count > 0);
    connection *c = &all->connections[all->free_slots[--all->free_count]];
    connection_open(c, fd);
    return c;
}

void table_close(table *all, connection *c)
{
    assert(c == &all->connections[c->slot]);
    connection_close(c);
    c->generation++;
    all->free_slots[all->free_count++] = c->slot;
}

connection *table_find(const table *all, uint64_t entity, uint32_t generation)
{
    if (entity >= all->slots) {
        return NULL;
    }
    connection *c = &all->connections[entity];
    return c->state != CONNECTION_FREE && c->generation == generation ? c : NULL;
}
