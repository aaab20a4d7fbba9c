/*
 * mesh_workers.h - a coordinator of mesh.yaml at work: eight worlds of eight threads that send to
 * each other and receive, each transfer with its number, and what they counted apart from the
 * coordinator.
 */
#ifndef MESH_WORKERS_H
#define MESH_WORKERS_H

#include "check.h"

#include <string.h>

#include "mesh.h"

#define WORLDS MESH_WORLD_COUNT
#define THREADS MESH_A_THREADS
#define SENDERS (WORLDS * THREADS)
/* By each sender, at most. */
#define TRANSFERS_MAX 131072u
#define BATCH 4
#define RECEIVED_AT_ONCE 16

/* The calls of one world on any of its ports. */
typedef struct world_calls {
    void *(*open)(uint32_t index);
    corinth_status (*send_batch)(void *port, const mesh_transfer *all, size_t count, size_t *sent);
    size_t (*receive_batch)(void *port, mesh_transfer *out, size_t max);
    corinth_status (*receive)(void *port, mesh_transfer *out);
    corinth_status (*wait)(void *port, uint64_t timeout_ns);
} world_calls;

static mesh_coordinator coordinator;

#define DEFINE_CALLS(world) \
    static void *open_##world(uint32_t index) \
    { \
        return mesh_##world##_open(&coordinator, index); \
    } \
    static corinth_status send_batch_##world( \
        void *port, const mesh_transfer *all, size_t count, size_t *sent) \
    { \
        return mesh_##world##_send_batch(port, all, count, sent); \
    } \
    static size_t receive_batch_##world(void *port, mesh_transfer *out, size_t max) \
    { \
        return mesh_##world##_receive_batch(port, out, max); \
    } \
    static corinth_status receive_##world(void *port, mesh_transfer *out) \
    { \
        return mesh_##world##_receive(port, out); \
    } \
    static corinth_status wait_##world(void *port, uint64_t timeout_ns) \
    { \
        return mesh_##world##_wait(port, timeout_ns); \
    }

#define CALLS_OF(world) \
    { \
        open_##world, send_batch_##world, receive_batch_##world, receive_##world, wait_##world \
    }

DEFINE_CALLS(a)
DEFINE_CALLS(b)
DEFINE_CALLS(c)
DEFINE_CALLS(d)
DEFINE_CALLS(e)
DEFINE_CALLS(f)
DEFINE_CALLS(g)
DEFINE_CALLS(h)

static const world_calls all_calls[WORLDS] = {CALLS_OF(a), CALLS_OF(b), CALLS_OF(c), CALLS_OF(d),
                                              CALLS_OF(e), CALLS_OF(f), CALLS_OF(g), CALLS_OF(h)};

/* A thread, and what it counted: for others when they have met. */
typedef struct worker {
    uint32_t world;
    uint32_t sender;
    void *port;
    uint32_t transfers;           /* that it is to send */
    uint32_t next;                /* the first number that isn't in its batch yet */
    int64_t last_number[SENDERS]; /* that arrived here */
    uint64_t sent[WORLDS];
    uint64_t received[WORLDS];
    mesh_transfer batch[BATCH];
    size_t batch_count;
} worker;

static worker workers[SENDERS];

/* Transfers by the world that they come from and the one that they go to. */
typedef struct lane_counts {
    uint64_t of[WORLDS][WORLDS];
} lane_counts;

/* One word of bits for every 64 transfers of a sender. */
static corinth_counter arrived[SENDERS][TRANSFERS_MAX / 64]; /* atomic */

/* A new coordinator, and a worker for each of its ports. */
static inline void workers_init(uint32_t transfers)
{
    CHECK(transfers <= TRANSFERS_MAX);
    CHECK_EQUAL(mesh_coordinator_init(&coordinator), CORINTH_OK);
    memset(arrived, 0, sizeof(arrived));
    memset(workers, 0, sizeof(workers));
    for (uint32_t i = 0; i < SENDERS; i++) {
        workers[i].world = i / THREADS;
        workers[i].sender = i;
        workers[i].transfers = transfers;
        workers[i].port = all_calls[i / THREADS].open(i % THREADS);
        CHECK(workers[i].port != NULL);
        for (size_t sender = 0; sender < SENDERS; sender++) {
            workers[i].last_number[sender] = -1;
        }
    }
}

/* A transfer is whole, comes after the last one from its sender, and comes for the first time. */
static inline void note_arrival(const mesh_transfer *transfer, int64_t last_number[SENDERS])
{
    const mesh_item *item = mesh_transfer_unpack_item(transfer);
    CHECK(item != NULL);
    CHECK(item->sender < SENDERS);
    CHECK(item->number < workers[item->sender].transfers);
    CHECK_EQUAL(transfer->source, item->sender / THREADS);
    CHECK_EQUAL(transfer->entity, (uint64_t)item->sender << 32 | item->number);
    CHECK(last_number[item->sender] < (int64_t)item->number);
    last_number[item->sender] = item->number;
    uint64_t bit = UINT64_C(1) << (item->number % 64);
    corinth_counter *word = &arrived[item->sender][item->number / 64];
    CHECK((__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) == 0);
}

/* Answers how many came. */
static inline size_t worker_receive(worker *self, check_random *random)
{
    mesh_transfer out[RECEIVED_AT_ONCE];
    const world_calls *calls = &all_calls[self->world];
    size_t count = 0;
    if (check_random_below(random, 2) == 0) {
        size_t max = 1 + check_random_below(random, RECEIVED_AT_ONCE);
        count = calls->receive_batch(self->port, out, max);
    } else {
        count = calls->receive(self->port, out) == CORINTH_OK;
    }
    for (size_t i = 0; i < count; i++) {
        CHECK_EQUAL(out[i].target, self->world);
        note_arrival(&out[i], self->last_number);
        self->received[out[i].source]++;
    }
    return count;
}

/* Appends to the batch what is next. Neighbours often have the same target, so that runs form. */
static inline void worker_prepare_batch(worker *self, check_random *random)
{
    while (self->batch_count < BATCH && self->next < self->transfers) {
        uint32_t other = check_random_below(random, 2 * WORLDS);
        bool is_same = other >= WORLDS && self->batch_count > 0;
        uint32_t target = other % WORLDS;
        target = is_same ? self->batch[self->batch_count - 1].target : target;
        if (target == self->world) {
            continue;
        }
        mesh_transfer *transfer = &self->batch[self->batch_count];
        mesh_transfer_init(transfer, MESH_ROUTE_NONE, (mesh_world)target);
        transfer->entity = (uint64_t)self->sender << 32 | self->next;
        mesh_item *item = mesh_transfer_add_item(transfer);
        item->sender = self->sender;
        item->number = self->next;
        self->next++;
        self->batch_count++;
    }
}

/* Answers how many were sent; `*status` is why not all. */
static inline size_t worker_send(worker *self, check_random *random, corinth_status *status)
{
    worker_prepare_batch(self, random);
    size_t sent = 0;
    *status = all_calls[self->world].send_batch(self->port, self->batch, self->batch_count, &sent);
    CHECK((*status == CORINTH_OK) == (sent == self->batch_count));
    for (size_t i = 0; i < sent; i++) {
        self->sent[self->batch[i].target]++;
    }
    self->batch_count -= sent;
    memmove(self->batch, &self->batch[sent], self->batch_count * sizeof(self->batch[0]));
    return sent;
}

static inline bool worker_has_more(const worker *self)
{
    return self->next < self->transfers || self->batch_count > 0;
}

/*
 * When all have met: each lane counted what its threads did, and `undelivered` of it went to the
 * drain. Returns how many transfers were sent so far.
 */
static inline uint64_t workers_check_lanes(const lane_counts *undelivered)
{
    mesh_coordinator_snapshot stats = mesh_coordinator_stats(&coordinator);
    uint64_t total = 0;
    uint64_t pending = 0;
    size_t lane = 0;
    for (uint32_t source = 0; source < WORLDS; source++) {
        for (uint32_t target = 0; target < WORLDS; target++) {
            uint64_t sent = 0;
            uint64_t received = 0;
            for (uint32_t i = 0; i < THREADS; i++) {
                sent += workers[source * THREADS + i].sent[target];
                received += workers[target * THREADS + i].received[source];
            }
            if (source == target) {
                CHECK_EQUAL(sent + received, 0);
                continue;
            }
            uint64_t drained = undelivered->of[source][target];
            CHECK_EQUAL(stats.lanes[lane].sent, sent);
            CHECK_EQUAL(stats.lanes[lane].received, received);
            CHECK_EQUAL(stats.lanes[lane].undelivered, drained);
            CHECK_EQUAL(stats.lanes[lane].in_lane, sent - received - drained);
            total += sent;
            pending += stats.lanes[lane].in_lane;
            lane++;
        }
    }
    CHECK_EQUAL(lane, MESH_LANE_COUNT);
    CHECK_EQUAL(mesh_coordinator_total_pending(&coordinator), pending);
    return total;
}

/* When nothing is in a lane: all that was sent arrived, and nothing else. */
static inline void workers_check_arrived(void)
{
    for (uint32_t sender = 0; sender < SENDERS; sender++) {
        uint32_t sent = workers[sender].next - (uint32_t)workers[sender].batch_count;
        for (uint32_t first = 0; first < TRANSFERS_MAX; first += 64) {
            uint32_t count = first < sent ? sent - first : 0;
            uint64_t expected = count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
            CHECK_EQUAL(arrived[sender][first / 64], expected);
        }
    }
}

#endif
