/* The compute world: takes requests, handles them, parks when there is none. */
#ifndef HTTP_SERVER_COMPUTE_H
#define HTTP_SERVER_COMPUTE_H

#include "handler.h"
#include "server_compute.h"

#include <stdbool.h>

/* All of it belongs to the compute thread, from compute_init on until it is joined. */
typedef struct compute_world {
    server_coordinator *coordinator;
    server_compute_port *port;
    handler handler;
} compute_world;

/* False, with a message, when OpenSSL lacks something. */
bool compute_init(compute_world *compute, server_coordinator *coordinator);
void compute_deinit(compute_world *compute);

/* The thread; its argument is the compute_world. */
void *compute_main(void *argument);

#endif
