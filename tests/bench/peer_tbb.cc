/* peer_tbb.cc - oneTBB's concurrent_bounded_queue: one item a call. */
#include "bench.h"

#include <tbb/concurrent_queue.h>

namespace {

using list = tbb::concurrent_bounded_queue<bench_item>;

void *create(size_t capacity)
{
    auto *queue = new list();
    queue->set_capacity(static_cast<list::size_type>(capacity));
    return queue;
}

void destroy(void *queue)
{
    delete static_cast<list *>(queue);
}

void produce(void *queue, bench_side *side)
{
    auto *target = static_cast<list *>(queue);
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!target->try_push(item)) {
            bench_failed(side);
        }
    }
}

void consume(void *queue, bench_side *side)
{
    auto *source = static_cast<list *>(queue);
    bench_item item;
    for (bool is_last = false;;) {
        if (source->try_pop(item)) {
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
    {"TBB bounded queue", "try_push; try_pop", "mpmc", false, BENCH_BYTES, 0, create, destroy,
     produce, consume},
};
BENCH_REGISTER(contenders);

} // namespace
