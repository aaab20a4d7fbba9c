/*
 * Goal: under load from all sides nothing is lost, doubled or invented, and every receiver sees
 * each sender's transfers in the order of sending; counts are exact at the end.
 * Method: eight worlds of eight threads, each of which sends to all others and receives whatever
 * comes. A bit for each transfer that must exist is set by who receives it and may be set once. The
 * last one to arrive stops the coordinator, which ends all waits; a lost wake-up is a hang.
 */
#include "check.h"

#include <string.h>

#include "mesh.h"

#define WATCHDOG_S 30
#define WORLDS 8
#define THREADS 8
#define SENDERS (WORLDS * THREADS)
#define TRANSFERS 8000u /* by each sender */
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

/* One word of bits for every 64 transfers of a sender. */
static uint64_t arrived[SENDERS][TRANSFERS / 64 + 1]; /* atomic */
static uint64_t arrived_count;                        /* atomic */
static uint64_t sent_to[WORLDS];                      /* atomic */

typedef struct worker {
    uint32_t world;
    uint32_t sender;
    void *port;
    uint64_t seed;
    uint32_t next;                 /* the first number that isn't sent */
    int64_t last_number[SENDERS];  /* that arrived here */
    mesh_transfer batch[BATCH];
    size_t batch_count;
} worker;

static uint32_t transfers_each(void)
{
    return (uint32_t)check_scaled(TRANSFERS);
}

static void take(worker *self, const mesh_transfer *received)
{
    const mesh_parcel *parcel = mesh_transfer_unpack_parcel(received);
    CHECK(parcel != NULL);
    CHECK(parcel->sender < SENDERS);
    CHECK(parcel->number < transfers_each());
    CHECK_EQUAL(received->source, parcel->sender / THREADS);
    CHECK_EQUAL(received->target, self->world);
    CHECK_EQUAL(received->entity, (uint64_t)parcel->sender << 32 | parcel->number);
    CHECK(self->last_number[parcel->sender] < (int64_t)parcel->number);
    self->last_number[parcel->sender] = parcel->number;
    uint64_t bit = UINT64_C(1) << (parcel->number % 64);
    uint64_t *word = &arrived[parcel->sender][parcel->number / 64];
    CHECK((__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) == 0);
    uint64_t total = (uint64_t)SENDERS * transfers_each();
    if (__atomic_add_fetch(&arrived_count, 1, __ATOMIC_ACQ_REL) == total) {
        CHECK_EQUAL(mesh_coordinator_stop(&coordinator), CORINTH_OK);
    }
}

/* Answers whether anything came. */
static bool receive_some(worker *self, check_random *random)
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
        take(self, &out[i]);
    }
    return count > 0;
}

/* Appends to the batch what is next. Neighbours often have the same target, so that runs form. */
static void prepare_batch(worker *self, check_random *random)
{
    while (self->batch_count < BATCH && self->next < transfers_each()) {
        uint32_t other = check_random_below(random, 2 * WORLDS);
        bool is_same = other >= WORLDS && self->batch_count > 0;
        uint32_t target = other % WORLDS;
        target = is_same ? self->batch[self->batch_count - 1].target : target;
        if (target == self->world) {
            continue;
        }
        mesh_transfer *transfer = &self->batch[self->batch_count];
        mesh_transfer_init(transfer, MESH_NO_ROUTE, (mesh_world)target);
        transfer->entity = (uint64_t)self->sender << 32 | self->next;
        mesh_parcel *parcel = mesh_transfer_add_parcel(transfer);
        parcel->sender = self->sender;
        parcel->number = self->next;
        self->next++;
        self->batch_count++;
    }
}

/* Answers whether anything was sent. */
static bool send_some(worker *self, check_random *random)
{
    prepare_batch(self, random);
    size_t sent = 0;
    corinth_status status = all_calls[self->world].send_batch(
        self->port, self->batch, self->batch_count, &sent);
    CHECK(status == CORINTH_OK || status == CORINTH_FULL);
    CHECK((status == CORINTH_OK) == (sent == self->batch_count));
    for (size_t i = 0; i < sent; i++) {
        __atomic_fetch_add(&sent_to[self->batch[i].target], 1, __ATOMIC_RELAXED);
    }
    self->batch_count -= sent;
    memmove(self->batch, &self->batch[sent], self->batch_count * sizeof(self->batch[0]));
    return sent > 0;
}

static void *work(void *context)
{
    worker *self = context;
    check_random random = check_random_stream(self->seed, self->sender);
    corinth_status status = CORINTH_OK;
    while (status != CORINTH_STOPPED) {
        bool has_more = self->next < transfers_each() || self->batch_count > 0;
        bool has_moved = has_more && send_some(self, &random);
        has_moved = receive_some(self, &random) || has_moved;
        if (!has_moved && has_more) {
            (void)sched_yield();
        } else if (!has_moved) {
            status = all_calls[self->world].wait(self->port, CORINTH_FOREVER);
        }
    }
    return NULL;
}

static void check_totals(void)
{
    uint64_t total = (uint64_t)SENDERS * transfers_each();
    mesh_stats stats = mesh_coordinator_stats(&coordinator);
    uint64_t sent = 0;
    for (size_t lane = 0; lane < MESH_LANE_COUNT; lane++) {
        CHECK_EQUAL(stats.lanes[lane].sent, stats.lanes[lane].received);
        CHECK_EQUAL(stats.lanes[lane].in_lane, 0);
        CHECK_EQUAL(stats.lanes[lane].undelivered, 0);
        sent += stats.lanes[lane].sent;
    }
    CHECK_EQUAL(sent, total);
    CHECK_EQUAL(arrived_count, total);
    uint64_t sent_in_all = 0;
    for (size_t world = 0; world < WORLDS; world++) {
        sent_in_all += sent_to[world];
    }
    CHECK_EQUAL(sent_in_all, total);
    for (uint32_t sender = 0; sender < SENDERS; sender++) {
        for (uint32_t number = 0; number < transfers_each(); number++) {
            CHECK((arrived[sender][number / 64] >> (number % 64) & 1) != 0);
        }
    }
    CHECK_EQUAL(mesh_coordinator_total_pending(&coordinator), 0);
    CHECK_EQUAL(mesh_coordinator_deinit(&coordinator), 0);
}

int main(int argc, char **argv)
{
    static worker workers[SENDERS];
    pthread_t threads[SENDERS];
    uint64_t seed = check_begin(argc, argv, WATCHDOG_S);
    check_case("8 worlds of 8 threads: each transfer arrives exactly once, in its sender's order");
    CHECK_EQUAL(mesh_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(mesh_coordinator_start(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < SENDERS; i++) {
        workers[i].world = i / THREADS;
        workers[i].sender = i;
        workers[i].seed = seed;
        workers[i].port = all_calls[i / THREADS].open(i % THREADS);
        CHECK(workers[i].port != NULL);
        for (size_t sender = 0; sender < SENDERS; sender++) {
            workers[i].last_number[sender] = -1;
        }
        threads[i] = check_thread(work, &workers[i]);
    }
    for (uint32_t i = 0; i < SENDERS; i++) {
        check_join(threads[i]);
    }
    check_totals();
    return 0;
}
