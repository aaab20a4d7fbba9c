/*
 * The program that docs/generated-api.md tells of in parts: what stands there between the lines is
 * done, and checked, here. The parts are included where they would stand.
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition) check((condition), #condition, __LINE__)

enum { EVENTS = 8, REQUEST_MAX = 4096, LATE_NS = 20000000 };

static size_t host;
static size_t worked_on;

static void check(int holds, const char *condition, int line)
{
    if (!holds) {
        fprintf(stderr, "line %d: %s\n", line, condition);
        exit(1);
    }
}

static void keep(void *context, const server_transfer *transfer)
{
    CHECK(transfer->entity != 0);
    ++*(size_t *)context;
}

static void work_on(server_world own, const server_transfer *transfer)
{
    CHECK(own == SERVER_WORLD_IO);
    CHECK(transfer->target == own);
    worked_on++;
}

#include "one_code.inc"

#include "wake.inc"

/* Sends once the other thread had time to fall asleep; right as well if it had none. */
static void *send_late(void *context)
{
    server_accept_port *accept = (server_accept_port *)context;
    server_transfer t;
    server_transfer_init(&t, SERVER_WORLD_ACCEPT, SERVER_WORLD_IO);
    t.entity = 5;
    nanosleep(&(struct timespec){.tv_nsec = LATE_NS}, NULL);
    CHECK(server_accept_send(accept, &t) == CORINTH_OK);
    return NULL;
}

/* An epoll that watches one eventfd. */
static int watch(int bell)
{
    int loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN};
    CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, bell, &wanted) == 0);
    return loop;
}

static void transfer_there_and_back(void)
{
    const int fd = 3;

#include "transfers.inc"

    CHECK(c != NULL && c->fd == fd && c->state == SERVER_CONN_STATE_READING);
    CHECK(!server_transfer_has_error_marker(&t));

    int seen[SERVER_TRANSFER_COMPONENT_COUNT] = {0};

#include "each.inc"

    CHECK(seen[SERVER_CONNECTION_BIT] == 1 && seen[SERVER_REQUEST_DATA_BIT] == 1);
    CHECK(seen[SERVER_ERROR_MARKER_BIT] == 0);

#include "frames.inc"

    CHECK(status == CORINTH_OK && consumed == length && length > 0);
    CHECK(t.entity == 42 && t.generation == 7);
}

int main(void)
{
    transfer_there_and_back();

#include "coordinator.inc"

    const corinth_entity ids[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    const int fds[16] = {0};

#include "in_place.inc"

    CHECK(n > 0 && got == n);

    int bell = eventfd(0, EFD_CLOEXEC);
    int loop = watch(bell);
    struct epoll_event events[EVENTS];
    pthread_t sender;
    CHECK(pthread_create(&sender, NULL, send_late, accept) == 0);

#include "event_loop.inc"

    CHECK(pthread_join(sender, NULL) == 0);
    close(loop);
    close(bell);
    server_transfer t;
    CHECK(server_io_receive(io, &t) == CORINTH_OK);
    CHECK(t.entity == 5);

    server_transfer_init(&t, SERVER_WORLD_IO, SERVER_WORLD_COMPUTE);
    t.entity = 99;
    const size_t request_length = REQUEST_MAX + 1;

#include "route_by_value.inc"

    CHECK(routed == CORINTH_OK);
    CHECK(server_accept_receive(accept, &t) == CORINTH_OK);
    CHECK(t.target == SERVER_WORLD_ACCEPT && t.entity == 99);

#include "statistics.inc"

    CHECK(lane.sent == n + 1 && lane.received == lane.sent && lane.in_lane == 0);

    /* One transfer is left for run_world, which can't send it on; another one is left for drain. */
    t.target = SERVER_WORLD_IO;
    CHECK(server_accept_send(accept, &t) == CORINTH_OK);
    server_transfer_forward(&t, SERVER_WORLD_IO, SERVER_WORLD_COMPUTE);
    CHECK(server_io_send(io, &t) == CORINTH_OK);
    CHECK(server_coordinator_stop(&coordinator) == CORINTH_OK);
    run_world(&coordinator, SERVER_WORLD_IO);
    CHECK(worked_on == 1 && host == 1);

#include "end.inc"

    CHECK(host == 2 && left == 0);
    return 0;
}
