#include "io.h"

#include "io_lanes.h"
#include "bounds.h"
#include "server_coordinator.h"
#include "session.h"
#include "wake.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* What epoll says of our own descriptors; a client's data is its generation and slot, and no slot
 * is as high as these. */
#define EVENT_WAKE UINT64_MAX
#define EVENT_ENDING (UINT64_MAX - 1)

static bool watch(const io_world *io, int fd, uint64_t data, uint32_t events)
{
    struct epoll_event interest = {.events = events, .data.u64 = data};
    return fd >= 0 && epoll_ctl(io->epoll_fd, EPOLL_CTL_ADD, fd, &interest) == 0;
}

bool io_init(io_world *io, server_coordinator *coordinator, const command_line *options,
             const ending *end)
{
    const uint32_t duration_ms[DEADLINE_KINDS] = {
        [DEADLINE_IDLE] = options->idle_timeout_ms,
        [DEADLINE_KEEP_ALIVE] = options->idle_timeout_ms,
        [DEADLINE_REQUEST] = options->request_timeout_ms,
        [DEADLINE_WRITE] = options->write_timeout_ms,
        [DEADLINE_LINGER] = options->linger_timeout_ms,
    };
    uint32_t slots = options->max_connections;
    *io = (io_world){
        .coordinator = coordinator,
        .port = server_io_open(coordinator, 0),
        .options = options,
        .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
        .wake_fd = wake_open(),
        .ending = end,
    };
    if (!table_init(&io->clients, slots) || !deadlines_init(&io->deadlines, slots, duration_ms) ||
        !slot_links_init(&io->waiting, slots, 1)) {
        fprintf(stderr, "http_server: no memory for %u connections\n", (unsigned)slots);
        return false;
    }
    /* Edge-triggered: each ring is an event, and the count needn't be read. */
    if (!watch(io, io->wake_fd, EVENT_WAKE, EPOLLIN | EPOLLET) ||
        !watch(io, end->io_fd, EVENT_ENDING, EPOLLIN)) {
        fprintf(stderr, "http_server: no descriptors for io: %s\n", strerror(errno));
        return false;
    }
    server_io_set_wake(io->port, wake_callback, &io->wake_fd);
    return true;
}

void io_deinit(io_world *io)
{
    table_deinit(&io->clients);
    deadlines_deinit(&io->deadlines);
    slot_links_deinit(&io->waiting);
    close(io->epoll_fd);
    close(io->wake_fd);
}

static void begin_draining(io_world *io)
{
    io->is_draining = true;
    io->drain_due_ms = io->now_ms + io->options->drain_timeout_ms;
    io->drain_last_ms = io->now_ms + io->options->drain_timeout_ms / 2;
    for (uint32_t slot = 0; slot < io->clients.slots; slot++) {
        session_drain(io, &io->clients.connections[slot]);
    }
}

/* The first signal begins the end; any further one means that it shall not be waited for. */
static void hear_of_ending(io_world *io)
{
    uint64_t signals = wake_clear(io->ending->io_fd);
    bool is_hastened = io->is_draining ? signals > 0 : signals > 1;
    if (signals > 0 && !io->is_draining) {
        begin_draining(io);
    }
    if (is_hastened) {
        io->drain_due_ms = io->now_ms;
    }
}

static void close_all(io_world *io)
{
    for (uint32_t slot = 0; slot < io->clients.slots; slot++) {
        connection *c = &io->clients.connections[slot];
        if (c->state != CONNECTION_FREE) {
            session_close(io, c);
        }
    }
}

/* Everything is answered, or the time for that is over. */
static bool has_ended(const io_world *io)
{
    if (!io->is_draining) {
        return false;
    }
    bool is_quiet =
        io->has_accept_drained && io->outstanding == 0 && table_live(&io->clients) == 0;
    return is_quiet || io->now_ms >= io->drain_due_ms;
}

/* How many clients have to go for others that wait. */
static uint32_t missing_places(io_world *io)
{
    uint32_t wanted = io_lanes_kept_waiting(io);
    uint32_t coming = io->clients.free_count + io->lingering;
    return wanted > coming ? wanted - coming : 0;
}

/* When the client that is silent for the longest has to go for one that waits. */
static uint64_t next_room_ms(io_world *io)
{
    uint32_t slot = deadlines_first(&io->deadlines, DEADLINE_IDLE);
    if (slot == SLOT_NONE || missing_places(io) == 0) {
        return UINT64_MAX;
    }
    return deadlines_set_ms(&io->deadlines, slot) + LIMIT_SILENCE_MS;
}

/* For epoll: -1 is forever. */
static int timeout_ms(io_world *io)
{
    uint64_t next_ms = deadlines_next_ms(&io->deadlines);
    uint64_t room_ms = next_room_ms(io);
    next_ms = room_ms < next_ms ? room_ms : next_ms;
    if (io->is_draining && io->drain_due_ms < next_ms) {
        next_ms = io->drain_due_ms;
    }
    if (next_ms == UINT64_MAX) {
        return -1;
    }
    uint64_t left_ms = next_ms > io->now_ms ? next_ms - io->now_ms : 0;
    return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

static void handle_events(io_world *io, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        uint64_t data = events[i].data.u64;
        if (data == EVENT_ENDING) {
            hear_of_ending(io);
        } else if (data != EVENT_WAKE) {
            connection *c = table_find(&io->clients, (uint32_t)data, (uint32_t)(data >> 32));
            if (c != NULL) {
                session_event(io, c, events[i].events);
            }
        }
    }
}

static void expire_deadlines(io_world *io)
{
    deadline_kind kind;
    for (uint32_t slot;
         (slot = deadlines_take_due(&io->deadlines, io->now_ms, &kind)) != SLOT_NONE;) {
        session_expired(io, &io->clients.connections[slot], kind);
    }
}

/* Clients that were answered and have asked nothing since go first, the longest idle of them; then
 * those that have never asked anything, the longest silent first. SLOT_NONE when all may stay. */
static uint32_t next_to_go(const io_world *io)
{
    uint32_t idle = deadlines_first(&io->deadlines, DEADLINE_KEEP_ALIVE);
    uint32_t silent = deadlines_first(&io->deadlines, DEADLINE_IDLE);
    if (idle != SLOT_NONE || silent == SLOT_NONE) {
        return idle;
    }
    uint64_t since_ms = deadlines_set_ms(&io->deadlines, silent);
    return since_ms + LIMIT_SILENCE_MS <= io->now_ms ? silent : SLOT_NONE;
}

/* While all places are taken and connections wait for one, others go. False when there was nothing
 * to do. */
static bool make_room(io_world *io)
{
    bool has_done_something = false;
    for (uint32_t missing = missing_places(io); missing > 0; missing--) {
        uint32_t slot = next_to_go(io);
        if (slot == SLOT_NONE) {
            break;
        }
        session_make_room(io, &io->clients.connections[slot]);
        has_done_something = true;
    }
    return has_done_something;
}

/* Sleeps until a client, a lane, a deadline or the end. A send after prepare_wait rings; what was
 * sent before must be looked for once more. */
static int sleep_until_something(io_world *io, struct epoll_event *events, uint64_t *slept_ns)
{
    int count = 0;
    server_io_prepare_wait(io->port);
    if (io_lanes_take(io) == 0 && !make_room(io)) {
        uint64_t begin_ns = corinth_clock_ns();
        count = epoll_wait(io->epoll_fd, events, LIMIT_EVENTS, timeout_ms(io));
        *slept_ns = corinth_clock_ns() - begin_ns;
    }
    server_io_cancel_wait(io->port);
    return count;
}

/* One turn: what the lanes have, what epoll has, and a sleep when both have nothing. */
static void turn(io_world *io)
{
    struct epoll_event events[LIMIT_EVENTS];
    uint64_t begin_ns = corinth_clock_ns();
    uint64_t slept_ns = 0;
    uint32_t taken = io_lanes_take(io);
    int count = epoll_wait(io->epoll_fd, events, LIMIT_EVENTS, 0);
    if (taken == 0 && count == 0) {
        count = sleep_until_something(io, events, &slept_ns);
    }
    io->now_ms = clock_ms();
    handle_events(io, events, count);
    expire_deadlines(io);
    make_room(io);
    server_io_record_tick(io->port, corinth_clock_ns() - begin_ns - slept_ns);
}

void *io_main(void *argument)
{
    io_world *io = argument;
    io->now_ms = clock_ms();
    while (!has_ended(io)) {
        turn(io);
    }
    close_all(io);
    /* Wakes the other worlds, which leave. */
    server_coordinator_stop(io->coordinator);
    ending_is_over(io->ending);
    return NULL;
}
