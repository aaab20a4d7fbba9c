#include "accept.h"

#include "bounds.h"
#include "server_coordinator.h"
#include "wake.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* io replies to each transfer with one of its own. Never more than fit into the lane back are on
 * their way, so that io always has room for its answer. */
enum { CREDITS = SERVER_IO_TO_ACCEPT_CAPACITY };
static_assert(CREDITS >= 1, "a connection needs room for its answer");

/* When the machine has no descriptors left, nothing tells when it has some again. */
enum { RETRY_AFTER_MS = 100 };

typedef enum accept_result {
    ACCEPT_NEXT,  /* there may be another connection */
    ACCEPT_ENOUGH /* no client is there, or none may come in */
} accept_result;

bool accept_init(accept_world *accept, server_coordinator *coordinator, const command_line *options,
                 const ending *end, int listen_fd)
{
    *accept = (accept_world){
        .coordinator = coordinator,
        .port = server_accept_open(coordinator, 0),
        .options = options,
        .listen_fd = listen_fd,
        .wake_fd = wake_open(),
        .ending_fd = end->accept_fd,
        .credits = CREDITS,
    };
    if (accept->wake_fd < 0) {
        fprintf(stderr, "http_server: no descriptors for accept: %s\n", strerror(errno));
        return false;
    }
    server_accept_set_wake(accept->port, wake_callback, &accept->wake_fd);
    return true;
}

void accept_deinit(accept_world *accept)
{
    if (accept->listen_fd >= 0) {
        close(accept->listen_fd);
    }
    close(accept->wake_fd);
}

/* Takes io's answers, each of which is a credit; how many. */
static uint32_t take_answers(accept_world *accept)
{
    uint32_t taken = 0;
    server_io_to_accept_batch ready;
    for (size_t got;
         (got = server_io_to_accept_peek(accept->port, LIMIT_BATCH, &ready)) > 0;) {
        for (size_t i = 0; i < got; i++) {
            assert(server_transfer_has_adopted(&ready.slots[i]));
        }
        server_io_to_accept_release(accept->port, &ready, got);
        taken += (uint32_t)got;
    }
    accept->credits += taken;
    assert(accept->credits <= CREDITS);
    accept->has_no_room = accept->has_no_room && taken == 0;
    return taken;
}

/* A slot for one transfer to io. Without one, io has transfers of ours and will reply. */
static bool reserve(accept_world *accept, server_accept_to_io_claim *claim)
{
    if (accept->credits == 0 || server_accept_to_io_reserve(accept->port, 1, claim) == 0) {
        accept->has_no_room = true;
        return false;
    }
    return true;
}

static void commit(accept_world *accept, server_accept_to_io_claim *claim)
{
    claim->slots[0].entity = accept->next_entity++;
    server_accept_to_io_commit(accept->port, claim, 1);
    accept->credits--;
}

static void set_socket_options(const accept_world *accept, int fd)
{
    const int on = 1;
    const int send_buffer_bytes = (int)accept->options->send_buffer_bytes;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (send_buffer_bytes > 0) {
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    }
}

/* Room first, then the connection: what is accepted is never without a place to go. */
static accept_result accept_one(accept_world *accept)
{
    server_accept_to_io_claim claim;
    if (!reserve(accept, &claim)) {
        return ACCEPT_ENOUGH;
    }
    int fd = accept4(accept->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        server_accept_to_io_abort(accept->port, &claim);
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            accept->retry_ms = clock_ms() + RETRY_AFTER_MS;
            return ACCEPT_ENOUGH;
        }
        /* Any other error is that of a client which has gone again. */
        return errno == EAGAIN || errno == EWOULDBLOCK ? ACCEPT_ENOUGH : ACCEPT_NEXT;
    }
    set_socket_options(accept, fd);
    server_transfer_add_connection(&claim.slots[0])->fd = fd;
    commit(accept, &claim);
    return ACCEPT_NEXT;
}

/* The listening socket is closed; io has to know that no connection follows. */
static void send_drained(accept_world *accept)
{
    server_accept_to_io_claim claim;
    if (reserve(accept, &claim)) {
        server_transfer_pack_drained(&claim.slots[0]);
        commit(accept, &claim);
        accept->has_drained = true;
    }
}

static void begin_draining(accept_world *accept)
{
    close(accept->listen_fd);
    accept->listen_fd = -1;
    accept->ending_fd = -1;
}

/* Sleeps until a connection, an answer of io, the end of a pause, or the end of the server. */
static bool sleep_until_something(accept_world *accept)
{
    bool is_pausing = accept->retry_ms != 0;
    bool is_accepting = !accept->has_no_room && !is_pausing;
    struct pollfd sources[] = {
        {.fd = is_accepting ? accept->listen_fd : -1, .events = POLLIN},
        {.fd = accept->wake_fd, .events = POLLIN},
        {.fd = accept->ending_fd, .events = POLLIN},
    };
    server_accept_prepare_wait(accept->port);
    if (take_answers(accept) == 0 && server_coordinator_is_running(accept->coordinator)) {
        poll(sources, sizeof sources / sizeof sources[0], is_pausing ? RETRY_AFTER_MS : -1);
    }
    server_accept_cancel_wait(accept->port);
    if (sources[1].revents != 0) {
        wake_clear(accept->wake_fd);
    }
    if (is_pausing && clock_ms() >= accept->retry_ms) {
        accept->retry_ms = 0;
    }
    return sources[2].revents != 0;
}

void *accept_main(void *argument)
{
    accept_world *accept = argument;
    while (server_coordinator_is_running(accept->coordinator)) {
        uint64_t begin_ns = corinth_clock_ns();
        take_answers(accept);
        if (accept->listen_fd >= 0 && accept->retry_ms == 0) {
            for (int i = 0; i < LIMIT_BATCH && accept_one(accept) == ACCEPT_NEXT; i++) {
            }
        } else if (accept->listen_fd < 0 && !accept->has_drained) {
            send_drained(accept);
        }
        server_accept_record_tick(accept->port, corinth_clock_ns() - begin_ns);
        if (sleep_until_something(accept)) {
            begin_draining(accept);
        }
    }
    take_answers(accept);
    return NULL;
}
