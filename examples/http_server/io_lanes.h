/* The io world's ends of its four lanes. */
#ifndef HTTP_SERVER_IO_LANES_H
#define HTTP_SERVER_IO_LANES_H

#include "io.h"

#include <stdint.h>

/* Takes over new connections and deals with answers; how many transfers it took. */
uint32_t io_lanes_take(io_world *io);

/* How many connections are in the lane for want of a place, as far as one look can tell. */
uint32_t io_lanes_kept_waiting(io_world *io);

/* Sends the client's request to compute, now or as soon as there is room. */
void io_lanes_submit(io_world *io, connection *c);

/* Forgets that the client's request waits for room. */
void io_lanes_withdraw(io_world *io, connection *c);

#endif
