/* An HTTP server as three worlds on three threads; see README.md. */
#include "accept.h"
#include "compute.h"
#include "ending.h"
#include "io.h"
#include "listener.h"
#include "options.h"
#include "report.h"
#include "server.h"
#include "standard_streams.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_WRONG_USAGE = 2 };

typedef struct world_thread {
    const char *name;
    void *(*function)(void *);
    void *world;
    pthread_t thread;
} world_thread;

/* A descriptor for each client and some for ourselves, or a message why not. */
static bool raise_descriptor_limit(uint32_t max_connections)
{
    enum { OWN = 64 };
    struct rlimit limit;
    rlim_t wanted = (rlim_t)max_connections + OWN;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
        return true;
    }
    limit.rlim_cur = wanted;
    if (wanted > limit.rlim_max || setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fprintf(stderr, "http_server: --max-connections %u needs a higher limit of open files\n",
                (unsigned)max_connections);
        return false;
    }
    return true;
}

/* What is still in a lane when all threads have ended. A connection that io never took over has no
 * other code to close it. */
static void close_leftover(void *context, const server_transfer *transfer)
{
    (void)context;
    const server_connection *left = server_transfer_unpack_connection(transfer);
    if (left != NULL) {
        close(left->fd);
    }
}

static void start_threads(world_thread *threads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int error = pthread_create(&threads[i].thread, NULL, threads[i].function, threads[i].world);
        if (error != 0) {
            fprintf(stderr, "http_server: no thread for %s: %s\n", threads[i].name,
                    strerror(error));
            exit(EXIT_FAILURE);
        }
        pthread_setname_np(threads[i].thread, threads[i].name);
    }
}

static bool serve(server_coordinator *coordinator, const command_line *options, const ending *end,
                  int listen_fd)
{
    char name[LISTENER_NAME_BYTES];
    accept_world accept;
    io_world io;
    compute_world compute;
    if (!accept_init(&accept, coordinator, options, end, listen_fd) ||
        !io_init(&io, coordinator, options, end) || !compute_init(&compute, coordinator)) {
        return false;
    }
    world_thread threads[] = {
        {.name = "compute", .function = compute_main, .world = &compute},
        {.name = "io", .function = io_main, .world = &io},
        {.name = "accept", .function = accept_main, .world = &accept},
    };
    const size_t count = sizeof threads / sizeof threads[0];
    /* Before accept has the socket, which closes it when it likes. */
    listener_name(listen_fd, name);
    start_threads(threads, count);
    printf("listening on %s\n", name);
    fflush(stdout);
    ending_relay(end);
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i].thread, NULL);
    }
    server_coordinator_drain(coordinator, close_leftover, NULL);
    bool is_conserved = report_print(coordinator, &io);
    compute_deinit(&compute);
    io_deinit(&io);
    accept_deinit(&accept);
    return is_conserved;
}

int main(int argc, char **argv)
{
    command_line options;
    if (!standard_streams_secure()) {
        return EXIT_FAILURE;
    }
    options_result parsed = options_parse(&options, argc, argv);
    if (parsed != OPTIONS_RUN) {
        return parsed == OPTIONS_HELP ? EXIT_SUCCESS : EXIT_WRONG_USAGE;
    }
    ending end;
    if (!ending_init(&end)) {
        return EXIT_FAILURE;
    }
    int listen_fd = listener_open(options.bind_address, options.port, options.is_ipv6_only);
    if (listen_fd < 0 || !raise_descriptor_limit(options.max_connections)) {
        return EXIT_FAILURE;
    }
    server_coordinator *coordinator = server_coordinator_create();
    if (coordinator == NULL || server_coordinator_start(coordinator) != CORINTH_OK) {
        fprintf(stderr, "http_server: no memory for the lanes\n");
        return EXIT_FAILURE;
    }
    bool is_conserved = serve(coordinator, &options, &end, listen_fd);
    server_coordinator_destroy(coordinator);
    ending_deinit(&end);
    return is_conserved ? EXIT_SUCCESS : EXIT_FAILURE;
}
