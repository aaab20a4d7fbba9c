/*
 * The program that docs/generated-api.md tells of in parts: what stands there between the lines is
 * done, and checked, here. The parts are included where they would stand.
 */
#define _POSIX_C_SOURCE 200809L

#include "ends.h"
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
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

#include "ctrl_c.inc"

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

static size_t replies;

static void store(ends_simulation_port *simulation, const ends_transfer *transfer)
{
    CHECK(ends_simulation_send_routed(simulation, transfer) == CORINTH_OK);
}

static void note_reply(const ends_transfer *transfer)
{
    CHECK(transfer->source == ENDS_WORLD_STORAGE);
    replies++;
}

static void *simulate(void *context)
{
    ends_simulation_port *simulation = (ends_simulation_port *)context;

#include "closing.inc"

    CHECK(woken == CORINTH_CLOSED);
    return NULL;
}

/* One transfer goes round; the ports that nothing is sent by close, too. */
static void end_in_a_circle(void)
{
    static ends_coordinator circle;
    CHECK(ends_coordinator_init(&circle) == CORINTH_OK);
    CHECK(ends_coordinator_start(&circle) == CORINTH_OK);
    pthread_t threads[ENDS_SIMULATION_THREADS];
    for (uint32_t i = 0; i < ENDS_SIMULATION_THREADS; i++) {
        ends_simulation_port *simulation = ends_simulation_open(&circle, i);
        CHECK(pthread_create(&threads[i], NULL, simulate, simulation) == 0);
    }
    ends_transfer sent;
    ends_transfer_init(&sent, ENDS_WORLD_INPUT, ENDS_WORLD_SIMULATION);
    CHECK(ends_input_send(ends_input_open(&circle, 0), &sent) == CORINTH_OK);
    for (uint32_t i = 0; i < ENDS_INPUT_THREADS; i++) {
        ends_input_to_simulation_close_sending(ends_input_open(&circle, i));
    }
    ends_storage_port *storage = ends_storage_open(&circle, 0);
    while (ends_storage_wait(storage, CORINTH_FOREVER) == CORINTH_OK) {
        while (ends_storage_receive(storage, &sent) == CORINTH_OK) {
            CHECK(ends_storage_send_routed(storage, &sent) == CORINTH_OK);
        }
    }
    ends_storage_to_simulation_close_sending(storage);
    for (uint32_t i = 0; i < ENDS_SIMULATION_THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(replies == 1 && ends_coordinator_deinit(&circle) == 0);
}

int main(void)
{
    transfer_there_and_back();
    end_in_a_circle();

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
    interrupted = &coordinator;
    struct sigaction action = {0};
    action.sa_handler = on_signal;
    CHECK(sigaction(SIGINT, &action, NULL) == 0);
    CHECK(raise(SIGINT) == 0);
    CHECK(!server_coordinator_is_running(&coordinator));
    run_world(&coordinator, SERVER_WORLD_IO);
    CHECK(worked_on == 1 && host == 1);

#include "end.inc"

    CHECK(host == 2 && left == 0);
    return 0;
}
