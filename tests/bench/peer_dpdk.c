/*
 * peer_dpdk.c - DPDK's rte_ring, of which headers are enough: bursts of copies and zero copy. Its
 * memory is set up here as rte_ring_init does, so that nothing of DPDK is linked or initialised.
 */
#include "bench.h"

#include <rte_config.h>

#include <rte_ring.h>
#include <rte_ring_peek_zc.h>
#include <stdlib.h>
#include <string.h>

#define BURST 64
#define SHARED_BURST 32

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
    bench_item items[BURST];
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
    bench_item items[BURST];
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

static void produce_single_burst(void *queue, bench_side *side)
{
    produce_burst(queue, side, BURST);
}

static void consume_single_burst(void *queue, bench_side *side)
{
    consume_burst(queue, side, BURST);
}

static void produce_single_in_place(void *queue, bench_side *side)
{
    produce_in_place(queue, side, BURST);
}

static void consume_single_in_place(void *queue, bench_side *side)
{
    consume_in_place(queue, side, BURST);
}

static void produce_shared_burst(void *queue, bench_side *side)
{
    produce_burst(queue, side, SHARED_BURST);
}

static void consume_shared_burst(void *queue, bench_side *side)
{
    consume_burst(queue, side, SHARED_BURST);
}

static void produce_shared_in_place(void *queue, bench_side *side)
{
    produce_in_place(queue, side, SHARED_BURST);
}

static void consume_shared_in_place(void *queue, bench_side *side)
{
    consume_in_place(queue, side, SHARED_BURST);
}

static const bench_contender contenders[] = {
    {"DPDK rte_ring burst 64", "SP/SC burst_elem", "spsc", false, BENCH_BYTES, 0, create_single,
     destroy, produce_single_burst, consume_single_burst},
    {"DPDK rte_ring zero-copy 64", "SP/SC zc_burst_elem", "spsc", true, BENCH_BYTES, 0,
     create_single, destroy, produce_single_in_place, consume_single_in_place},
    {"DPDK rte_ring burst 32", "MP/MC burst_elem", "mpmc", false, BENCH_BYTES, 0, create_multi,
     destroy, produce_shared_burst, consume_shared_burst},
    {"DPDK rte_ring HTS zero-copy 32", "HTS zc_burst_elem", "mpmc", true, BENCH_BYTES, 0,
     create_hts, destroy, produce_shared_in_place, consume_shared_in_place},
};
BENCH_REGISTER(contenders);
