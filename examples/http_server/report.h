/* What the server prints when it has ended: that nothing was lost. */
#ifndef HTTP_SERVER_REPORT_H
#define HTTP_SERVER_REPORT_H

#include "io.h"
#include "server_coordinator.h"

#include <stdbool.h>

/* One line per lane and one for what io counted. False when a count doesn't add up. All threads
 * that used the coordinator have been joined. */
bool report_print(const server_coordinator *coordinator, const io_world *io);

#endif
