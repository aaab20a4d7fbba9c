#include "wake.h"

#include <corinth/parking.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

int wake_open(void)
{
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void wake_ring(void *context)
{
    const int *wake_fd = context;
    const uint64_t one = 1;
    int saved = errno;
    /* It fails only when 2^64 - 2 rings are pending, and then the sleeper is awake anyway. */
    ssize_t written = write(*wake_fd, &one, sizeof one);
    (void)written;
    errno = saved;
}

void wake_clear(int wake_fd)
{
    uint64_t rings;
    ssize_t got = read(wake_fd, &rings, sizeof rings);
    (void)got;
}

static sigset_t ending_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

void ending_block(void)
{
    sigset_t signals = ending_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

int ending_open(void)
{
    sigset_t signals = ending_signals();
    return signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

uint64_t clock_ms(void)
{
    return corinth_clock_ns() / 1000000;
}
