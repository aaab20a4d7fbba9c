/* What a world that sleeps in the kernel with its own descriptors needs of the kernel. */
#ifndef HTTP_SERVER_WAKE_H
#define HTTP_SERVER_WAKE_H

#include <stdint.h>

/* An eventfd, such as for the wake callback of a port; -1 when there is none to be had. */
int wake_open(void);

/* Makes it readable; any thread may. */
void wake_ring(int wake_fd);

/* A port's wake callback, which the sender's thread calls with the eventfd's address. */
void wake_callback(void *context);

/* Forgets the rings so far; how many there were. */
uint64_t wake_clear(int wake_fd);

/* The runtime's clock in milliseconds; it only goes forward. */
uint64_t clock_ms(void);

#endif
