/* peer_boost.cc - Boost.Lockfree: spsc_queue in bulk, read in place; queue, its MPMC one. */
#include "bench.h"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

namespace {

constexpr size_t bulk = 32;

using spsc = boost::lockfree::spsc_queue<bench_item>;
using mpmc = boost::lockfree::queue<bench_item>;

template <typename Queue> void *create(size_t capacity)
{
    return new Queue(capacity);
}

template <typename Queue> void destroy(void *queue)
{
    delete static_cast<Queue *>(queue);
}

void produce_bulk(void *queue, bench_side *side)
{
    auto *ring = static_cast<spsc *>(queue);
    bench_item items[bulk];
    for (uint64_t begun = 0; begun < side->items; begun += bulk) {
        const uint64_t left = side->items - begun;
        const size_t count = left < bulk ? static_cast<size_t>(left) : bulk;
        for (size_t i = 0; i < count; i++) {
            bench_write_item(&items[i], side, begun + i);
        }
        for (size_t sent = 0; sent < count;) {
            const size_t moved = ring->push(items + sent, count - sent);
            if (moved == 0) {
                bench_failed(side);
            }
            sent += moved;
        }
    }
}

void consume_all(void *queue, bench_side *side)
{
    auto *ring = static_cast<spsc *>(queue);
    for (bool is_last = false;;) {
        const size_t count =
            ring->consume_all([side](const bench_item &item) { bench_read_item(side, &item); });
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

void produce_single(void *queue, bench_side *side)
{
    auto *list = static_cast<mpmc *>(queue);
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!list->bounded_push(item)) {
            bench_failed(side);
        }
    }
}

void consume_single(void *queue, bench_side *side)
{
    auto *list = static_cast<mpmc *>(queue);
    bench_item item;
    for (bool is_last = false;;) {
        if (list->pop(item)) {
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

const bench_contender contenders[] = {
    {"Boost spsc_queue", "push of 32; consume_all", "spsc", false, BENCH_BYTES, 0, create<spsc>,
     destroy<spsc>, produce_bulk, consume_all},
    {"Boost queue", "bounded_push; pop", "mpmc", false, BENCH_BYTES, 0, create<mpmc>,
     destroy<mpmc>, produce_single, consume_single},
};
BENCH_REGISTER(contenders);

} // namespace
