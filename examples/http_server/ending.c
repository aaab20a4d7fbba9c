#include "ending.h"

#include "wake.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t ending_signals(void)
{
    struct sigaction hangup = {0};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    /* Started with nohup: we are wanted to stay. */
    if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN) {
        sigaddset(&signals, SIGHUP);
    }
    return signals;
}

bool ending_init(ending *end)
{
    sigset_t signals = ending_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    *end = (ending){
        .signals_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC),
        .accept_fd = wake_open(),
        .io_fd = wake_open(),
        .over_fd = wake_open(),
    };
    if (end->signals_fd < 0 || end->accept_fd < 0 || end->io_fd < 0 || end->over_fd < 0) {
        fprintf(stderr, "http_server: no descriptors for signals: %s\n", strerror(errno));
        return false;
    }
    return true;
}

void ending_deinit(ending *end)
{
    close(end->signals_fd);
    close(end->accept_fd);
    close(end->io_fd);
    close(end->over_fd);
}

/* Two of the same signal may be one by the time they are read, as always with signals. */
static void relay_signals(const ending *end)
{
    struct signalfd_siginfo info;
    while (read(end->signals_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        wake_ring(end->accept_fd);
        wake_ring(end->io_fd);
    }
}

void ending_relay(const ending *end)
{
    struct pollfd sources[] = {
        {.fd = end->signals_fd, .events = POLLIN},
        {.fd = end->over_fd, .events = POLLIN},
    };
    while (sources[1].revents == 0) {
        int count = poll(sources, sizeof sources / sizeof sources[0], -1);
        if (count < 0) {
            /* Stopped and continued; what poll left behind says nothing. */
            sources[0].revents = sources[1].revents = 0;
        } else if (sources[0].revents != 0) {
            relay_signals(end);
        }
    }
}

void ending_is_over(const ending *end)
{
    wake_ring(end->over_fd);
}
