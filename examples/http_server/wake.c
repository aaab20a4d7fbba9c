#include "wake.h"

#include <corinth/parking.h>

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int wake_open(void)
{
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void wake_ring(int wake_fd)
{
    const uint64_t one = 1;
    int saved = errno;
    /* It fails only when 2^64 - 2 rings are pending, and then the sleeper is awake anyway. */
    ssize_t written = write(wake_fd, &one, sizeof one);
    (void)written;
    errno = saved;
}

void wake_callback(void *context)
{
    const int *wake_fd = context;
    wake_ring(*wake_fd);
}

uint64_t wake_clear(int wake_fd)
{
    uint64_t rings = 0;
    ssize_t got = read(wake_fd, &rings, sizeof rings);
    return got == (ssize_t)sizeof rings ? rings : 0;
}

uint64_t clock_ms(void)
{
    return corinth_clock_ns() / 1000000;
}
