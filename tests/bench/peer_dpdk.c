/*
 * peer_dpdk.c - DPDK's rte_ring, of which headers are enough: bursts of copies and zero copy. Its
 * memory is set up here as rte_ring_init does, so that nothing of DPDK is linked or initialised.
 */
#include "bench.h"
#include "loops.h"

#include <rte_config.h>

#include <rte_ring.h>
#include <rte_ring_peek_zc.h>
#include <stdlib.h>
#include <string.h>

#define BURST_MAX 128

static void *create(size_t capacity, enum rte_ring_sync_type sync)
{
    size_t bytes = sizeof(struct rte_ring) + capacity * sizeof(bench_item);
    struct rte_ring *ring = aligned_alloc(RTE_CACHE_LINE_SIZE, bytes);
    if (ring != NULL) {
        memset(ring, 0, bytes);
        ring->size = (uint32_t)capacity;
        ring->mask = (uint32_t)capacity - 1;
        ring->capacity = ring->mask;
        ring->prod.sync_type = sync;
        ring->cons.sync_type = sync;
    }
    return ring;
}

static void *create_single(size_t capacity)
{
    return create(capacity, RTE_RING_SYNC_ST);
}

static void *create_multi(size_t capacity)
{
    return create(capacity, RTE_RING_SYNC_MT);
}

static void *create_hts(size_t capacity)
{
    return create(capacity, RTE_RING_SYNC_MT_HTS);
}

static void destroy(void *queue)
{
    free(queue);
}

static inline void produce_burst(void *queue, bench_side *side, unsigned burst)
{
    bench_item items[BURST_MAX];
    for (uint64_t begun = 0; begun < side->items; begun += burst) {
        uint64_t left = side->items - begun;
        unsigned count = left < burst ? (unsigned)left : burst;
        for (unsigned i = 0; i < count; i++) {
            bench_write_item(&items[i], side, begun + i);
        }
        for (unsigned sent = 0; sent < count;) {
            unsigned moved = rte_ring_enqueue_burst_elem(
                queue, &items[sent], sizeof(bench_item), count - sent, NULL);
            if (moved == 0) {
                bench_failed(side);
            }
            sent += moved;
        }
    }
}

static inline void consume_burst(void *queue, bench_side *side, unsigned burst)
{
    bench_item items[BURST_MAX];
    for (bool is_last = false;;) {
        unsigned count =
            rte_ring_dequeue_burst_elem(queue, items, sizeof(bench_item), burst, NULL);
        for (unsigned i = 0; i < count; i++) {
            bench_read_item(side, &items[i]);
        }
        if (count > 0) {
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

static inline void produce_in_place(void *queue, bench_side *side, unsigned burst)
{
    for (uint64_t sent = 0; sent < side->items;) {
        struct rte_ring_zc_data data;
        uint64_t left = side->items - sent;
        unsigned wanted = left < burst ? (unsigned)left : burst;
        unsigned count = rte_ring_enqueue_zc_burst_elem_start(
            queue, sizeof(bench_item), wanted, &data, NULL);
        if (count == 0) {
            bench_failed(side);
            continue;
        }
        for (unsigned i = 0; i < count; i++) {
            bench_item *slots = i < data.n1 ? data.ptr1 : data.ptr2;
            bench_write_item(&slots[i < data.n1 ? i : i - data.n1], side, sent + i);
        }
        rte_ring_enqueue_zc_elem_finish(queue, count);
        sent += count;
    }
}

static inline void consume_in_place(void *queue, bench_side *side, unsigned burst)
{
    for (bool is_last = false;;) {
        struct rte_ring_zc_data data;
        unsigned count = rte_ring_dequeue_zc_burst_elem_start(
            queue, sizeof(bench_item), burst, &data, NULL);
        for (unsigned i = 0; i < count; i++) {
            const bench_item *slots = i < data.n1 ? data.ptr1 : data.ptr2;
            bench_read_item(side, &slots[i < data.n1 ? i : i - data.n1]);
        }
        if (count > 0) {
            rte_ring_dequeue_zc_elem_finish(queue, count);
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

/* Defines the loops of all three sizes of a burst: produce_WAY_32 and so on. */
#define DEFINE_BURST(way, burst) \
    static void produce_##way##_##burst(void *queue, bench_side *side) \
    { \
        produce_##way(queue, side, burst); \
    } \
    static void consume_##way##_##burst(void *queue, bench_side *side) \
    { \
        consume_##way(queue, side, burst); \
    } \
    extern int bench_semicolon

DEFINE_BURST(burst, 32);
DEFINE_BURST(burst, 64);
DEFINE_BURST(burst, 128);
DEFINE_BURST(in_place, 32);
DEFINE_BURST(in_place, 64);
DEFINE_BURST(in_place, 128);

static inline bool push(void *queue, const bench_item *item)
{
    return rte_ring_enqueue_elem(queue, (void *)item, sizeof(*item)) == 0;
}

static inline bool pop(void *queue, bench_item *item)
{
    return rte_ring_dequeue_elem(queue, item, sizeof(*item)) == 0;
}

BENCH_DEFINE_TRIP(single, create_single, destroy, push, pop);
BENCH_DEFINE_TRIP(multi, create_multi, destroy, push, pop);
BENCH_DEFINE_TRIP(hts, create_hts, destroy, push, pop);

#define CONTENDER(name, note, lane, create, way, burst, in_place) \
    { \
        name, note, lane, burst, in_place, false, BENCH_BYTES, 0, create, destroy, \
            produce_##way##_##burst, consume_##way##_##burst \
    }
#define SINGLE "DPDK rte_ring burst", "SP/SC burst_elem", "spsc", create_single, burst
#define SINGLE_IN_PLACE \
    "DPDK rte_ring zero-copy", "SP/SC zc_burst_elem", "spsc", create_single, in_place
#define SHARED "DPDK rte_ring burst", "MP/MC burst_elem", "mpmc", create_multi, burst
#define SHARED_IN_PLACE \
    "DPDK rte_ring HTS zero-copy", "HTS zc_burst_elem", "mpmc", create_hts, in_place
/* So that what stands for several arguments is several. */
#define ENTRY(...) CONTENDER(__VA_ARGS__)

static const bench_contender contenders[] = {
    ENTRY(SINGLE, 32, false),
    ENTRY(SINGLE, 64, false),
    ENTRY(SINGLE, 128, false),
    ENTRY(SINGLE_IN_PLACE, 32, true),
    ENTRY(SINGLE_IN_PLACE, 64, true),
    ENTRY(SINGLE_IN_PLACE, 128, true),
    ENTRY(SHARED, 32, false),
    ENTRY(SHARED, 128, false),
    ENTRY(SHARED_IN_PLACE, 32, true),
    ENTRY(SHARED_IN_PLACE, 128, true),
    BENCH_TRIP(single, "DPDK rte_ring SP/SC", "enqueue_elem; dequeue_elem", false),
    BENCH_TRIP(multi, "DPDK rte_ring MP/MC", "enqueue_elem; dequeue_elem", false),
    BENCH_TRIP(hts, "DPDK rte_ring HTS", "enqueue_elem; dequeue_elem", false),
};
BENCH_REGISTER(contenders);
