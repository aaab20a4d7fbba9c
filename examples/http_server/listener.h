/* The socket that clients connect to. */
#ifndef HTTP_SERVER_LISTENER_H
#define HTTP_SERVER_LISTENER_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for "[ADDRESS%INTERFACE]:PORT" and what ends it. */
enum { LISTENER_NAME_BYTES = NI_MAXHOST + sizeof "[]:65535" };

/* Non-blocking and listening at an address in numbers; -1, with a message, when it can't be had.
 * The address :: stands for IPv4 as well, unless it shall be IPv6 alone. */
int listener_open(const char *bind_address, uint16_t port, bool is_ipv6_only);

/* Where it listens, as a URI has it: the port is the one that the kernel has chosen for port 0. */
void listener_name(int fd, char name[static LISTENER_NAME_BYTES]);

#endif
