/* peer_tbb.cc - oneTBB's concurrent_bounded_queue: one item a call. */
#include "bench.h"
#include "loops.h"

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

inline bool push(void *queue, const bench_item *item)
{
    return static_cast<list *>(queue)->try_push(*item);
}

inline bool pop(void *queue, bench_item *item)
{
    return static_cast<list *>(queue)->try_pop(*item);
}

inline bool take(void *queue, bench_side *side)
{
    return bench_take_copy(queue, side, pop);
}

BENCH_DEFINE_LOOPS(bounded, push, take);
BENCH_DEFINE_TRIP(bounded, create, destroy, push, pop);

const bench_contender contenders[] = {
    {"TBB bounded queue", "try_push; try_pop", "mpmc", 1, false, false, BENCH_BYTES, 0, create,
     destroy, bounded_produce, bounded_consume},
    BENCH_TRIP(bounded, "TBB bounded queue", "try_push; try_pop", false),
};
BENCH_REGISTER(contenders);

} // namespace
