/* lanes.h - a coordinator as a queue, and transfers filled and read like the peers' items. */
#ifndef LANES_H
#define LANES_H

#include "bench.h"

#include "bench_coordinator.h"

/* The schema has the capacity. */
static void *create(size_t capacity)
{
    bench_coordinator *coordinator = bench_coordinator_create();
    if (coordinator != NULL) {
        bench_coordinator_start(coordinator);
    }
    (void)capacity;
    return coordinator;
}

static void destroy(void *queue)
{
    bench_coordinator_destroy((bench_coordinator *)queue);
}

static inline void write_transfer(bench_transfer *transfer, const bench_side *side, uint64_t index)
{
    uint64_t number = bench_number(side, index);
    transfer->entity = number;
    transfer->generation = bench_check(number);
#if BENCH_WORDS > 0
    bench_write_words(bench_transfer_add_payload(transfer)->words, BENCH_WORDS, number);
#else
    bench_transfer_pack_payload(transfer);
#endif
}

static inline void read_transfer(bench_side *side, const bench_transfer *transfer)
{
    bench_read_header(side, transfer->entity, transfer->generation);
#if BENCH_WORDS > 0
    const bench_payload *payload = bench_transfer_unpack_payload(transfer);
    if (payload == NULL) {
        side->is_out_of_order = true;
        return;
    }
    bench_read_words(side, payload->words, BENCH_WORDS);
#else
    side->is_out_of_order |= !bench_transfer_has_payload(transfer);
#endif
}

#endif
