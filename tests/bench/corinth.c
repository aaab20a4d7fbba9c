/*
 * corinth.c - generated lanes, called as users call them: through ports, which count, stamp the
 * source, publish at once and look at the doorbell of their target (`wait: park`).
 */
#include "bench.h"

#include "lanes.h"

#define BULK 32
#define LARGE_BULK 128

/* The calls of the two kinds of lane differ in their names only. */
#if BENCH_IS_MPMC
#define LANE "mpmc"
typedef bench_producers_port sender_port;
typedef bench_consumers_port receiver_port;
typedef bench_producers_to_consumers_claim lane_claim;
typedef bench_producers_to_consumers_batch lane_batch;
#define WORLD_SENDER BENCH_WORLD_PRODUCERS
#define WORLD_RECEIVER BENCH_WORLD_CONSUMERS
#define sender_open bench_producers_open
#define sender_send bench_producers_send
#define sender_send_batch bench_producers_send_batch
#define receiver_open bench_consumers_open
#define receiver_receive bench_consumers_receive
#define receiver_receive_batch bench_consumers_receive_batch
#define lane_reserve bench_producers_to_consumers_reserve
#define lane_commit bench_producers_to_consumers_commit
#define lane_peek bench_producers_to_consumers_peek
#define lane_release bench_producers_to_consumers_release
#else
#define LANE "spsc"
typedef bench_producer_port sender_port;
typedef bench_consumer_port receiver_port;
typedef bench_producer_to_consumer_claim lane_claim;
typedef bench_producer_to_consumer_batch lane_batch;
#define WORLD_SENDER BENCH_WORLD_PRODUCER
#define WORLD_RECEIVER BENCH_WORLD_CONSUMER
#define sender_open bench_producer_open
#define sender_send bench_producer_send
#define sender_send_batch bench_producer_send_batch
#define receiver_open bench_consumer_open
#define receiver_receive bench_consumer_receive
#define receiver_receive_batch bench_consumer_receive_batch
#define lane_reserve bench_producer_to_consumer_reserve
#define lane_commit bench_producer_to_consumer_commit
#define lane_peek bench_producer_to_consumer_peek
#define lane_release bench_producer_to_consumer_release
#endif

static inline void produce_in_place(void *queue, bench_side *side, size_t bulk)
{
    sender_port *port = sender_open((bench_coordinator *)queue, side->thread);
    for (uint64_t sent = 0; sent < side->items;) {
        lane_claim claim;
        uint64_t left = side->items - sent;
        size_t count = lane_reserve(port, left < bulk ? (size_t)left : bulk, &claim);
        if (count == 0) {
            bench_failed(side);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            write_transfer(&claim.slots[i], side, sent + i);
        }
        lane_commit(port, &claim, count);
        sent += count;
    }
}

static inline void consume_in_place(void *queue, bench_side *side, size_t bulk)
{
    receiver_port *port = receiver_open((bench_coordinator *)queue, side->thread);
    for (bool is_last = false;;) {
        lane_batch batch;
        size_t count = lane_peek(port, bulk, &batch);
        if (count > 0) {
            for (size_t i = 0; i < count; i++) {
                read_transfer(side, &batch.slots[i]);
            }
            lane_release(port, &batch, count);
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

static void produce_bulk(void *queue, bench_side *side)
{
    produce_in_place(queue, side, BULK);
}

static void consume_bulk(void *queue, bench_side *side)
{
    consume_in_place(queue, side, BULK);
}

static void produce_large_bulk(void *queue, bench_side *side)
{
    produce_in_place(queue, side, LARGE_BULK);
}

static void consume_large_bulk(void *queue, bench_side *side)
{
    consume_in_place(queue, side, LARGE_BULK);
}

static inline void produce_copying(void *queue, bench_side *side, size_t bulk)
{
    sender_port *port = sender_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfers[LARGE_BULK];
    for (size_t i = 0; i < bulk; i++) {
        bench_transfer_init(&transfers[i], WORLD_SENDER, WORLD_RECEIVER);
    }
    for (uint64_t begun = 0; begun < side->items; begun += bulk) {
        uint64_t left = side->items - begun;
        size_t count = left < bulk ? (size_t)left : bulk;
        for (size_t i = 0; i < count; i++) {
            write_transfer(&transfers[i], side, begun + i);
        }
        for (size_t sent = 0; sent < count;) {
            size_t moved;
            if (sender_send_batch(port, &transfers[sent], count - sent, &moved) != CORINTH_OK) {
                bench_failed(side);
            }
            sent += moved;
        }
    }
}

static inline void consume_copying(void *queue, bench_side *side, size_t bulk)
{
    receiver_port *port = receiver_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfers[LARGE_BULK];
    for (bool is_last = false;;) {
        size_t count = receiver_receive_batch(port, transfers, bulk);
        for (size_t i = 0; i < count; i++) {
            read_transfer(side, &transfers[i]);
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

static void produce_batch(void *queue, bench_side *side)
{
    produce_copying(queue, side, BULK);
}

static void consume_batch(void *queue, bench_side *side)
{
    consume_copying(queue, side, BULK);
}

static void produce_large_batch(void *queue, bench_side *side)
{
    produce_copying(queue, side, LARGE_BULK);
}

static void consume_large_batch(void *queue, bench_side *side)
{
    consume_copying(queue, side, LARGE_BULK);
}

static void produce_single(void *queue, bench_side *side)
{
    sender_port *port = sender_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfer;
    bench_transfer_init(&transfer, WORLD_SENDER, WORLD_RECEIVER);
    for (uint64_t sent = 0; sent < side->items; sent++) {
        write_transfer(&transfer, side, sent);
        while (sender_send(port, &transfer) != CORINTH_OK) {
            bench_failed(side);
        }
    }
}

static void consume_single(void *queue, bench_side *side)
{
    receiver_port *port = receiver_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfer;
    for (bool is_last = false;;) {
        if (receiver_receive(port, &transfer) == CORINTH_OK) {
            read_transfer(side, &transfer);
            continue;
        }
        if (is_last) {
            return;
        }
        is_last = bench_all_sent(side);
        bench_failed(side);
    }
}

#define IN_PLACE "Corinth in place", "reserve, commit; peek, release", LANE
#define COPYING "Corinth copying", "send_batch; receive_batch", LANE
#define SINGLE "Corinth one a call", "send; receive", LANE
#define COMMON false, BENCH_BYTES, BENCH_CAPACITY, create, destroy

static const bench_contender contenders[] = {
    {IN_PLACE, BULK, true, COMMON, produce_bulk, consume_bulk},
    {IN_PLACE, LARGE_BULK, true, COMMON, produce_large_bulk, consume_large_bulk},
    {COPYING, BULK, false, COMMON, produce_batch, consume_batch},
    {COPYING, LARGE_BULK, false, COMMON, produce_large_batch, consume_large_batch},
    {SINGLE, 1, false, COMMON, produce_single, consume_single},
};
BENCH_REGISTER(contenders);
