/*
 * peer_ck.c - Concurrency Kit's ck_ring, holding items and not pointers: one item a call.
 *
 * A producer of the ring for several threads takes a place, and before it returns it spins until
 * all places before are filled (_ck_ring_enqueue_mp), without letting another thread run. Where two
 * producers share a core, one that lost the core between these steps makes the other spin for its
 * whole slice; it has taken the next place meanwhile, for which the first spins then: an item for
 * each slice, which may be a standstill by the rule of process.h.
 */
#include "bench.h"
#include "loops.h"

#include <stdlib.h>

#include <ck_ring.h>

CK_RING_PROTOTYPE(bench, BENCH_NAMED(bench_item, BENCH_BYTES))

#define ALIGNMENT 128

typedef struct ring {
    ck_ring_t head;
    bench_item *slots;
} ring;

static void *create(size_t capacity)
{
    ring *self = aligned_alloc(ALIGNMENT, (sizeof(*self) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (self != NULL) {
        ck_ring_init(&self->head, (unsigned)capacity);
        self->slots = aligned_alloc(ALIGNMENT, capacity * sizeof(bench_item));
    }
    return self;
}

static void destroy(void *queue)
{
    ring *self = queue;
    free(self->slots);
    free(self);
}

static inline bool push_spsc(void *queue, const bench_item *item)
{
    ring *self = queue;
    return CK_RING_ENQUEUE_SPSC(bench, &self->head, self->slots, item);
}

static inline bool pop_spsc(void *queue, bench_item *item)
{
    ring *self = queue;
    return CK_RING_DEQUEUE_SPSC(bench, &self->head, self->slots, item);
}

static inline bool take_spsc(void *queue, bench_side *side)
{
    return bench_take_copy(queue, side, pop_spsc);
}

static inline bool push_mpmc(void *queue, const bench_item *item)
{
    ring *self = queue;
    return CK_RING_ENQUEUE_MPMC(bench, &self->head, self->slots, item);
}

static inline bool pop_mpmc(void *queue, bench_item *item)
{
    ring *self = queue;
    return CK_RING_DEQUEUE_MPMC(bench, &self->head, self->slots, item);
}

static inline bool take_mpmc(void *queue, bench_side *side)
{
    return bench_take_copy(queue, side, pop_mpmc);
}

BENCH_DEFINE_LOOPS(spsc, push_spsc, take_spsc);
BENCH_DEFINE_LOOPS(mpmc, push_mpmc, take_mpmc);
BENCH_DEFINE_TRIP(spsc, create, destroy, push_spsc, pop_spsc);
BENCH_DEFINE_TRIP(mpmc, create, destroy, push_mpmc, pop_mpmc);

static const bench_contender contenders[] = {
    {"Concurrency Kit ck_ring", "enqueue_spsc; dequeue_spsc", "spsc", 1, false, false, BENCH_BYTES,
     0, create, destroy, spsc_produce, spsc_consume},
    {"Concurrency Kit ck_ring", "enqueue_mpmc; dequeue_mpmc", "mpmc", 1, false, false, BENCH_BYTES,
     0, create, destroy, mpmc_produce, mpmc_consume},
    BENCH_TRIP(spsc, "Concurrency Kit ck_ring SPSC", "enqueue_spsc; dequeue_spsc", false),
    BENCH_TRIP(mpmc, "Concurrency Kit ck_ring MPMC", "enqueue_mpmc; dequeue_mpmc", false),
};
BENCH_REGISTER(contenders);
