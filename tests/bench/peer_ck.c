/* peer_ck.c - Concurrency Kit's ck_ring, holding items and not pointers: one item a call. */
#include "bench.h"

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

static inline void produce_by(void *queue, bench_side *side, bool is_mpmc)
{
    ring *self = queue;
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!(is_mpmc ? CK_RING_ENQUEUE_MPMC(bench, &self->head, self->slots, &item)
                         : CK_RING_ENQUEUE_SPSC(bench, &self->head, self->slots, &item))) {
            bench_failed(side);
        }
    }
}

static inline void consume_by(void *queue, bench_side *side, bool is_mpmc)
{
    ring *self = queue;
    bench_item item;
    for (bool is_last = false;;) {
        if (is_mpmc ? CK_RING_DEQUEUE_MPMC(bench, &self->head, self->slots, &item)
                    : CK_RING_DEQUEUE_SPSC(bench, &self->head, self->slots, &item)) {
            bench_read_item(side, &item);
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

static void produce_spsc(void *queue, bench_side *side)
{
    produce_by(queue, side, false);
}

static void consume_spsc(void *queue, bench_side *side)
{
    consume_by(queue, side, false);
}

static void produce_mpmc(void *queue, bench_side *side)
{
    produce_by(queue, side, true);
}

static void consume_mpmc(void *queue, bench_side *side)
{
    consume_by(queue, side, true);
}

static const bench_contender contenders[] = {
    {"Concurrency Kit ck_ring", "enqueue_spsc; dequeue_spsc", "spsc", false, BENCH_BYTES, 0,
     create, destroy, produce_spsc, consume_spsc},
    {"Concurrency Kit ck_ring", "enqueue_mpmc; dequeue_mpmc", "mpmc", false, BENCH_BYTES, 0,
     create, destroy, produce_mpmc, consume_mpmc},
};
BENCH_REGISTER(contenders);
