/*
 * queue.h - what the scenarios of rings share: starting positions, and the check against a queue.
 *
 * Each successful operation is written down with the position that it claimed. A ring is a bounded
 * FIFO if, in the order of positions, the values received are the values sent: the n-th position
 * that a consumer claims is the n-th that a producer did, whichever threads they are. Nothing is
 * lost, doubled or invented then, and a producer's order is kept if its positions grow.
 *
 * Each thread writes its own log, and finish reads them all.
 */
#ifndef EXPLORER_SCENARIOS_QUEUE_H
#define EXPLORER_SCENARIOS_QUEUE_H

#include <corinth/platform.h>

#include "explorer.h"

#define ROWS_MAX 16u

/* The position wraps at 2^31 and 2^32 where code takes it for a smaller integer, and at 2^64. */
#define START_CASES                                                                               \
    {                                                                                             \
        {"0", 0}, {"2^31-1", 0x7fffffffu}, {"2^32-1", 0xffffffffu}, {"2^64-2", UINT64_MAX - 1}    \
    }

/* Two of these, for scenarios that take minutes: the one that wraps begins at the array's end. */
#define FEW_START_CASES                   \
    {                                     \
        {"0", 0}, {"2^32-1", 0xffffffffu} \
    }

/* The checks' own memory isn't what is tested: its accesses are not reported to the explorer. */
#define UNSEEN __attribute__((no_sanitize("thread"), noinline, unused)) static

/* One thread's successful operations, in its order. */
typedef struct queue_log {
    unsigned rows;
    uint64_t position[ROWS_MAX];
    uint64_t value[ROWS_MAX];
} queue_log;

UNSEEN void queue_clear(queue_log *logs, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        logs[i].rows = 0;
    }
}

UNSEEN void queue_add(queue_log *log, uint64_t position, uint64_t value)
{
    explorer_check(log->rows < ROWS_MAX, "the log has room");
    log->position[log->rows] = position;
    log->value[log->rows] = value;
    log->rows++;
}

/* How often a position occurs in logs; *value is what stands beside it. */
UNSEEN unsigned queue_find(
    const queue_log *logs, unsigned count, uint64_t position, uint64_t *value)
{
    unsigned found = 0;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned row = 0; row < logs[i].rows; row++) {
            if (logs[i].position[row] == position) {
                *value = logs[i].value[row];
                found++;
            }
        }
    }
    return found;
}

UNSEEN unsigned queue_rows(const queue_log *logs, unsigned count)
{
    unsigned rows = 0;
    for (unsigned i = 0; i < count; i++) {
        rows += logs[i].rows;
    }
    return rows;
}

/* A thread claims positions in growing order, counted from where the ring began. */
UNSEEN void queue_check_order(const queue_log *logs, unsigned count, uint64_t start)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned row = 1; row < logs[i].rows; row++) {
            explorer_check(logs[i].position[row] - start > logs[i].position[row - 1] - start,
                           "a thread's positions grow");
        }
    }
}

/*
 * Positions from `start` on were each sent once and received once with the same value. `skipped`
 * says whether a position was aborted by its producer; it is in neither kind of log.
 */
UNSEEN void queue_check(const queue_log *senders, unsigned sender_count,
                               const queue_log *receivers, unsigned receiver_count,
                               uint64_t start, unsigned positions, unsigned skipped)
{
    unsigned gaps = 0;
    for (uint64_t i = 0; i < positions; i++) {
        uint64_t sent = 0;
        uint64_t received = 0;
        unsigned times = queue_find(senders, sender_count, start + i, &sent);
        unsigned times_received = queue_find(receivers, receiver_count, start + i, &received);
        gaps += times == 0 ? 1u : 0u;
        explorer_check(times <= 1, "a position is claimed by one producer");
        explorer_check(times_received == times, "what was sent is received, once");
        explorer_check(sent == received, "what was sent is what is received");
    }
    explorer_check(gaps == skipped, "as many positions are skipped as were aborted");
    explorer_check(queue_rows(senders, sender_count) + gaps == positions, "no other positions");
    queue_check_order(senders, sender_count, start);
    queue_check_order(receivers, receiver_count, start);
}

#endif
