#include "session.h"

#include "io_lanes.h"
#include "response.h"

#include <assert.h>
#include <llhttp.h>
#include <stdio.h>
#include <sys/epoll.h>

static void set_deadline(io_world *io, const connection *c, deadline_kind kind)
{
    deadlines_set(&io->deadlines, c->slot, kind, io->now_ms);
}

/* Once for all bytes of a request, so that sending one now and then gains nothing. */
static void set_deadline_once(io_world *io, const connection *c, deadline_kind kind)
{
    if (deadlines_kind(&io->deadlines, c->slot) != kind) {
        set_deadline(io, c, kind);
    }
}

void session_close(io_world *io, connection *c)
{
    deadlines_clear(&io->deadlines, c->slot);
    if (c->state == CONNECTION_WAITING) {
        io_lanes_withdraw(io, c);
    }
    table_close(&io->clients, c);
}

static void refuse(io_world *io, connection *c, uint16_t status)
{
    io->counters.refusals++;
    response_put_refusal(c, status, http_date_now(&io->date));
    c->state = CONNECTION_WRITING;
    set_deadline(io, c, DEADLINE_WRITE);
}

static void begin_reading(io_world *io, connection *c)
{
    c->state = CONNECTION_READING;
    set_deadline(io, c, DEADLINE_IDLE);
}

static void begin_lingering(io_world *io, connection *c)
{
    connection_end_output(c);
    c->state = CONNECTION_LINGERING;
    set_deadline(io, c, DEADLINE_LINGER);
}

/* Parses what has been read. */
static void parse(io_world *io, connection *c)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    size_t used = 0;
    http_result result =
        http_parser_feed(&c->parser, c->in + c->in_begin, c->in_end - c->in_begin, &used);
    c->in_begin += (uint32_t)used;
    if (result == HTTP_REFUSED) {
        refuse(io, c, c->parser.error_status);
        return;
    }
    if (result == HTTP_COMPLETE) {
        deadlines_clear(&io->deadlines, c->slot);
        c->is_last_answer = !c->parser.request.keep_alive;
        c->is_head_only = c->parser.is_head;
        io_lanes_submit(io, c);
        return;
    }
    set_deadline_once(io, c, DEADLINE_REQUEST);
    if (http_parser_take_continue(&c->parser) &&
        connection_write_at_once(c, go_on, sizeof go_on - 1) != CONNECTION_IO_DONE) {
        session_close(io, c);
    }
}

/* Each of the following is one step; false when nothing more can be done now. */
static bool step_reading(io_world *io, connection *c)
{
    if (c->in_begin < c->in_end) {
        parse(io, c);
        return true;
    }
    switch (connection_read(c)) {
    case CONNECTION_IO_DONE:
        return true;
    case CONNECTION_IO_BLOCKED:
        if (io->is_draining && !http_parser_is_inside(&c->parser)) {
            session_close(io, c);
        }
        return false;
    default:
        session_close(io, c);
        return true;
    }
}

static bool step_writing(io_world *io, connection *c)
{
    switch (connection_write(c)) {
    case CONNECTION_IO_DONE:
        if (c->is_last_answer) {
            begin_lingering(io, c);
        } else {
            begin_reading(io, c);
        }
        return true;
    case CONNECTION_IO_BLOCKED:
        set_deadline_once(io, c, DEADLINE_WRITE);
        return false;
    default:
        session_close(io, c);
        return true;
    }
}

static bool step_lingering(io_world *io, connection *c)
{
    if (connection_discard(c) == CONNECTION_IO_BLOCKED) {
        return false;
    }
    session_close(io, c);
    return true;
}

/* Goes on until the client, compute or the lack of room stops it. That is soon: a request waits
 * for its answer, and one that is refused is the last. */
static void advance(io_world *io, connection *c)
{
    bool goes_on = true;
    while (goes_on) {
        switch (c->state) {
        case CONNECTION_READING:
            goes_on = step_reading(io, c);
            break;
        case CONNECTION_WRITING:
            goes_on = step_writing(io, c);
            break;
        case CONNECTION_LINGERING:
            goes_on = step_lingering(io, c);
            break;
        default:
            goes_on = false;
            break;
        }
    }
}

void session_open(io_world *io, int fd)
{
    connection *c = table_open(&io->clients, fd);
    io->counters.connections++;
    struct epoll_event interest = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = (uint64_t)c->generation << 32 | c->slot,
    };
    if (epoll_ctl(io->epoll_fd, EPOLL_CTL_ADD, fd, &interest) != 0) {
        perror("http_server: epoll_ctl");
        session_close(io, c);
        return;
    }
    begin_reading(io, c);
    advance(io, c);
}

void session_event(io_world *io, connection *c, uint32_t events)
{
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        /* Nobody is left to answer. A request that is away comes back to an entity that is gone. */
        session_close(io, c);
        return;
    }
    c->is_readable = c->is_readable || (events & (EPOLLIN | EPOLLRDHUP)) != 0;
    c->is_writable = c->is_writable || (events & EPOLLOUT) != 0;
    c->has_peer_closed = c->has_peer_closed || (events & EPOLLRDHUP) != 0;
    advance(io, c);
}

void session_answer(io_world *io, connection *c, const server_response *answer)
{
    assert(c->state == CONNECTION_COMPUTING);
    /* While draining, what was pipelined and has arrived is still answered. */
    bool may_have_more = c->in_begin < c->in_end || c->is_readable;
    c->is_last_answer = c->is_last_answer || (io->is_draining && !may_have_more);
    response_put(c, answer, http_date_now(&io->date));
    c->state = CONNECTION_WRITING;
    advance(io, c);
}

void session_expired(io_world *io, connection *c, deadline_kind kind)
{
    io->counters.timeouts++;
    if (kind == DEADLINE_REQUEST) {
        refuse(io, c, HTTP_STATUS_REQUEST_TIMEOUT);
        advance(io, c);
        return;
    }
    session_close(io, c);
}

void session_drain(io_world *io, connection *c)
{
    if (c->state == CONNECTION_READING) {
        advance(io, c);
    }
}
