/* The socket that clients connect to. */
#ifndef HTTP_SERVER_LISTENER_H
#define HTTP_SERVER_LISTENER_H

#include <stdint.h>

/* Non-blocking and listening; -1, with a message, when it can't be had. *port is the port asked
 * for, and then the one that it got. */
int listener_open(const char *bind_address, uint16_t *port);

#endif
