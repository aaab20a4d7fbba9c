/* peer_rigtorp.cc - rigtorp's SPSCQueue and MPMCQueue: one item a call; SPSC is read in place. */
#include "bench.h"

#include <rigtorp/MPMCQueue.h>
#include <rigtorp/SPSCQueue.h>

namespace {

using spsc = rigtorp::SPSCQueue<bench_item>;
using mpmc = rigtorp::MPMCQueue<bench_item>;

template <typename Queue> void *create(size_t capacity)
{
    return new Queue(capacity);
}

template <typename Queue> void destroy(void *queue)
{
    delete static_cast<Queue *>(queue);
}

template <typename Queue> void produce(void *queue, bench_side *side)
{
    auto *target = static_cast<Queue *>(queue);
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!target->try_push(item)) {
            bench_failed(side);
        }
    }
}

void consume_in_place(void *queue, bench_side *side)
{
    auto *source = static_cast<spsc *>(queue);
    for (bool is_last = false;;) {
        const bench_item *item = source->front();
        if (item != nullptr) {
            bench_read_item(side, item);
            source->pop();
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

void consume_copy(void *queue, bench_side *side)
{
    auto *source = static_cast<mpmc *>(queue);
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
    {"rigtorp SPSCQueue", "try_push; front, pop", "spsc", false, BENCH_BYTES, 0, create<spsc>,
     destroy<spsc>, produce<spsc>, consume_in_place},
    {"rigtorp MPMCQueue", "try_push; try_pop", "mpmc", false, BENCH_BYTES, 0, create<mpmc>,
     destroy<mpmc>, produce<mpmc>, consume_copy},
};
BENCH_REGISTER(contenders);

} // namespace
