/* peer_readerwriterqueue.cc - moodycamel::ReaderWriterQueue: one item a call, read in place. */
#include "bench.h"

#include <readerwriterqueue/readerwriterqueue.h>

namespace {

using ring = moodycamel::ReaderWriterQueue<bench_item>;

void *create(size_t capacity)
{
    return new ring(capacity);
}

void destroy(void *queue)
{
    delete static_cast<ring *>(queue);
}

void produce(void *queue, bench_side *side)
{
    auto *target = static_cast<ring *>(queue);
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        while (!target->try_enqueue(item)) {
            bench_failed(side);
        }
    }
}

void consume(void *queue, bench_side *side)
{
    auto *source = static_cast<ring *>(queue);
    for (bool is_last = false;;) {
        const bench_item *item = source->peek();
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

const bench_contender contenders[] = {
    {"moodycamel ReaderWriterQueue", "try_enqueue; peek, pop", "spsc", false, BENCH_BYTES, 0,
     create, destroy, produce, consume},
};
BENCH_REGISTER(contenders);

} // namespace
