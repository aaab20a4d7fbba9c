/* One client's socket and everything that io keeps for it. */
#ifndef HTTP_SERVER_CONNECTION_H
#define HTTP_SERVER_CONNECTION_H

#include "http_parse.h"
#include "bounds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum connection_state {
    CONNECTION_FREE,      /* the slot has no client */
    CONNECTION_READING,   /* waits for a request, or for the rest of one */
    CONNECTION_WAITING,   /* has a request for which there is no room on the way to compute */
    CONNECTION_COMPUTING, /* its request is away */
    CONNECTION_WRITING,   /* has an answer that the client hasn't taken yet */
    CONNECTION_LINGERING, /* has said its last word and throws away what still comes */
} connection_state;

typedef struct connection {
    int fd;
    uint32_t slot;
    uint32_t generation; /* of the slot; a client's entity is slot and generation */
    connection_state state;
    bool is_readable;     /* a read may find something: epoll reports only changes */
    bool is_writable;     /* likewise */
    bool has_peer_closed; /* the client sends nothing more; what it sent is still answered */
    bool is_last_answer;
    bool is_head_only; /* the request was HEAD: the answer goes without its body */
    http_result ahead; /* what there is of the next request while this one's answer is written */
    uint32_t in_begin; /* of in; what lies between is read but not parsed */
    uint32_t in_end;
    uint32_t out_begin; /* of out; what lies between is not sent */
    uint32_t out_end;
    uint32_t discarded_bytes; /* while lingering */
    http_parser parser;
    char in[LIMIT_READ_BYTES];
    char out[LIMIT_HEAD_BYTES + LIMIT_ANSWER_BYTES];
} connection;

typedef enum connection_io {
    CONNECTION_IO_DONE,
    CONNECTION_IO_BLOCKED, /* epoll will say when to go on */
    CONNECTION_IO_ENDED,   /* reading: the client sends nothing more */
    CONNECTION_IO_BROKEN,
} connection_io;

void connection_open(connection *c, int fd);

/* Closes the socket; what wasn't sent is lost. */
void connection_close(connection *c);

/* Fills in, which must be empty. */
connection_io connection_read(connection *c);

/* Reads and throws away, up to LIMIT_LINGER_BYTES in all. */
connection_io connection_discard(connection *c);

/* Sends out; DONE when all of it is on its way. */
connection_io connection_write(connection *c);

/* Sends a text that is not worth waiting for; BROKEN if it doesn't go in one piece. */
connection_io connection_write_at_once(connection *c, const char *text, size_t size);

/* Tells the client that nothing more comes. */
void connection_end_output(connection *c);

#endif
