/* The io world: speaks HTTP with all clients on one thread that sleeps in epoll. */
#ifndef HTTP_SERVER_IO_H
#define HTTP_SERVER_IO_H

#include "date.h"
#include "deadline.h"
#include "ending.h"
#include "options.h"
#include "server_io.h"
#include "slot_list.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct io_counters {
    uint64_t connections;    /* taken over from accept */
    uint64_t requests;       /* sent to compute */
    uint64_t answers;        /* received from compute */
    uint64_t stale_answers;  /* of these, for a client that was gone */
    uint64_t refusals;       /* answered by io itself: 400, 408, 413, ... */
    uint64_t timeouts;       /* deadlines of any kind that passed */
    uint64_t made_room;      /* idle and silent clients that went for new ones */
    uint64_t waits;          /* requests that had to wait for room on the way to compute */
} io_counters;

/* All of it belongs to the io thread, from io_init on until it is joined. */
typedef struct io_world {
    server_coordinator *coordinator;
    server_io_port *port;
    const command_line *options;
    int epoll_fd;
    int wake_fd;
    const ending *ending;
    table clients;
    deadlines deadlines;
    slot_links waiting;   /* clients whose request waits for room on the way to compute */
    uint32_t outstanding; /* requests sent whose answers' slots aren't released yet */
    uint32_t lingering;   /* clients in that state */
    uint64_t now_ms;      /* as of the beginning of this turn */
    http_date date;
    bool is_draining;
    bool has_accept_drained; /* no connection comes any more */
    uint64_t drain_last_ms;  /* from then on, what is being answered is the last */
    uint64_t drain_due_ms;   /* from then on, nothing is waited for */
    io_counters counters;
} io_world;

/* False, with a message, when the machine lacks something. */
bool io_init(io_world *io, server_coordinator *coordinator, const command_line *options,
             const ending *end);
void io_deinit(io_world *io);

/* The thread; its argument is the io_world. */
void *io_main(void *argument);

#endif
