/* The descriptors 0, 1 and 2, whatever the server was started with. */
#ifndef HTTP_SERVER_STANDARD_STREAMS_H
#define HTTP_SERVER_STANDARD_STREAMS_H

#include <stdbool.h>

/* Opens those that are closed on /dev/null, before anything else is opened: a socket that got one
 * of them would receive what the server prints. Nothing that can't be printed ends the server
 * either. False when /dev/null can't be opened. */
bool standard_streams_secure(void);

#endif
