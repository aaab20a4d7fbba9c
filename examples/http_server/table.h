/* The clients of the io world: a fixed number of slots, each with a generation that moves on when
 * its client goes. An entity is a slot and a generation; one of an earlier client isn't found. */
#ifndef HTTP_SERVER_TABLE_H
#define HTTP_SERVER_TABLE_H

#include "connection.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct table {
    connection *connections;
    uint32_t *free_slots; /* a stack */
    uint32_t slots;
    uint32_t free_count;
} table;

/* False when there is no memory. */
bool table_init(table *all, uint32_t slots);
void table_deinit(table *all);

/* Opens a slot for a client; there must be a free one. */
connection *table_open(table *all, int fd);
void table_close(table *all, connection *c);

/* NULL when the client is gone, even if another has its slot now. */
connection *table_find(const table *all, uint64_t entity, uint32_t generation);

static inline uint32_t table_live(const table *all)
{
    return all->slots - all->free_count;
}

#endif
