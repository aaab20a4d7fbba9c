/* barrier.c - Linux: membarrier(2), since 4.14. Elsewhere there are no barriers. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall() */
#endif

#include <sys/syscall.h>
#include <unistd.h>

#include "barrier.h"

/* The kernel's names: linux/membarrier.h isn't everywhere. */
#define COMMAND_PRIVATE_EXPEDITED 8
#define COMMAND_REGISTER_PRIVATE_EXPEDITED 16

CORINTH_BEGIN_DECLARATIONS

static bool call(int command)
{
#ifdef SYS_membarrier
    return syscall(SYS_membarrier, command, 0, 0) == 0;
#else
    (void)command;
    return false;
#endif
}

bool corinth_internal_barrier_register(void)
{
    return call(COMMAND_REGISTER_PRIVATE_EXPEDITED);
}

bool corinth_internal_barrier(void)
{
    return call(COMMAND_PRIVATE_EXPEDITED);
}

CORINTH_END_DECLARATIONS
