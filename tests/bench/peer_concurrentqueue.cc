/* peer_concurrentqueue.cc - moodycamel::ConcurrentQueue in bulk with tokens, its fastest way. */
#include "bench.h"

#include <concurrentqueue/concurrentqueue.h>

namespace {

constexpr size_t bulk = 32;

using list = moodycamel::ConcurrentQueue<bench_item>;

void *create(size_t capacity)
{
    return new list(capacity, BENCH_PRODUCERS_MAX, 0);
}

void destroy(void *queue)
{
    delete static_cast<list *>(queue);
}

void produce(void *queue, bench_side *side)
{
    auto *target = static_cast<list *>(queue);
    moodycamel::ProducerToken token(*target);
    bench_item items[bulk];
    for (uint64_t begun = 0; begun < side->items; begun += bulk) {
        const uint64_t left = side->items - begun;
        const size_t count = left < bulk ? static_cast<size_t>(left) : bulk;
        for (size_t i = 0; i < count; i++) {
            bench_write_item(&items[i], side, begun + i);
        }
        while (!target->try_enqueue_bulk(token, items, count)) {
            bench_failed(side);
        }
    }
}

void consume(void *queue, bench_side *side)
{
    auto *source = static_cast<list *>(queue);
    moodycamel::ConsumerToken token(*source);
    bench_item items[bulk];
    for (bool is_last = false;;) {
        const size_t count = source->try_dequeue_bulk(token, items, bulk);
        for (size_t i = 0; i < count; i++) {
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

const bench_contender contenders[] = {
    {"moodycamel ConcurrentQueue", "bulk of 32 with tokens", "mpmc", false, BENCH_BYTES, 0, create,
     destroy, produce, consume},
};
BENCH_REGISTER(contenders);

} // namespace
