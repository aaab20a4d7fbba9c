/* peer_rigtorp.cc - rigtorp's SPSCQueue and MPMCQueue: one item a call; SPSC is read in place. */
#include "bench.h"
#include "loops.h"

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

template <typename Queue> inline bool push(void *queue, const bench_item *item)
{
    return static_cast<Queue *>(queue)->try_push(*item);
}

inline bool take_spsc(void *queue, bench_side *side)
{
    auto *source = static_cast<spsc *>(queue);
    const bench_item *item = source->front();
    if (item == nullptr) {
        return false;
    }
    bench_read_item(side, item);
    source->pop();
    return true;
}

inline bool pop_spsc(void *queue, bench_item *item)
{
    auto *source = static_cast<spsc *>(queue);
    const bench_item *front = source->front();
    if (front == nullptr) {
        return false;
    }
    *item = *front;
    source->pop();
    return true;
}

inline bool pop_mpmc(void *queue, bench_item *item)
{
    return static_cast<mpmc *>(queue)->try_pop(*item);
}

inline bool take_mpmc(void *queue, bench_side *side)
{
    return bench_take_copy(queue, side, pop_mpmc);
}

BENCH_DEFINE_LOOPS(spsc, push<spsc>, take_spsc);
BENCH_DEFINE_LOOPS(mpmc, push<mpmc>, take_mpmc);
BENCH_DEFINE_TRIP(spsc, create<spsc>, destroy<spsc>, push<spsc>, pop_spsc);
BENCH_DEFINE_TRIP(mpmc, create<mpmc>, destroy<mpmc>, push<mpmc>, pop_mpmc);

const bench_contender contenders[] = {
    {"rigtorp SPSCQueue", "try_push; front, pop", "spsc", 1, false, false, BENCH_BYTES, 0,
     create<spsc>, destroy<spsc>, spsc_produce, spsc_consume},
    {"rigtorp MPMCQueue", "try_push; try_pop", "mpmc", 1, false, false, BENCH_BYTES, 0,
     create<mpmc>, destroy<mpmc>, mpmc_produce, mpmc_consume},
    BENCH_TRIP(spsc, "rigtorp SPSCQueue", "try_push; front, pop", false),
    BENCH_TRIP(mpmc, "rigtorp MPMCQueue", "try_push; try_pop", false),
};
BENCH_REGISTER(contenders);

} // namespace
