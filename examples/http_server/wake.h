/* What a world that sleeps in the kernel with its own descriptors needs of the kernel. */
#ifndef HTTP_SERVER_WAKE_H
#define HTTP_SERVER_WAKE_H

#include <stdint.h>

/* An eventfd for the wake callback of a port; -1 when there is none to be had. */
int wake_open(void);

/* The callback itself: the sender's thread calls it, with the eventfd's address. */
void wake_ring(void *context);

/* Forgets the rings so far. */
void wake_clear(int wake_fd);

/* Blocks the signals that end the server in this thread and all that it starts. */
void ending_block(void);

/* A descriptor that is readable once the server shall end. The signal is never taken, so that it
 * stays readable, and each world that has a descriptor of its own sees it by itself. */
int ending_open(void);

/* The runtime's clock in milliseconds; it only goes forward. */
uint64_t clock_ms(void);

#endif
