/* The accept world: takes connections and sends each on to io as an entity. */
#ifndef HTTP_SERVER_ACCEPT_H
#define HTTP_SERVER_ACCEPT_H

#include "ending.h"
#include "options.h"
#include "server_accept.h"

#include <stdbool.h>
#include <stdint.h>

/* All of it belongs to the accept thread, from accept_init on until it is joined. */
typedef struct accept_world {
    server_coordinator *coordinator;
    server_accept_port *port;
    const command_line *options;
    int listen_fd; /* -1 once the server shall end */
    int wake_fd;
    int ending_fd; /* of the server's ending; -1 once that has come */
    uint32_t credits;          /* transfers that may be sent before io replies to one */
    bool has_no_room;          /* the lane was full or the credits used up; cleared by an answer */
    bool has_drained;          /* the last transfer is sent */
    uint64_t retry_ms;         /* when the machine may have descriptors again; 0: it has */
    uint64_t next_entity;
} accept_world;

/* False, with a message, when the machine lacks something. Takes the listening socket over. */
bool accept_init(accept_world *accept, server_coordinator *coordinator, const command_line *options,
                 const ending *end, int listen_fd);
void accept_deinit(accept_world *accept);

/* The thread; its argument is the accept_world. */
void *accept_main(void *argument);

#endif
