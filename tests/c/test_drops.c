/*
 * Goal: a full lane drops what its schema says: the newest or the oldest, by class, to the handler
 * or to none; each is counted by its reason and handed over once; what isn't full drops nothing.
 * Method: the calls in order in one thread, over lanes of two slots.
 *
 * The file is longer than others because each policy is tried in each way to send.
 */
#include "check.h"

#include <sys/wait.h>

#include "drops.h"

#define WATCHDOG_S 30
#define HANDED_MAX 64

typedef struct handed {
    drops_transfer transfer;
    corinth_undelivered_reason reason;
} handed;

static drops_coordinator coordinator;
static drops_source_port *sources[DROPS_SOURCE_THREADS];
static drops_single_port *single;
static drops_newest_port *newest;
static drops_oldest_port *oldest[DROPS_OLDEST_THREADS];
static drops_classes_port *classes;
static handed record[HANDED_MAX];
static size_t rows;

static corinth_lane_stats stats_of(size_t lane)
{
    return drops_coordinator_stats(&coordinator).lanes[lane];
}

static void note(void *context, const drops_transfer *transfer, corinth_undelivered_reason reason)
{
    CHECK(context == &rows);
    CHECK(rows < HANDED_MAX);
    record[rows].transfer = *transfer;
    record[rows].reason = reason;
    rows++;
    drops_coordinator_snapshot stats = drops_coordinator_stats(&coordinator);
    uint64_t counted = 0;
    for (size_t lane = 0; lane < DROPS_LANE_COUNT; lane++) {
        counted += stats.lanes[lane].undelivered;
    }
    CHECK_EQUAL(counted, rows);
}

static void open_coordinator(void)
{
    rows = 0;
    CHECK_EQUAL(drops_coordinator_init(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < DROPS_SOURCE_THREADS; i++) {
        sources[i] = drops_source_open(&coordinator, i);
    }
    for (uint32_t i = 0; i < DROPS_OLDEST_THREADS; i++) {
        oldest[i] = drops_oldest_open(&coordinator, i);
    }
    single = drops_single_open(&coordinator, 0);
    newest = drops_newest_open(&coordinator, 0);
    classes = drops_classes_open(&coordinator, 0);
}

static void start_coordinator(void)
{
    open_coordinator();
    drops_coordinator_set_undelivered(&coordinator, note, &rows);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
}

/* One whose header says that it comes from nowhere. */
static drops_transfer new_transfer(uint64_t number, drops_world target, bool is_priority)
{
    drops_transfer result;
    drops_transfer_init(&result, DROPS_ROUTE_NONE, target);
    result.entity = number;
    result.flags = is_priority ? DROPS_TRANSFER_PRIORITY : 0;
    drops_transfer_add_item(&result)->number = number;
    return result;
}

static void new_transfers(
    drops_transfer *transfers, uint64_t first, size_t count, drops_world target)
{
    for (size_t i = 0; i < count; i++) {
        transfers[i] = new_transfer(first + i, target, false);
    }
}

static void send_from(uint32_t source, uint64_t number, drops_world target)
{
    drops_transfer transfer = new_transfer(number, target, false);
    CHECK_EQUAL(drops_source_send(sources[source], &transfer), CORINTH_OK);
}

/* Row `row` of what was handed over, with its header as a receiver would have it. */
static void check_handed(size_t row, uint64_t number, drops_world source, drops_world target,
                         corinth_undelivered_reason reason)
{
    CHECK(row < rows);
    const drops_transfer *transfer = &record[row].transfer;
    CHECK_EQUAL(transfer->entity, number);
    CHECK_EQUAL(transfer->source, source);
    CHECK_EQUAL(transfer->target, target);
    CHECK_EQUAL(record[row].reason, reason);
    CHECK_EQUAL(drops_transfer_unpack_item(transfer)->number, number);
}

static void check_next(uint64_t first, uint64_t last)
{
    drops_transfer transfer;
    for (uint64_t number = first; number <= last; number++) {
        CHECK_EQUAL(drops_oldest_receive(oldest[0], &transfer), CORINTH_OK);
        CHECK_EQUAL(transfer.entity, number);
    }
}

static void run_handler(void)
{
    check_case("start asks for a handler, and starts nothing without one");
    open_coordinator();
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_NO_HANDLER);
    CHECK(!drops_coordinator_is_running(&coordinator));
    drops_coordinator_set_undelivered(&coordinator, note, &rows);
    drops_coordinator_set_undelivered(&coordinator, NULL, NULL);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_NO_HANDLER);
    drops_coordinator_set_undelivered(&coordinator, note, &rows);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
    CHECK_EQUAL(rows, 0);
}

static void run_reasons(void)
{
    check_case("reasons have names, and no other number has");
    static const char *const names[] = {"DROPPED_OLDEST", "DROPPED_NEWEST", "CLOSED", "DRAINED"};
    CHECK_EQUAL(CORINTH_UNDELIVERED_REASON_COUNT, sizeof(names) / sizeof(names[0]));
    for (int i = 0; i < CORINTH_UNDELIVERED_REASON_COUNT; i++) {
        CHECK(strcmp(corinth_undelivered_reason_name((corinth_undelivered_reason)i), names[i])
              == 0);
    }
    static const int others[] = {CORINTH_UNDELIVERED_REASON_COUNT, -1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        CHECK(strcmp(corinth_undelivered_reason_name((corinth_undelivered_reason)others[i]),
                     "UNKNOWN")
              == 0);
    }
}

static void run_newest(void)
{
    check_case("the newest is dropped where there is no room, one by one and in batches");
    start_coordinator();
    send_from(0, 1, DROPS_WORLD_NEWEST);
    send_from(1, 2, DROPS_WORLD_NEWEST);
    CHECK_EQUAL(rows, 0);
    send_from(1, 3, DROPS_WORLD_NEWEST);
    drops_transfer batch[5];
    new_transfers(batch, 4, 5, DROPS_WORLD_NEWEST);
    size_t sent = 0;
    CHECK_EQUAL(drops_source_send_batch(sources[0], batch, 5, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 5);
    drops_transfer transfer = new_transfer(9, DROPS_WORLD_NEWEST, false);
    CHECK_EQUAL(drops_source_to_newest_send(sources[0], &transfer), CORINTH_OK);
    CHECK_EQUAL(rows, 7);
    for (size_t row = 0; row < rows; row++) {
        check_handed(row, row + 3, DROPS_WORLD_SOURCE, DROPS_WORLD_NEWEST,
                     CORINTH_UNDELIVERED_DROPPED_NEWEST);
    }
    for (uint64_t number = 1; number <= 2; number++) {
        CHECK_EQUAL(drops_newest_receive(newest, &transfer), CORINTH_OK);
        CHECK_EQUAL(transfer.entity, number);
    }
    CHECK_EQUAL(drops_source_send_batch(sources[0], batch, 3, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 3);
    check_handed(7, 6, DROPS_WORLD_SOURCE, DROPS_WORLD_NEWEST, CORINTH_UNDELIVERED_DROPPED_NEWEST);
    corinth_lane_stats lane = stats_of(DROPS_SOURCE_TO_NEWEST_INDEX);
    CHECK_EQUAL(lane.sent, 12);
    CHECK_EQUAL(lane.received, 2);
    CHECK_EQUAL(lane.in_lane, 2);
    CHECK_EQUAL(lane.dropped_newest, 8);
    CHECK_EQUAL(lane.undelivered, 8);
    CHECK_EQUAL(lane.full, 4); /* claims: a batch that drops its rest is one of them */
}

static void run_newest_in_place(void)
{
    check_case("in place there is nothing yet to be dropped: FULL");
    start_coordinator();
    drops_source_to_newest_claim claim;
    CHECK_EQUAL(drops_source_to_newest_reserve(sources[0], 2, &claim), 2);
    /* Behind an open claim there is no room either. */
    send_from(1, 1, DROPS_WORLD_NEWEST);
    check_handed(0, 1, DROPS_WORLD_SOURCE, DROPS_WORLD_NEWEST, CORINTH_UNDELIVERED_DROPPED_NEWEST);
    drops_source_to_newest_commit(sources[0], &claim, 2);
    CHECK_EQUAL(drops_source_to_newest_reserve(sources[0], 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_FULL);
    CHECK_EQUAL(rows, 1);
    CHECK_EQUAL(stats_of(DROPS_SOURCE_TO_NEWEST_INDEX).full, 2);
}

static void run_oldest(void)
{
    check_case("the oldest is dropped to make room, in order, over many laps");
    start_coordinator();
    for (uint64_t number = 1; number <= 9; number++) {
        send_from((uint32_t)number % 2, number, DROPS_WORLD_OLDEST);
    }
    drops_transfer batch[5];
    new_transfers(batch, 10, 5, DROPS_WORLD_OLDEST);
    size_t sent = 0;
    CHECK_EQUAL(drops_source_send_batch(sources[0], batch, 5, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 5);
    CHECK_EQUAL(rows, 12);
    for (size_t row = 0; row < rows; row++) {
        check_handed(row, row + 1, DROPS_WORLD_SOURCE, DROPS_WORLD_OLDEST,
                     CORINTH_UNDELIVERED_DROPPED_OLDEST);
    }
    check_next(13, 14);
    corinth_lane_stats lane = stats_of(DROPS_SOURCE_TO_OLDEST_INDEX);
    CHECK_EQUAL(lane.sent, 14);
    CHECK_EQUAL(lane.received, 2);
    CHECK_EQUAL(lane.dropped_oldest, 12);
    CHECK_EQUAL(lane.undelivered, 12);
    CHECK_EQUAL(lane.full, 12);
    CHECK_EQUAL(lane.in_lane, 0);
}

static void run_oldest_in_place(void)
{
    check_case("a reserve drops the oldest, too, and an aborted claim makes room without a drop");
    start_coordinator();
    send_from(0, 1, DROPS_WORLD_OLDEST);
    send_from(0, 2, DROPS_WORLD_OLDEST);
    drops_source_to_oldest_claim claim;
    CHECK_EQUAL(drops_source_to_oldest_reserve(sources[0], 2, &claim), 1);
    CHECK_EQUAL(claim.status, CORINTH_OK);
    check_handed(0, 1, DROPS_WORLD_SOURCE, DROPS_WORLD_OLDEST, CORINTH_UNDELIVERED_DROPPED_OLDEST);
    claim.slots[0].entity = 3;
    drops_source_to_oldest_commit(sources[0], &claim, 1);
    check_next(2, 3);
    CHECK_EQUAL(drops_source_to_oldest_reserve(sources[0], 2, &claim), 1);
    drops_source_to_oldest_abort(sources[0], &claim);
    send_from(0, 4, DROPS_WORLD_OLDEST);
    CHECK_EQUAL(rows, 1);
    send_from(0, 5, DROPS_WORLD_OLDEST); /* where the aborted one was */
    CHECK_EQUAL(rows, 1);
    send_from(0, 6, DROPS_WORLD_OLDEST);
    check_handed(1, 4, DROPS_WORLD_SOURCE, DROPS_WORLD_OLDEST, CORINTH_UNDELIVERED_DROPPED_OLDEST);
    check_next(5, 6);
    CHECK_EQUAL(rows, 2);
}

static void run_oldest_is_held(void)
{
    check_case("while a receiver has the oldest, the newest is dropped and no other one");
    start_coordinator();
    send_from(0, 1, DROPS_WORLD_OLDEST);
    send_from(0, 2, DROPS_WORLD_OLDEST);
    drops_source_to_oldest_batch batch;
    CHECK_EQUAL(drops_source_to_oldest_peek(oldest[0], 1, &batch), 1);
    for (uint64_t number = 3; number <= 5; number++) {
        send_from(0, number, DROPS_WORLD_OLDEST);
        check_handed(number - 3, number, DROPS_WORLD_SOURCE, DROPS_WORLD_OLDEST,
                     CORINTH_UNDELIVERED_DROPPED_NEWEST);
    }
    drops_source_to_oldest_claim claim;
    CHECK_EQUAL(drops_source_to_oldest_reserve(sources[0], 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_FULL);
    CHECK_EQUAL(rows, 3);
    CHECK_EQUAL(batch.slots[0].entity, 1);
    drops_source_to_oldest_release(oldest[0], &batch, 1);
    send_from(0, 6, DROPS_WORLD_OLDEST);
    CHECK_EQUAL(rows, 3);
    check_next(2, 2);
    check_next(6, 6);
    corinth_lane_stats lane = stats_of(DROPS_SOURCE_TO_OLDEST_INDEX);
    CHECK_EQUAL(lane.dropped_newest, 3);
    CHECK_EQUAL(lane.dropped_oldest, 0);
    CHECK_EQUAL(lane.full, 4);
}

static void run_behind_a_claim(void)
{
    check_case("the oldest place is an open claim: the newest is dropped");
    start_coordinator();
    drops_source_to_oldest_claim claim;
    CHECK_EQUAL(drops_source_to_oldest_reserve(sources[0], 2, &claim), 2);
    send_from(1, 1, DROPS_WORLD_OLDEST);
    check_handed(0, 1, DROPS_WORLD_SOURCE, DROPS_WORLD_OLDEST, CORINTH_UNDELIVERED_DROPPED_NEWEST);
    claim.slots[0].entity = 2;
    claim.slots[1].entity = 3;
    drops_source_to_oldest_commit(sources[0], &claim, 2);
    check_next(2, 3);
    CHECK_EQUAL(rows, 1);
}

static void run_discard(void)
{
    check_case("what is discarded is counted the same and handed to none");
    start_coordinator();
    drops_transfer batch[5];
    size_t sent = 0;
    new_transfers(batch, 1, 5, DROPS_WORLD_NEWEST);
    CHECK_EQUAL(drops_single_send_batch(single, batch, 5, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 5);
    new_transfers(batch, 1, 5, DROPS_WORLD_OLDEST);
    CHECK_EQUAL(drops_single_send_batch(single, batch, 5, &sent), CORINTH_OK);
    CHECK_EQUAL(sent, 5);
    CHECK_EQUAL(rows, 0);
    CHECK_EQUAL(stats_of(DROPS_SINGLE_TO_NEWEST_INDEX).dropped_newest, 3);
    CHECK_EQUAL(stats_of(DROPS_SINGLE_TO_OLDEST_INDEX).dropped_oldest, 3);
    drops_transfer transfer;
    CHECK_EQUAL(drops_newest_receive(newest, &transfer), CORINTH_OK);
    CHECK_EQUAL(transfer.entity, 1);
    check_next(4, 5);
}

static void send_class(uint64_t number, bool is_priority)
{
    drops_transfer transfer = new_transfer(number, DROPS_WORLD_CLASSES, is_priority);
    CHECK_EQUAL(drops_source_send(sources[0], &transfer), CORINTH_OK);
}

static void run_classes(void)
{
    check_case("each class of a lane has its policy");
    start_coordinator();
    for (uint64_t number = 1; number <= 5; number++) {
        send_class(number, true);
        send_class(number + 10, false);
    }
    CHECK_EQUAL(rows, 4);
    static const uint64_t numbers[] = {11, 12, 5, 13};
    for (size_t row = 0; row < rows; row++) {
        bool is_priority = row == 2;
        check_handed(row, numbers[row], DROPS_WORLD_SOURCE, DROPS_WORLD_CLASSES,
                     is_priority ? CORINTH_UNDELIVERED_DROPPED_NEWEST
                                 : CORINTH_UNDELIVERED_DROPPED_OLDEST);
        CHECK_EQUAL(record[row].transfer.flags, is_priority ? DROPS_TRANSFER_PRIORITY : 0);
    }
    CHECK_EQUAL(stats_of(DROPS_SOURCE_TO_CLASSES_INDEX).undelivered, 4);
}

static void run_waiting_class(void)
{
    check_case("one class drops while the other waits for room, and keeps what it sends");
    start_coordinator();
    drops_transfer transfer = new_transfer(1, DROPS_WORLD_CLASSES, true);
    for (uint64_t i = 0; i < DROPS_SINGLE_TO_CLASSES_PRIORITY_CAPACITY; i++) {
        CHECK_EQUAL(drops_single_send(single, &transfer), CORINTH_OK);
    }
    CHECK_EQUAL(drops_single_send(single, &transfer), CORINTH_TIMED_OUT);
    CHECK_EQUAL(drops_single_try_send(single, &transfer), CORINTH_FULL);
    CHECK_EQUAL(rows, 0);
    for (uint64_t number = 1; number <= 3; number++) {
        transfer = new_transfer(number, DROPS_WORLD_CLASSES, false);
        CHECK_EQUAL(drops_single_send(single, &transfer), CORINTH_OK);
    }
    CHECK_EQUAL(drops_single_try_send(single, &transfer), CORINTH_OK);
    CHECK_EQUAL(rows, 2);
    check_handed(1, 3, DROPS_WORLD_SINGLE, DROPS_WORLD_CLASSES, CORINTH_UNDELIVERED_DROPPED_NEWEST);
}

static void run_stop(void)
{
    check_case("a stop isn't a drop, and a drain has a reason of its own");
    start_coordinator();
    send_from(0, 1, DROPS_WORLD_OLDEST);
    send_from(0, 2, DROPS_WORLD_OLDEST);
    CHECK_EQUAL(drops_coordinator_stop(&coordinator), CORINTH_OK);
    drops_transfer transfer = new_transfer(3, DROPS_WORLD_OLDEST, false);
    CHECK_EQUAL(drops_source_send(sources[0], &transfer), CORINTH_STOPPED);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
    CHECK_EQUAL(rows, 0);
    send_from(0, 4, DROPS_WORLD_OLDEST);
    CHECK_EQUAL(drops_coordinator_stop(&coordinator), CORINTH_OK);
    corinth_drain drain = {0, 0};
    for (uint64_t number = 2; number <= 4; number += 2) {
        CHECK(corinth_coordinator_take_left(&coordinator.base, &drain, &transfer));
        CHECK_EQUAL(transfer.entity, number);
    }
    CHECK(!corinth_coordinator_take_left(&coordinator.base, &drain, &transfer));
    CHECK_EQUAL(rows, 1);
    corinth_lane_stats lane = stats_of(DROPS_SOURCE_TO_OLDEST_INDEX);
    CHECK_EQUAL(lane.drained, 2);
    CHECK_EQUAL(lane.dropped_oldest, 1);
    CHECK_EQUAL(lane.undelivered, 3);
    CHECK_EQUAL(lane.sent, 3);
}

/* Sends what was dropped to another world. */
static void send_on(
    void *context, const drops_transfer *transfer, corinth_undelivered_reason reason)
{
    CHECK(context == NULL);
    CHECK_EQUAL(reason, CORINTH_UNDELIVERED_DROPPED_OLDEST);
    CHECK_EQUAL(drops_source_to_newest_send(sources[0], transfer), CORINTH_OK);
}

static void run_send_on(void)
{
    check_case("a handler may send over another lane of the port that dropped");
    open_coordinator();
    drops_coordinator_set_undelivered(&coordinator, send_on, NULL);
    CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
    for (uint64_t number = 1; number <= 4; number++) {
        send_from(0, number, DROPS_WORLD_OLDEST);
    }
    drops_transfer transfer;
    for (uint64_t number = 1; number <= 2; number++) {
        CHECK_EQUAL(drops_newest_receive(newest, &transfer), CORINTH_OK);
        CHECK_EQUAL(transfer.entity, number);
        CHECK_EQUAL(transfer.target, DROPS_WORLD_NEWEST);
    }
    check_next(3, 4);
}

#ifndef NDEBUG
/* Sends what was dropped over the same lane. */
static void send_again(
    void *context, const drops_transfer *transfer, corinth_undelivered_reason reason)
{
    CHECK(context == NULL);
    CHECK_AT_MOST(reason, CORINTH_UNDELIVERED_DROPPED_NEWEST);
    (void)drops_source_send(sources[0], transfer);
}

/* Whether a process that sends over a full lane to this world is stopped by an assertion. */
static bool stops(drops_world target)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)freopen("/dev/null", "w", stderr);
        drops_coordinator_set_undelivered(&coordinator, send_again, NULL);
        CHECK_EQUAL(drops_coordinator_start(&coordinator), CORINTH_OK);
        for (uint64_t number = 1; number <= 3; number++) {
            send_from(0, number, target);
        }
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void run_send_again(void)
{
    check_case("a debug build stops where a handler sends over the same lane");
    open_coordinator();
    CHECK(stops(DROPS_WORLD_NEWEST));
    CHECK(stops(DROPS_WORLD_OLDEST));
}
#endif

/* The ring's own calls, where positions wrap. */
static void run_ring_wraps(void)
{
    check_case("the oldest slot is found where positions wrap, and not in a ring that has room");
    static corinth_ring ring;
    static CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[2];
    corinth_ring_side sender;
    corinth_ring_side receiver;
    const corinth_position start = (corinth_position)0 - 3;
    corinth_ring_init(&ring, marks, 2, start);
    corinth_ring_init_producer(&sender, &ring, marks);
    corinth_ring_init_consumer(&receiver, &ring, marks);
    CHECK_EQUAL(corinth_mpmc_peek_oldest(&sender, 2), 0);
    for (corinth_position at = start; at != start + 8; at++) {
        bool has_room = at - start < 2;
        CHECK_EQUAL(corinth_mpmc_reserve(&sender, 2, 1), has_room);
        if (!has_room) {
            CHECK_EQUAL(corinth_mpmc_peek_oldest(&sender, 2), 1);
            CHECK(sender.next == at - 2);
            corinth_mpmc_release(&sender, 2, 1);
            CHECK_EQUAL(corinth_mpmc_peek_oldest(&sender, 2), 0);
            CHECK_EQUAL(corinth_mpmc_reserve(&sender, 2, 1), 1);
        }
        CHECK(sender.next == at);
        CHECK_EQUAL(corinth_mpmc_commit(&sender, 2, 1), 1);
    }
    CHECK_EQUAL(corinth_mpmc_peek(&receiver, 2, 2), 1);
    CHECK(receiver.next == start + 6);
    CHECK_EQUAL(corinth_mpmc_peek_oldest(&sender, 2), 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_handler();
    run_reasons();
    run_newest();
    run_newest_in_place();
    run_oldest();
    run_oldest_in_place();
    run_oldest_is_held();
    run_behind_a_claim();
    run_discard();
    run_classes();
    run_waiting_class();
    run_stop();
    run_send_on();
    run_ring_wraps();
#ifndef NDEBUG
    run_send_again();
#endif
    return 0;
}
