/* Every upper bound of the server, in one place. The two that the schema decides are taken from
 * the generated structs, so that changing an array's length there changes the limit here. */
#ifndef HTTP_SERVER_BOUNDS_H
#define HTTP_SERVER_BOUNDS_H

#include "server_components.h"

enum {
    /* The largest request body; a longer one is answered with 413. */
    LIMIT_BODY_BYTES = sizeof(((server_request *)0)->body),
    /* The longest request target; a longer one is answered with 414. */
    LIMIT_TARGET_BYTES = sizeof(((server_request *)0)->path),
    /* Names and values of all headers with four bytes more for each; beyond that 431. */
    LIMIT_HEADER_BYTES = 8 * 1024,
    /* The value of Host, Transfer-Encoding, Expect or Connection; beyond that 431. */
    LIMIT_FIELD_VALUE_BYTES = 512,
    /* All bytes of one request as they came: chunk heads, extensions, empty lines before it. */
    LIMIT_RAW_BYTES = 128 * 1024,
    /* The body of the largest answer. */
    LIMIT_ANSWER_BYTES = sizeof(((server_response *)0)->body),
    /* Status line and headers of an answer. */
    LIMIT_HEAD_BYTES = 256,
    /* What one read asks for. */
    LIMIT_READ_BYTES = 4096,
    /* What is read and thrown away behind the last answer of a connection. */
    LIMIT_LINGER_BYTES = 256 * 1024,
    /* How long a client that has asked nothing yet keeps its place while others wait for one. */
    LIMIT_SILENCE_MS = 2000,
    /* How many transfers are taken from a lane at a time. */
    LIMIT_BATCH = 16,
    /* How many events are taken from epoll at a time. */
    LIMIT_EVENTS = 64,
    /* How many connections the kernel may hold back for us. */
    LIMIT_BACKLOG = 511,
};

#endif
