/* peer_concurrentqueue.cc - moodycamel::ConcurrentQueue in bulk with tokens, its fastest way. */
#include "bench.h"
#include "loops.h"

#include <concurrentqueue/concurrentqueue.h>

namespace {

using list = moodycamel::ConcurrentQueue<bench_item>;

void *create(size_t capacity)
{
    return new list(capacity, BENCH_PRODUCERS_MAX, 0);
}

void destroy(void *queue)
{
    delete static_cast<list *>(queue);
}

/*
 * A producer keeps the blocks of memory that it once took, so that the others may have left none to
 * one that begins late: its first items make a block if they have to.
 */
template <size_t bulk> void produce(void *queue, bench_side *side)
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
        while (!(begun == 0 ? target->enqueue_bulk(token, items, count)
                            : target->try_enqueue_bulk(token, items, count))) {
            bench_failed(side);
        }
    }
}

template <size_t bulk> void consume(void *queue, bench_side *side)
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

/* Tokens belong to one of the two queues, so that a round trip does without. */
inline bool push(void *queue, const bench_item *item)
{
    return static_cast<list *>(queue)->try_enqueue(*item);
}

inline bool pop(void *queue, bench_item *item)
{
    return static_cast<list *>(queue)->try_dequeue(*item);
}

/* A producer without a token has memory of its own for each thread that ever was one. */
void *create_implicit(size_t capacity)
{
    return new list(capacity, 0, BENCH_PRODUCERS_MAX);
}

BENCH_DEFINE_TRIP(list, create_implicit, destroy, push, pop);

const bench_contender contenders[] = {
    {"moodycamel ConcurrentQueue", "bulk of 32 with tokens", "mpmc", 32, false, false, BENCH_BYTES,
     0, create, destroy, produce<32>, consume<32>},
    {"moodycamel ConcurrentQueue", "bulk of 128 with tokens", "mpmc", 128, false, false,
     BENCH_BYTES, 0, create, destroy, produce<128>, consume<128>},
    BENCH_TRIP(list, "moodycamel ConcurrentQueue", "try_enqueue; try_dequeue", false),
};
BENCH_REGISTER(contenders);

} // namespace
