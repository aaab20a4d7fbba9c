/* What happens to one client, from its arrival to its end. A client has one request at a time on
 * its way; what it pipelined behind that stays unread until the answer is sent, so that answers
 * come in order and a client that sends much is slowed down by TCP alone. */
#ifndef HTTP_SERVER_SESSION_H
#define HTTP_SERVER_SESSION_H

#include "deadline.h"
#include "io.h"

#include <stdint.h>

void session_open(io_world *io, int fd);

/* epoll has something to say about the client. */
void session_event(io_world *io, connection *c, uint32_t events);

void session_answer(io_world *io, connection *c, const server_response *answer);

/* The client's deadline has passed. */
void session_expired(io_world *io, connection *c, deadline_kind kind);

/* The server shall end: a client that has no request on its way goes. */
void session_drain(io_world *io, connection *c);

/* The client has no request under way, and others wait for its place. It goes, unless it asks for
 * something at this very moment. One that never asked anything goes at once: no answer that it may
 * still be reading can be lost. */
void session_make_room(io_world *io, connection *c);

void session_close(io_world *io, connection *c);

#endif
