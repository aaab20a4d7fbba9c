/*
 * lane_shape.h - the body of test_lane_*.c: one program for every kind of lane.
 *
 * Include it after the headers of one pair_*.yaml, with SHAPE and SHAPE_CONSTANT joining its names.
 */
#ifndef LANE_SHAPE_H
#define LANE_SHAPE_H

#include "lane_ports.h"
#include "lane_walk.h"

/* Where positions begin: a lap before they pass 31, 32 and 63 bits, and before they wrap. */
static const uint64_t starts[] = {
    0,
    UINT64_C(0x80000000) - CAPACITY,
    UINT64_C(0x100000000) - CAPACITY,
    UINT64_C(0x8000000000000000) - CAPACITY,
    (uint64_t)0 - CAPACITY,
};
#define START_COUNT (sizeof(starts) / sizeof(starts[0]))

static void run_copies(uint64_t start)
{
    check_case("send until it is full, receive until it is empty");
    begin(start);
    for (uint64_t round = 0; round < 5; round++) {
        for (uint64_t i = 0; i < CAPACITY; i++) {
            CHECK_EQUAL(send_one(nears[i % NEAR_THREADS], i, 0), CORINTH_OK);
            CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), i + 1);
        }
        CHECK_EQUAL(send_one(nears[0], CAPACITY, 0), CORINTH_FULL);
        for (uint64_t i = 0; i < CAPACITY; i++) {
            receive_one(fars[i % FAR_THREADS], i, 0);
        }
        expect_empty();
        CHECK_EQUAL(stats_of_lane().sent, (round + 1) * CAPACITY);
        CHECK_EQUAL(stats_of_lane().received, (round + 1) * CAPACITY);
        CHECK_EQUAL(stats_of_lane().full, round + 1);
        /* Where others share the lane, a receiver looks at how much there is now and then only. */
        CHECK_AT_MOST(stats_of_lane().high_water, CAPACITY);
        CHECK_AT_MOST(HAS_MARKS ? 1 : CAPACITY, stats_of_lane().high_water);
    }
}

static void run_in_place(uint64_t start)
{
    check_case("claims are filled, published and read in place; headers are right anyway");
    begin(start);
    claim open;
    batch ready;
    CHECK_EQUAL(SHAPE(near_to_far_reserve)(nears[0], 4 * CAPACITY, &open), CAPACITY);
    CHECK_EQUAL(open.status, CORINTH_OK);
    CHECK_EQUAL(open.count, CAPACITY);
    fill(&open, CAPACITY, 100);
    CHECK_EQUAL(SHAPE(near_to_far_peek)(fars[0], 1, &ready), 0);
    CHECK_EQUAL(stats_of_lane().sent, 0);
    SHAPE(near_to_far_commit)(nears[0], &open, CAPACITY);
    CHECK_EQUAL(stats_of_lane().sent, CAPACITY);
    CHECK_EQUAL(SHAPE(near_to_far_reserve)(nears[0], 1, &open), 0);
    CHECK_EQUAL(open.status, CORINTH_FULL);
    CHECK_EQUAL(SHAPE(near_to_far_peek)(fars[0], 4 * CAPACITY, &ready), CAPACITY);
    for (size_t i = 0; i < CAPACITY; i++) {
        check_received(&ready.slots[i], 100 + i, 0);
    }
    CHECK_EQUAL(stats_of_lane().in_lane, CAPACITY);
    SHAPE(near_to_far_release)(fars[0], &ready, CAPACITY);
    CHECK_EQUAL(stats_of_lane().received, CAPACITY);
    CHECK_EQUAL(SHAPE(near_to_far_reserve_priority)(nears[0], 2, &open), 2);
    CHECK_EQUAL(open.slots[1].flags, PRIORITY);
    fill(&open, 2, 200);
    SHAPE(near_to_far_commit)(nears[0], &open, 2);
    receive_one(fars[0], 200, PRIORITY);
    receive_one(fars[0], 201, PRIORITY);
    expect_empty();
}

static void run_given_up(uint64_t start)
{
    check_case("what is aborted is never received, counted or kept for good");
    begin(start);
    claim open;
    CHECK_EQUAL(SHAPE(near_to_far_reserve)(nears[0], 5, &open), 5);
    fill(&open, 5, 0);
    SHAPE(near_to_far_commit)(nears[0], &open, 3);
    CHECK_EQUAL(send_one(nears[0], 3, 0), CORINTH_OK);
    CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), 4);
    for (uint64_t i = 0; i < 4; i++) {
        receive_one(fars[0], i, 0);
    }
    expect_empty();
    for (int round = 0; round < 50; round++) {
        size_t count = SHAPE(near_to_far_reserve)(nears[0], 3, &open);
        if (count == 0) {
            CHECK_EQUAL(open.status, CORINTH_FULL);
            CHECK(KEEPS_SKIPPED);
            expect_empty();
            count = SHAPE(near_to_far_reserve)(nears[0], 3, &open);
        }
        CHECK(count > 0);
        SHAPE(near_to_far_abort)(nears[0], &open);
        CHECK_EQUAL(SHAPE(coordinator_total_pending)(&coordinator), 0);
    }
    expect_empty();
    for (uint64_t i = 0; i < CAPACITY; i++) {
        CHECK_EQUAL(send_one(nears[0], i, 0), CORINTH_OK);
    }
    CHECK_EQUAL(stats_of_lane().sent, 4 + CAPACITY);
    CHECK_EQUAL(stats_of_lane().received, 4);
}

/* Where one thread receives, it may leave the rest of a batch for later. */
static void run_part_of_a_batch(uint64_t start)
{
    check_case("a part of a batch is released, the rest is claimed again");
    begin(start);
    uint64_t sent = 0;
    uint64_t next = 0;
    for (uint64_t round = 0; next < 5 * CAPACITY; round++) {
        while (sent - next < CAPACITY) {
            CHECK_EQUAL(send_one(nears[0], sent, 0), CORINTH_OK);
            sent++;
        }
        CHECK_EQUAL(send_one(nears[0], sent, 0), CORINTH_FULL);
        batch ready;
        size_t count = CAPACITY - (size_t)(next % CAPACITY);
        CHECK_EQUAL(SHAPE(near_to_far_peek)(fars[0], CAPACITY, &ready), count);
        check_received(&ready.slots[0], next, 0);
        check_received(&ready.slots[count - 1], next + count - 1, 0);
        size_t released = round % 3 < count ? (size_t)(round % 3) : count;
        SHAPE(near_to_far_release)(fars[0], &ready, released);
        next += released;
        CHECK_EQUAL(stats_of_lane().received, next);
        CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), sent - next);
    }
    for (; next < sent; next++) {
        receive_one(fars[0], next, 0);
    }
    expect_empty();
}

/* Several ports of a world in one lane: claims are in the order of their reservation. */
static void run_ports_in_one_lane(uint64_t start)
{
    check_case("several ports use one lane; a claim holds up what is behind it");
    begin(start);
    transfer received;
    if (NEAR_THREADS > 1) {
        claim first;
        CHECK_EQUAL(SHAPE(near_to_far_reserve)(nears[1], 2, &first), 2);
        CHECK_EQUAL(send_one(nears[0], 2, 0), CORINTH_OK);
        CHECK_EQUAL(SHAPE(far_receive)(fars[0], &received), CORINTH_EMPTY);
        fill(&first, 2, 0);
        SHAPE(near_to_far_commit)(nears[1], &first, 2);
    } else {
        for (uint64_t i = 0; i < 3; i++) {
            CHECK_EQUAL(send_one(nears[0], i, 0), CORINTH_OK);
        }
    }
    if (FAR_THREADS > 1) {
        batch ready;
        CHECK_EQUAL(SHAPE(near_to_far_peek)(fars[1], 2, &ready), 2);
        receive_one(fars[0], 2, 0);
        check_received(&ready.slots[0], 0, 0);
        check_received(&ready.slots[1], 1, 0);
        SHAPE(near_to_far_release)(fars[1], &ready, 2);
    } else {
        for (uint64_t i = 0; i < 3; i++) {
            receive_one(fars[0], i, 0);
        }
    }
    expect_empty();
}

/* At most BURST transfers with priority before another one, however many there are. */
static void run_burst(uint64_t start)
{
    check_case("priority goes first, except for one in each burst and one");
    begin(start);
    uint64_t urgent = 0;
    uint64_t normal = 0;
    uint64_t received_urgent = 0;
    uint64_t received_normal = 0;
    for (uint64_t step = 0; step < 20 * (BURST + 1); step++) {
        while (send_one(nears[0], 1000 + urgent, PRIORITY) == CORINTH_OK) {
            urgent++;
        }
        while (send_one(nears[0], normal, 0) == CORINTH_OK) {
            normal++;
        }
        CHECK_EQUAL(urgent - received_urgent, PRIORITY_CAPACITY);
        if (step % (BURST + 1) == BURST) {
            receive_one(fars[0], received_normal++, 0);
        } else {
            receive_one(fars[0], 1000 + received_urgent++, PRIORITY);
        }
    }
    /* In batches too: the next one with priority comes after the first of the others. */
    transfer out[PRIORITY_CAPACITY + CAPACITY];
    size_t count = SHAPE(far_receive_batch)(fars[0], out, PRIORITY_CAPACITY + CAPACITY);
    CHECK_EQUAL(count, PRIORITY_CAPACITY - 1 + CAPACITY);
    size_t since = 0;
    for (size_t i = 0; i < count && received_normal < normal; i++) {
        bool is_urgent = (out[i].flags & PRIORITY) != 0;
        since = is_urgent ? since + 1 : 0;
        CHECK_AT_MOST(since, BURST);
        received_normal += !is_urgent;
    }
    expect_empty();
}

typedef struct drained {
    uint64_t seen[2];
} drained;

static void take(void *context, const transfer *left)
{
    drained *self = context;
    size_t is_urgent = (left->flags & PRIORITY) != 0;
    check_received(left, self->seen[is_urgent], is_urgent ? PRIORITY : 0);
    self->seen[is_urgent]++;
}

static void run_drain(uint64_t start)
{
    check_case("drain hands over what is left, in order, once, and counts it");
    begin(start);
    for (uint64_t i = 0; i < 3; i++) {
        CHECK_EQUAL(send_one(nears[0], i, 0), CORINTH_OK);
        CHECK_EQUAL(send_one(nears[0], i, PRIORITY), CORINTH_OK);
    }
    claim open;
    CHECK_EQUAL(SHAPE(near_to_far_reserve)(nears[0], 2, &open), 2);
    SHAPE(near_to_far_abort)(nears[0], &open);
    CHECK_EQUAL(send_one(nears[0], 3, 0), CORINTH_OK);
    drained all = {{0, 0}};
    CHECK_EQUAL(SHAPE(coordinator_drain)(&coordinator, take, &all), 7);
    CHECK_EQUAL(all.seen[0], 4);
    CHECK_EQUAL(all.seen[1], 3);
    CHECK_EQUAL(stats_of_lane().sent, 7);
    CHECK_EQUAL(stats_of_lane().received, 0);
    CHECK_EQUAL(stats_of_lane().undelivered, 7);
    CHECK_EQUAL(stats_of_lane().in_lane, 0);
    CHECK_EQUAL(SHAPE(coordinator_drain)(&coordinator, take, &all), 0);
    /* More with priority than a burst, and nothing else. */
    for (uint64_t i = 3; i < 3 + PRIORITY_CAPACITY; i++) {
        CHECK_EQUAL(send_one(nears[0], i, PRIORITY), CORINTH_OK);
    }
    CHECK_EQUAL(SHAPE(coordinator_drain)(&coordinator, take, &all), PRIORITY_CAPACITY);
    CHECK_EQUAL(SHAPE(coordinator_drain)(&coordinator, take, &all), 0);
    CHECK_EQUAL(SHAPE(coordinator_deinit)(&coordinator), 0);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    for (size_t i = 0; i < START_COUNT; i++) {
        run_copies(starts[i]);
        run_in_place(starts[i]);
        run_given_up(starts[i]);
        if (FAR_THREADS == 1) {
            run_part_of_a_batch(starts[i]);
        }
        run_ports_in_one_lane(starts[i]);
        run_burst(starts[i]);
        run_drain(starts[i]);
    }
    while (stress_next_round(&run)) {
        run_walks(&run, starts, START_COUNT);
    }
    return 0;
}

#endif
