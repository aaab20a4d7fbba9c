/* The coordinator's statistics as JSON. */
#ifndef HTTP_SERVER_STATS_JSON_H
#define HTTP_SERVER_STATS_JSON_H

#include "server_coordinator.h"

#include <stddef.h>

/* How many bytes it wrote, without a final NUL; 0 when they don't fit. */
size_t stats_json_write(const server_coordinator_snapshot *stats, char *text, size_t size);

#endif
