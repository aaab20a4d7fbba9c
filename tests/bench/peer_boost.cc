/* peer_boost.cc - Boost.Lockfree: spsc_queue in bulk, read in place; queue, its MPMC one. */
#include "bench.h"
#include "loops.h"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

namespace {

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

template <size_t bulk> void produce_bulk(void *queue, bench_side *side)
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

inline bool take_all(void *queue, bench_side *side)
{
    auto *ring = static_cast<spsc *>(queue);
    return ring->consume_all([side](const bench_item &item) { bench_read_item(side, &item); }) > 0;
}

void consume_all(void *queue, bench_side *side)
{
    bench_consume_each(queue, side, take_all);
}

inline bool push_spsc(void *queue, const bench_item *item)
{
    return static_cast<spsc *>(queue)->push(*item);
}

inline bool pop_spsc(void *queue, bench_item *item)
{
    return static_cast<spsc *>(queue)->pop(*item);
}

inline bool push_mpmc(void *queue, const bench_item *item)
{
    return static_cast<mpmc *>(queue)->bounded_push(*item);
}

inline bool pop_mpmc(void *queue, bench_item *item)
{
    return static_cast<mpmc *>(queue)->pop(*item);
}

inline bool take_mpmc(void *queue, bench_side *side)
{
    return bench_take_copy(queue, side, pop_mpmc);
}

BENCH_DEFINE_LOOPS(mpmc, push_mpmc, take_mpmc);
BENCH_DEFINE_TRIP(spsc, create<spsc>, destroy<spsc>, push_spsc, pop_spsc);
BENCH_DEFINE_TRIP(mpmc, create<mpmc>, destroy<mpmc>, push_mpmc, pop_mpmc);

const bench_contender contenders[] = {
    {"Boost spsc_queue", "push of 32; consume_all", "spsc", 32, false, false, BENCH_BYTES, 0,
     create<spsc>, destroy<spsc>, produce_bulk<32>, consume_all},
    {"Boost spsc_queue", "push of 128; consume_all", "spsc", 128, false, false, BENCH_BYTES, 0,
     create<spsc>, destroy<spsc>, produce_bulk<128>, consume_all},
    {"Boost queue", "bounded_push; pop", "mpmc", 1, false, false, BENCH_BYTES, 0, create<mpmc>,
     destroy<mpmc>, mpmc_produce, mpmc_consume},
    BENCH_TRIP(spsc, "Boost spsc_queue", "push; pop", false),
    BENCH_TRIP(mpmc, "Boost queue", "bounded_push; pop", false),
};
BENCH_REGISTER(contenders);

} // namespace
