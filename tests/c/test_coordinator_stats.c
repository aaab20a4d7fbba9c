/*
 * Goal: statistics and what is pending: exact whenever no call is in progress, sent = received + in
 * lane + undelivered at all times, and a reset that changes neither.
 * Method: known sequences, judged after each call; then a random walk over all lanes with resets in
 * between, against plain counters; then a reader beside threads that send, receive and reset.
 */
#include "mixed_ports.h"
#include "stress.h"

#define WALK_STEPS 40000u
#define THREAD_TRANSFERS 100000u

static void check_lane(size_t lane, uint64_t sent, uint64_t received, uint64_t in_lane,
                       uint64_t undelivered)
{
    corinth_lane_stats stats = stats_of(lane);
    CHECK_EQUAL(stats.sent, sent);
    CHECK_EQUAL(stats.received, received);
    CHECK_EQUAL(stats.in_lane, in_lane);
    CHECK_EQUAL(stats.undelivered, undelivered);
}

static void drop(void *context, const mixed_transfer *transfer)
{
    (void)context;
    CHECK(transfer != NULL);
}

static void run_each_counter(void)
{
    check_case("each counter counts its own event when it happens");
    start_coordinator();
    const size_t lane = MIXED_MEDIUM_TO_HUB_INDEX;
    mixed_medium_to_hub_claim claim;
    mixed_medium_to_hub_batch ready;
    CHECK_EQUAL(mixed_medium_to_hub_reserve(medium, 6, &claim), 6);
    check_lane(lane, 0, 0, 0, 0);
    mixed_medium_to_hub_commit(medium, &claim, 4);
    check_lane(lane, 4, 0, 4, 0);
    CHECK_EQUAL(mixed_medium_to_hub_reserve_priority(medium, 3, &claim), 3);
    mixed_medium_to_hub_commit(medium, &claim, 3);
    check_lane(lane, 7, 0, 7, 0);
    CHECK_EQUAL(mixed_medium_to_hub_reserve(medium, 2, &claim), 2);
    mixed_medium_to_hub_abort(medium, &claim);
    check_lane(lane, 7, 0, 7, 0);
    CHECK_EQUAL(mixed_medium_to_hub_peek(hub, 9, &ready), MIXED_MEDIUM_TO_HUB_PRIORITY_BURST);
    check_lane(lane, 7, 0, 7, 0);
    mixed_medium_to_hub_release(hub, &ready, 1);
    check_lane(lane, 7, 1, 6, 0);
    CHECK_EQUAL(stats_of(lane).full, 0);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), 6);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_MEDIUM), 0);
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, drop, NULL), 6);
    check_lane(lane, 7, 1, 0, 6);
}

static void send_and_receive(uint64_t sends, uint64_t receives)
{
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    for (uint64_t i = 0; i < sends; i++) {
        CHECK_EQUAL(mixed_light_send(light, &transfer), CORINTH_OK);
    }
    for (uint64_t i = 0; i < receives; i++) {
        CHECK_EQUAL(mixed_hub_receive(hub, &transfer), CORINTH_OK);
    }
}

static void run_reset(void)
{
    check_case("after a reset counts begin at what is in the lane, maxima at nothing");
    start_coordinator();
    const size_t lane = MIXED_LIGHT_TO_HUB_INDEX;
    send_and_receive(5, 0);
    send_and_receive(0, 2);
    CHECK_EQUAL(stats_of(lane).high_water, 5);
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    for (int i = 0; i < 3; i++) {
        send_and_receive(i == 0 ? 13 : 0, 0);
        CHECK_EQUAL(mixed_light_send(light, &transfer), CORINTH_FULL);
    }
    CHECK_EQUAL(stats_of(lane).full, 3);
    mixed_light_record_tick(light, 30);
    mixed_light_record_tick(light, 10);
    corinth_world_stats world = mixed_coordinator_stats(&coordinator).worlds[MIXED_WORLD_LIGHT];
    CHECK_EQUAL(world.ticks, 2);
    CHECK_EQUAL(world.tick_ns_total, 40);
    CHECK_EQUAL(world.tick_ns_max, 30);
    world = mixed_coordinator_stats(&coordinator).worlds[MIXED_WORLD_HEAVY];
    CHECK_EQUAL(world.ticks, 0);
    check_lane(lane, 18, 2, 16, 0);
    mixed_coordinator_stats_reset(&coordinator);
    check_lane(lane, 16, 0, 16, 0);
    CHECK_EQUAL(stats_of(lane).full, 0);
    CHECK_EQUAL(stats_of(lane).high_water, 0);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), 16);
    world = mixed_coordinator_stats(&coordinator).worlds[MIXED_WORLD_LIGHT];
    CHECK_EQUAL(world.ticks + world.tick_ns_total + world.tick_ns_max, 0);
    mixed_light_record_tick(light, 7);
    world = mixed_coordinator_stats(&coordinator).worlds[MIXED_WORLD_LIGHT];
    CHECK_EQUAL(world.ticks, 1);
    CHECK_EQUAL(world.tick_ns_max, 7);
    send_and_receive(0, 1);
    CHECK(stats_of(lane).high_water != 5); /* That was seen before. */
    send_and_receive(0, 15);
    check_lane(lane, 16, 16, 0, 0);
    send_and_receive(3, 1);
    mixed_coordinator_stats_reset(&coordinator);
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, drop, NULL), 2);
    check_lane(lane, 2, 0, 0, 2);
    mixed_coordinator_stats_reset(&coordinator);
    check_lane(lane, 0, 0, 0, 0);
}

static void run_drain_beside_maxima(void)
{
    check_case("what a drain took a receiver hasn't seen ready");
    start_coordinator();
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_light_send(light, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, drop, NULL), 1);
    mixed_coordinator_stats_reset(&coordinator);
    CHECK_EQUAL(mixed_hub_receive(hub, &transfer), CORINTH_EMPTY);
    CHECK_EQUAL(stats_of(MIXED_LIGHT_TO_HUB_INDEX).high_water, 0);
}

/* A lane's counters as plain numbers since the last reset. */
typedef struct plain {
    uint64_t sent;
    uint64_t received;
    uint64_t full;
} plain;

static const size_t lanes_to_hub[3] = {
    MIXED_HEAVY_TO_HUB_INDEX, MIXED_LIGHT_TO_HUB_INDEX, MIXED_MEDIUM_TO_HUB_INDEX};
static const mixed_world sources[3] = {
    MIXED_WORLD_HEAVY, MIXED_WORLD_LIGHT, MIXED_WORLD_MEDIUM};

static size_t lane_from(mixed_world source)
{
    return source == sources[0] ? 0 : source == sources[1] ? 1 : 2;
}

static void check_plain(const plain counts[3])
{
    uint64_t pending = 0;
    for (size_t i = 0; i < 3; i++) {
        corinth_lane_stats stats = stats_of(lanes_to_hub[i]);
        CHECK_EQUAL(stats.sent, counts[i].sent);
        CHECK_EQUAL(stats.received, counts[i].received);
        CHECK_EQUAL(stats.full, counts[i].full);
        CHECK_EQUAL(stats.in_lane, counts[i].sent - counts[i].received);
        pending += stats.in_lane;
    }
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), pending);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), pending);
}

static void run_walk(stress *run)
{
    check_case("a random walk over three lanes with resets in between");
    start_coordinator();
    check_random random = check_random_stream(run->seed, 0);
    plain counts[3] = {{0, 0, 0}};
    uint64_t steps = check_scaled(WALK_STEPS);
    for (uint64_t step = 0; step < steps; step++) {
        uint32_t choice = check_random_below(&random, 100);
        mixed_transfer transfer = new_transfer(step, MIXED_WORLD_HUB);
        if (choice < 55) {
            size_t i = check_random_below(&random, 3);
            transfer.source = sources[i];
            transfer.flags = choice % 2 == 0 ? MIXED_TRANSFER_PRIORITY : 0;
            corinth_status status = mixed_coordinator_send(&coordinator, &transfer);
            counts[i].sent += status == CORINTH_OK;
            counts[i].full += status == CORINTH_FULL;
        } else if (choice < 99) {
            if (mixed_hub_receive(hub, &transfer) == CORINTH_OK) {
                counts[lane_from(transfer.source)].received++;
            }
        } else {
            mixed_coordinator_stats_reset(&coordinator);
            for (size_t i = 0; i < 3; i++) {
                counts[i] = (plain){.sent = counts[i].sent - counts[i].received};
            }
        }
        check_plain(counts);
    }
    stress_reached(run, "steps", steps, steps);
}

static uint32_t is_over; /* atomic */

static void *send_all(void *context)
{
    mixed_world source = *(const mixed_world *)context;
    unsigned attempts = 0;
    for (uint64_t i = 0; i < check_scaled(THREAD_TRANSFERS);) {
        mixed_transfer transfer = new_transfer(i, MIXED_WORLD_HUB);
        transfer.source = source;
        if (mixed_coordinator_send(&coordinator, &transfer) == CORINTH_OK) {
            i++;
        } else {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static void *observe(void *context)
{
    (void)context;
    while (corinth_internal_load_acquire_u32(&is_over) == 0) {
        mixed_coordinator_snapshot stats = mixed_coordinator_stats(&coordinator);
        for (size_t i = 0; i < 3; i++) {
            const corinth_lane_stats *lane = &stats.lanes[lanes_to_hub[i]];
            CHECK_AT_MOST(lane->received, lane->sent);
            CHECK_EQUAL(lane->sent, lane->received + lane->in_lane + lane->undelivered);
        }
        (void)sched_yield();
    }
    return NULL;
}

static void run_threads(stress *run)
{
    check_case("snapshots and resets beside threads that send and receive");
    start_coordinator();
    is_over = 0;
    pthread_t threads[4];
    mixed_world worlds[3] = {MIXED_WORLD_HEAVY, MIXED_WORLD_LIGHT, MIXED_WORLD_MEDIUM};
    for (size_t i = 0; i < 3; i++) {
        threads[i] = check_thread(send_all, &worlds[i]);
    }
    threads[3] = check_thread(observe, NULL);
    uint64_t total = 3 * check_scaled(THREAD_TRANSFERS);
    uint64_t left = total;
    unsigned attempts = 0;
    while (left > 0) {
        mixed_transfer received;
        if (mixed_hub_receive(hub, &received) == CORINTH_OK) {
            left--;
        } else {
            check_relax(&attempts);
        }
        if (left % 1000 == 0) {
            mixed_coordinator_stats_reset(&coordinator);
        }
    }
    corinth_internal_store_release_u32(&is_over, 1);
    for (size_t i = 0; i < 4; i++) {
        check_join(threads[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        corinth_lane_stats stats = stats_of(lanes_to_hub[i]);
        CHECK_EQUAL(stats.in_lane, 0);
        CHECK_EQUAL(stats.sent, stats.received);
    }
    stress_reached(run, "transfers", total, total);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    run_each_counter();
    run_reset();
    run_drain_beside_maxima();
    while (stress_next_round(&run)) {
        run_walk(&run);
        run_threads(&run);
    }
    return 0;
}
