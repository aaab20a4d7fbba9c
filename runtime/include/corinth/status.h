/*
 * status.h - what a call returns.
 *
 * CORINTH_OK means that ownership moved; every other status means that it didn't. The caller always
 * knows who owns an entity.
 */
#ifndef CORINTH_STATUS_H
#define CORINTH_STATUS_H

#include <corinth/language.h>

CORINTH_BEGIN_DECLARATIONS

typedef enum corinth_status {
    CORINTH_OK = 0,
    CORINTH_FULL,         /* the lane has no free slot */
    CORINTH_EMPTY,        /* nothing is ready to be received */
    CORINTH_STOPPED,      /* the coordinator isn't running */
    CORINTH_NO_LANE,      /* the schema has no lane between the two worlds */
    CORINTH_NO_ROUTE,     /* no rule names a target for these components */
    CORINTH_NO_HANDLER,   /* a lane needs a handler for what it drops, and none is set */
    CORINTH_BAD_WORLD,    /* a world id out of range */
    CORINTH_BAD_TRANSFER, /* a transfer, or a frame of one, breaks a rule */
    CORINTH_BAD_SCHEMA,   /* a frame was encoded by another schema */
    CORINTH_TIMED_OUT,    /* a wait's time was over before anything came */
    CORINTH_CANCELLED,    /* a wait was interrupted */
    CORINTH_CLOSED,       /* the lane's other end is closed, or this port has closed its own */
    CORINTH_NO_MEMORY,    /* reserved: no call returns it yet */
    CORINTH_MISALIGNED    /* memory that isn't aligned for what is to be made of it */
} corinth_status;

#define CORINTH_STATUS_COUNT (CORINTH_MISALIGNED + 1)

/* A status's name without its prefix ("OK"); "UNKNOWN" for any other number. Never NULL. */
const char *corinth_status_name(corinth_status status);

CORINTH_END_DECLARATIONS

#endif
