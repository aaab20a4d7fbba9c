/*
 * coordinator.h - the part of a coordinator that is the same for every schema.
 *
 * A coordinator has two parts. The shared one holds what all its threads look at: run state,
 * doorbells, rings with their slots, counters, records. No pointer is in it, so it can lie in
 * shared memory or a mapped file. The local one belongs to one process: ports with their sides of
 * the rings, handles on doorbells, wake functions.
 *
 * Which worlds and rings there are, and where each part lies, generated code says by a form: a
 * table of constants. The functions here walk over it. They are the ones that a program calls
 * seldom; what it calls for each transfer is in lane.h and port.h.
 */
#ifndef CORINTH_COORDINATOR_H
#define CORINTH_COORDINATOR_H

#include <corinth/port.h>

CORINTH_BEGIN_DECLARATIONS

/* How the shared part begins. */
typedef struct corinth_shared {
    corinth_run_state state;
    uint64_t layout_hash; /* of the schema: equal ones have the same offsets */
    uint64_t wire_hash;
    uint32_t abi_version; /* CORINTH_ABI_VERSION, and the distance of data of different threads */
    uint32_t cache_line;
} corinth_shared;

/* A world. Offsets of the local part count from its beginning, those of a port from the port's. */
typedef struct corinth_world_form {
    size_t ports;        /* offset of the first port */
    size_t port_bytes;   /* one port */
    size_t senders;      /* offset of a port's senders */
    size_t receivers;    /* offset of a port's receivers */
    uint32_t receiver_count;
    uint32_t turns;      /* how many lanes lead into the world: the first of its receivers */
    uint32_t threads;
    uint32_t first;      /* the number of its first thread among those of all worlds */
    uint32_t id;         /* as transfers and snapshots name it; elsewhere it goes by its place */
    corinth_waiting waiting;
} corinth_world_form;

/* A ring. Its offsets count from the beginning of the shared part. Ordered by lane. */
typedef struct corinth_ring_form {
    const corinth_ring_kind *kind;
    size_t ring;
    size_t marks; /* 0 where it has none */
    size_t slots;
    size_t senders;   /* counters, one for each producer */
    size_t receivers; /* counters, one for each consumer */
    uint32_t capacity;
    uint32_t slot_bytes;
    uint32_t lane; /* its index; the two rings of a lane with priority have the same */
    uint32_t source;
    uint32_t target;    /* worlds */
    uint32_t sender;    /* which one of a port of the source */
    uint32_t receiver;  /* which one of a port of the target */
    uint32_t producers; /* so many ports of the source send over it, from 0 on */
    uint32_t consumers;
    uint32_t weight;
    uint32_t batch_size;
    uint32_t room; /* the number of its lane among those whose senders sleep, from 1 on; or 0 */
    uint32_t interest; /* the bit, from 1 on, by which a wait_for names room in it; or 0 */
    uint32_t closable; /* as `room`, among the lanes that can be closed */
    bool has_handler; /* what its lane drops goes to the program's handler */
} corinth_ring_form;

/* A schema's coordinator. */
typedef struct corinth_form {
    const corinth_world_form *worlds;
    const corinth_ring_form *rings;
    uint32_t world_count;
    uint32_t ring_count;
    uint32_t lane_count;
    uint32_t room_count; /* of lanes whose senders sleep until there is room */
    uint32_t closable_count;
    size_t shared;    /* local: the shared part */
    size_t bells;     /* local: corinth_bell, one a world */
    size_t rooms;     /* local: corinth_bell, one of each room */
    size_t wakers;    /* local: corinth_waker, one a thread */
    size_t doorbells; /* shared: corinth_doorbell, one a world, then one a room */
    size_t parkers;   /* shared: corinth_parker, one a thread */
    size_t ends;      /* shared: corinth_lane_ends, one a lane that can be closed */
    size_t ticks;     /* shared: corinth_tick_counters, one a thread */
    size_t records;   /* shared: corinth_lane_record, one a lane */
    uint64_t layout_hash;
    uint64_t wire_hash;
} corinth_form;

/* How the local part begins. */
typedef struct corinth_coordinator {
    const corinth_form *form;
    corinth_shared *shared;
    corinth_undelivered_handler undelivered; /* its function is NULL until it is set */
} corinth_coordinator;

/*
 * Makes both parts in memory that is aligned for them: nothing runs, all rings are empty, the
 * statistics are in their first epoch. From one thread, before any other uses them. OK, or
 * MISALIGNED.
 */
corinth_status corinth_coordinator_init(void *memory, const corinth_form *form);

/*
 * Has every send pass a fence, as init does where the system refuses membarrier, in place of the
 * barriers that sleepers ask for. For tests, and for programs that know that they will be refused
 * later. After init, before any other thread uses the coordinator.
 */
void corinth_coordinator_use_fences(corinth_coordinator *coordinator);

/*
 * `function` gets, with `context`, each transfer that is dropped by a lane whose schema names a
 * handler. One thread, after init, while the coordinator isn't running and no other thread uses it.
 */
void corinth_coordinator_set_undelivered(
    corinth_coordinator *coordinator, corinth_undelivered_function function, void *context);

/*
 * Lets sends through, over lanes that were closed, too: so no thread is in a close meanwhile. Start
 * after stop is allowed. One thread at a time. OK; or NO_HANDLER, and nothing started, where a lane
 * needs a handler for what it drops and none was set.
 */
corinth_status corinth_coordinator_start(corinth_coordinator *coordinator);

/*
 * Refuses every send from now on and wakes all threads that wait. A send that overlaps this call
 * may still return OK; its transfer is then in the lane. What was sent can be received. One thread
 * at a time. OK.
 */
corinth_status corinth_coordinator_stop(corinth_coordinator *coordinator);

/*
 * Whether sends are accepted. If not, what was sent before the stop is there to be received. Any
 * thread.
 */
bool corinth_coordinator_is_running(const corinth_coordinator *coordinator);

/*
 * Ends the coordinator's life and returns how many transfers were left in its lanes: 0 after a
 * drain. Only with all senders and receivers joined.
 */
size_t corinth_coordinator_deinit(corinth_coordinator *coordinator);

/* Allocates `bytes` for a coordinator and inits it; NULL when there is no memory. For destroy. */
void *corinth_coordinator_create(size_t bytes, const corinth_form *form);

/* Deinits and frees; returns how many transfers were left. NULL is allowed. */
size_t corinth_coordinator_destroy(void *coordinator);

/*
 * Any thread: ends the wait that thread `index` of `world` is in, or else its next one, with
 * CANCELLED. Two before a wait are one. A wait is any that may last: for transfers, for room, or a
 * send that found its lane full. BAD_WORLD if the world has no such thread; else OK.
 */
corinth_status corinth_coordinator_interrupt(
    corinth_coordinator *coordinator, uint32_t world, uint32_t index);

/* Port `index` of `world`, NULL if it has no such thread. */
corinth_port *corinth_coordinator_port(
    corinth_coordinator *coordinator, uint32_t world, uint32_t index);

/*
 * Any thread: what each lane has counted, by its index, and each world by its id. `worlds` has room
 * for ids below `world_ids`; what is no world's is 0.
 */
void corinth_coordinator_snapshot(const corinth_coordinator *coordinator, corinth_lane_stats *lanes,
                                  corinth_world_stats *worlds, size_t world_ids);

/* Restarts all statistics. One thread at a time; senders and receivers needn't stop. */
void corinth_coordinator_reset_stats(corinth_coordinator *coordinator);

/* Any thread: how many transfers wait to be received by the world of this id, or by all. */
uint64_t corinth_coordinator_pending(const corinth_coordinator *coordinator, uint32_t id);
uint64_t corinth_coordinator_total_pending(const corinth_coordinator *coordinator);

/* Where a drain stands; it begins with {0, 0}. */
typedef struct corinth_drain {
    uint32_t ring;
    uint32_t port;
} corinth_drain;

/*
 * Takes the next transfer that was left in a lane: copies its slot to `out`, returns the slot and
 * counts the transfer as undelivered. False when none is left. Only with all senders and receivers
 * joined, their claims and batches ended.
 */
bool corinth_coordinator_take_left(
    corinth_coordinator *coordinator, corinth_drain *drain, void *out);

CORINTH_END_DECLARATIONS

#endif
