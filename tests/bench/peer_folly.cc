/* peer_folly.cc - folly's ProducerConsumerQueue: one item a call, read in place. */
#include "bench.h"
#include "loops.h"

#include <folly/ProducerConsumerQueue.h>

namespace {

using queue_type = folly::ProducerConsumerQueue<bench_item>;

/* One slot of it is never used. */
void *create(size_t capacity)
{
    return new queue_type(static_cast<uint32_t>(capacity) + 1);
}

void destroy(void *queue)
{
    delete static_cast<queue_type *>(queue);
}

inline bool push(void *queue, const bench_item *item)
{
    return static_cast<queue_type *>(queue)->write(*item);
}

inline bool take(void *queue, bench_side *side)
{
    auto *source = static_cast<queue_type *>(queue);
    const bench_item *item = source->frontPtr();
    if (item == nullptr) {
        return false;
    }
    bench_read_item(side, item);
    source->popFront();
    return true;
}

inline bool pop(void *queue, bench_item *item)
{
    return static_cast<queue_type *>(queue)->read(*item);
}

BENCH_DEFINE_LOOPS(queue, push, take);
BENCH_DEFINE_TRIP(queue, create, destroy, push, pop);

const bench_contender contenders[] = {
    {"folly ProducerConsumerQueue", "write; frontPtr, popFront", "spsc", 1, false, false,
     BENCH_BYTES, 0, create, destroy, queue_produce, queue_consume},
    BENCH_TRIP(queue, "folly ProducerConsumerQueue", "write; read", false),
};
BENCH_REGISTER(contenders);

} // namespace
