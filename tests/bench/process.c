#include "process.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Room for the times of all trips, touched so that no page of it is missing in a run. */
static uint64_t *make_room(const bench_task *task, uint64_t *times_ns, uint64_t items)
{
    if (!bench_is_trip(task->contender)) {
        return NULL;
    }
    free(times_ns);
    times_ns = malloc(items * sizeof(*times_ns));
    if (times_ns == NULL) {
        bench_fail("no memory for its trips", task->contender->name);
    }
    return memset(times_ns, 1, items * sizeof(*times_ns));
}

/* What a contender's process does: a run for each number of items that comes. */
static void serve(const bench_task *task, int socket)
{
    void *queue = task->contender->create(task->capacity);
    if (queue == NULL) {
        bench_fail("can't make the queue", task->contender->name);
    }
    uint64_t *times_ns = NULL;
    uint64_t items;
    while (recv(socket, &items, sizeof(items), 0) == sizeof(items) && items > 0) {
        times_ns = make_room(task, times_ns, items);
        bench_outcome outcome = bench_run(task, queue, items, times_ns);
        if (send(socket, &outcome, sizeof(outcome), MSG_NOSIGNAL) != sizeof(outcome)) {
            break;
        }
    }
    free(times_ns);
    task->contender->destroy(queue);
}

bench_process bench_process_start(const bench_task *task)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets) != 0) {
        bench_fail("can't make a socket", task->contender->name);
    }
    pid_t id = fork();
    if (id < 0) {
        bench_fail("can't start a process", task->contender->name);
    }
    if (id == 0) {
        /* One that spins wouldn't notice the end of its parent. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(sockets[0]);
        serve(task, sockets[1]);
        exit(0);
    }
    (void)close(sockets[1]);
    return (bench_process){.id = id, .socket = sockets[0]};
}

/* Its threads may be spinning: it can't be asked. */
static void stop(bench_process *self)
{
    (void)kill(self->id, SIGKILL);
    (void)waitpid(self->id, NULL, 0);
    (void)close(self->socket);
    self->id = 0;
}

bench_ending bench_process_run(
    bench_process *self, uint64_t items, uint64_t left_ms, bench_outcome *outcome)
{
    struct pollfd readable = {.fd = self->socket, .events = POLLIN};
    bool is_short = left_ms < BENCH_STANDSTILL_MS;
    (void)send(self->socket, &items, sizeof(items), MSG_NOSIGNAL);
    if (poll(&readable, 1, is_short ? (int)left_ms : BENCH_STANDSTILL_MS) == 0) {
        stop(self);
        return is_short ? BENCH_OUT_OF_TIME : BENCH_STOOD_STILL;
    }
    if (recv(self->socket, outcome, sizeof(*outcome), 0) != sizeof(*outcome)) {
        bench_fail("measuring ended", "a contender's process ended itself");
    }
    return BENCH_DONE;
}

void bench_process_end(bench_process *self)
{
    const uint64_t none = 0;
    if (self->id != 0) {
        (void)send(self->socket, &none, sizeof(none), MSG_NOSIGNAL);
        (void)waitpid(self->id, NULL, 0);
        (void)close(self->socket);
        self->id = 0;
    }
}
