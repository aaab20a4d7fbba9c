#include "connection.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

void connection_open(connection *c, int fd)
{
    assert(c->state == CONNECTION_FREE);
    c->fd = fd;
    c->state = CONNECTION_READING;
    c->is_readable = true;
    c->is_writable = true;
    c->has_peer_closed = false;
    c->is_last_answer = false;
    c->is_head_only = false;
    c->ahead = HTTP_NEED_MORE;
    c->in_begin = c->in_end = 0;
    c->out_begin = c->out_end = 0;
    c->discarded_bytes = 0;
    http_parser_init(&c->parser);
}

void connection_close(connection *c)
{
    assert(c->state != CONNECTION_FREE);
    /* Closing also takes the socket out of epoll, as it isn't open anywhere else. */
    close(c->fd);
    c->fd = -1;
    c->state = CONNECTION_FREE;
}

static connection_io receive(connection *c, size_t *size)
{
    ssize_t received;
    do {
        received = recv(c->fd, c->in, sizeof c->in, 0);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        c->is_readable = false;
        return errno == EAGAIN || errno == EWOULDBLOCK ? CONNECTION_IO_BLOCKED
                                                        : CONNECTION_IO_BROKEN;
    }
    *size = (size_t)received;
    if (received == 0) {
        c->has_peer_closed = true;
        return CONNECTION_IO_ENDED;
    }
    /* A short read has emptied the socket, and epoll will report what comes later. Only an end
     * that it has reported already it won't report again. */
    c->is_readable = (size_t)received == sizeof c->in || c->has_peer_closed;
    return CONNECTION_IO_DONE;
}

connection_io connection_read(connection *c)
{
    assert(c->in_begin == c->in_end);
    c->in_begin = c->in_end = 0;
    if (!c->is_readable) {
        return CONNECTION_IO_BLOCKED;
    }
    size_t size = 0;
    connection_io result = receive(c, &size);
    c->in_end = (uint32_t)size;
    return result;
}

connection_io connection_discard(connection *c)
{
    c->in_begin = c->in_end = 0;
    while (c->is_readable) {
        size_t size = 0;
        connection_io result = receive(c, &size);
        if (result != CONNECTION_IO_DONE) {
            return result;
        }
        c->discarded_bytes += (uint32_t)size;
        if (c->discarded_bytes > LIMIT_LINGER_BYTES) {
            return CONNECTION_IO_BROKEN;
        }
    }
    return CONNECTION_IO_BLOCKED;
}

static ssize_t send_some(connection *c, const char *data, size_t size)
{
    ssize_t sent;
    do {
        sent = send(c->fd, data, size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

connection_io connection_write(connection *c)
{
    while (c->out_begin < c->out_end && c->is_writable) {
        ssize_t sent = send_some(c, c->out + c->out_begin, c->out_end - c->out_begin);
        if (sent >= 0) {
            c->out_begin += (uint32_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            c->is_writable = false;
        } else {
            return CONNECTION_IO_BROKEN;
        }
    }
    if (c->out_begin < c->out_end) {
        return CONNECTION_IO_BLOCKED;
    }
    c->out_begin = c->out_end = 0;
    return CONNECTION_IO_DONE;
}

connection_io connection_write_at_once(connection *c, const char *text, size_t size)
{
    assert(c->out_begin == c->out_end);
    ssize_t sent = send_some(c, text, size);
    return sent == (ssize_t)size ? CONNECTION_IO_DONE : CONNECTION_IO_BROKEN;
}

void connection_end_output(connection *c)
{
    shutdown(c->fd, SHUT_WR);
}
