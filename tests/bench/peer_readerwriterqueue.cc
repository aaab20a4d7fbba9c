/* peer_readerwriterqueue.cc - moodycamel::ReaderWriterQueue: one item a call, read in place. */
#include "bench.h"
#include "loops.h"

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

inline bool push(void *queue, const bench_item *item)
{
    return static_cast<ring *>(queue)->try_enqueue(*item);
}

inline bool take(void *queue, bench_side *side)
{
    auto *source = static_cast<ring *>(queue);
    const bench_item *item = source->peek();
    if (item == nullptr) {
        return false;
    }
    bench_read_item(side, item);
    source->pop();
    return true;
}

inline bool pop(void *queue, bench_item *item)
{
    return static_cast<ring *>(queue)->try_dequeue(*item);
}

BENCH_DEFINE_LOOPS(ring, push, take);
BENCH_DEFINE_TRIP(ring, create, destroy, push, pop);

const bench_contender contenders[] = {
    {"moodycamel ReaderWriterQueue", "try_enqueue; peek, pop", "spsc", 1, false, false, BENCH_BYTES,
     0, create, destroy, ring_produce, ring_consume},
    BENCH_TRIP(ring, "moodycamel ReaderWriterQueue", "try_enqueue; try_dequeue", false),
};
BENCH_REGISTER(contenders);

} // namespace
