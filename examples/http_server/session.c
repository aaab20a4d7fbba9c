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
    } else if (c->state == CONNECTION_LINGERING) {
        io->lingering--;
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

static void begin_reading(io_world *io, connection *c, deadline_kind kind)
{
    c->state = CONNECTION_READING;
    set_deadline(io, c, kind);
}

static void begin_lingering(io_world *io, connection *c)
{
    connection_end_output(c);
    c->state = CONNECTION_LINGERING;
    io->lingering++;
    set_deadline(io, c, DEADLINE_LINGER);
}

static http_result parse(connection *c)
{
    size_t used = 0;
    http_result result =
        http_parser_feed(&c->parser, c->in + c->in_begin, c->in_end - c->in_begin, &used);
    c->in_begin += (uint32_t)used;
    return result;
}

/* What follows from parsing: the parser has all of a request, or has refused it. */
static void begin_request(io_world *io, connection *c, http_result result)
{
    if (result == HTTP_REFUSED) {
        refuse(io, c, c->parser.error_status);
        return;
    }
    assert(result == HTTP_COMPLETE);
    deadlines_clear(&io->deadlines, c->slot);
    c->is_last_answer = !c->parser.request.keep_alive;
    c->is_head_only = c->parser.is_head;
    io_lanes_submit(io, c);
}

/* Parses what has been read. */
static void step_parsing(io_world *io, connection *c)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    http_result result = parse(c);
    if (result != HTTP_NEED_MORE) {
        begin_request(io, c, result);
        return;
    }
    set_deadline_once(io, c, DEADLINE_REQUEST);
    if (http_parser_take_continue(&c->parser) &&
        connection_write_at_once(c, go_on, sizeof go_on - 1) != CONNECTION_IO_DONE) {
        session_close(io, c);
    }
}

/* A client whose request isn't there has to go, as the server ends or others wait. One that was
 * answered may still be reading: hanging up on what it sends could take that answer away. */
static void leave_idle(io_world *io, connection *c)
{
    if (deadlines_kind(&io->deadlines, c->slot) == DEADLINE_KEEP_ALIVE) {
        begin_lingering(io, c);
    } else {
        session_close(io, c);
    }
}

/* Each of the following is one step; false when nothing more can be done now. */
static bool step_reading(io_world *io, connection *c)
{
    if (c->in_begin < c->in_end) {
        step_parsing(io, c);
        return true;
    }
    switch (connection_read(c)) {
    case CONNECTION_IO_DONE:
        return true;
    case CONNECTION_IO_BLOCKED:
        if (io->is_draining && !http_parser_is_inside(&c->parser)) {
            leave_idle(io, c);
        }
        return false;
    default:
        session_close(io, c);
        return true;
    }
}

/* The answer is with the client. */
static void end_answer(io_world *io, connection *c)
{
    http_result ahead = c->ahead;
    c->ahead = HTTP_NEED_MORE;
    if (c->is_last_answer) {
        begin_lingering(io, c);
    } else if (ahead != HTTP_NEED_MORE) {
        begin_request(io, c, ahead);
    } else {
        begin_reading(io, c, DEADLINE_KEEP_ALIVE);
    }
}

static bool step_writing(io_world *io, connection *c)
{
    switch (connection_write(c)) {
    case CONNECTION_IO_DONE:
        end_answer(io, c);
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

/* For what epoll hasn't reported yet: a client that has sent something isn't idle. */
static void look_again(io_world *io, connection *c)
{
    c->is_readable = true;
    advance(io, c);
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
    begin_reading(io, c, DEADLINE_IDLE);
    advance(io, c);
}

void session_event(io_world *io, connection *c, uint32_t events)
{
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        /* The client is gone. A request that is away comes back to an entity that is gone. */
        session_close(io, c);
        return;
    }
    c->is_readable = c->is_readable || (events & (EPOLLIN | EPOLLRDHUP)) != 0;
    c->is_writable = c->is_writable || (events & EPOLLOUT) != 0;
    c->has_peer_closed = c->has_peer_closed || (events & EPOLLRDHUP) != 0;
    advance(io, c);
}

/* Looks for another request among what has arrived, before the answer to this one says whether it
 * is the last. */
static http_result look_ahead(connection *c)
{
    http_result result = HTTP_NEED_MORE;
    while (result == HTTP_NEED_MORE) {
        if (c->in_begin == c->in_end && connection_read(c) != CONNECTION_IO_DONE) {
            break;
        }
        result = parse(c);
    }
    return result;
}

/* While the server ends, what a client has pipelined is still answered, and the last answer says
 * close. Without a limit, a client that goes on and on would be cut off in the end. */
static bool is_last_while_draining(io_world *io, connection *c)
{
    if (io->now_ms < io->drain_last_ms) {
        c->ahead = look_ahead(c);
    }
    return c->ahead == HTTP_NEED_MORE;
}

void session_answer(io_world *io, connection *c, const server_response *answer)
{
    assert(c->state == CONNECTION_COMPUTING);
    if (io->is_draining && !c->is_last_answer) {
        c->is_last_answer = is_last_while_draining(io, c);
    }
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
        look_again(io, c);
    }
}

void session_make_room(io_world *io, connection *c)
{
    deadline_kind kind = deadlines_kind(&io->deadlines, c->slot);
    assert(kind == DEADLINE_KEEP_ALIVE || kind == DEADLINE_IDLE);
    look_again(io, c);
    if (c->state == CONNECTION_READING && deadlines_kind(&io->deadlines, c->slot) == kind) {
        io->counters.made_room++;
        leave_idle(io, c);
    }
}
