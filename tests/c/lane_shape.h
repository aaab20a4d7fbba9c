/*
 * lane_shape.h - the body of test_lane_*.c: one program for every kind of lane.
 *
 * Include it after the headers of one pair_*.yaml, with SHAPE and SHAPE_CONSTANT joining its names.
 * One thread uses all ports, so that every answer is determined and a model can say it.
 */
#include "lane_model.h"

#include <string.h>

#define WATCHDOG_S 60
#define WALK_STEPS 60000u
#define NEAR_THREADS SHAPE_CONSTANT(NEAR_THREADS)
#define FAR_THREADS SHAPE_CONSTANT(FAR_THREADS)
#define CAPACITY SHAPE_CONSTANT(NEAR_TO_FAR_CAPACITY)
#define PRIORITY_CAPACITY SHAPE_CONSTANT(NEAR_TO_FAR_PRIORITY_CAPACITY)
#define BURST SHAPE_CONSTANT(NEAR_TO_FAR_PRIORITY_BURST)
#define INDEX SHAPE_CONSTANT(NEAR_TO_FAR_INDEX)
#define NEAR SHAPE_CONSTANT(WORLD_NEAR)
#define FAR SHAPE_CONSTANT(WORLD_FAR)
#define PRIORITY SHAPE_CONSTANT(TRANSFER_PRIORITY)
#define KEEPS_SKIPPED (NEAR_THREADS > 1 || FAR_THREADS > 1)

typedef SHAPE(transfer) transfer;
typedef SHAPE(near_port) near_port;
typedef SHAPE(far_port) far_port;
typedef SHAPE(near_to_far_claim) claim;
typedef SHAPE(near_to_far_batch) batch;

static SHAPE(coordinator) coordinator;
static near_port *nears[NEAR_THREADS];
static far_port *fars[FAR_THREADS];

/* Where positions begin: a lap before they pass 31, 32 and 63 bits, and before they wrap. */
static const uint64_t starts[] = {
    0,
    UINT64_C(0x80000000) - CAPACITY,
    UINT64_C(0x100000000) - CAPACITY,
    UINT64_C(0x8000000000000000) - CAPACITY,
    (uint64_t)0 - CAPACITY,
};
#define START_COUNT (sizeof(starts) / sizeof(starts[0]))

static void begin(uint64_t start)
{
    CHECK_EQUAL(SHAPE(coordinator_init)(&coordinator), CORINTH_OK);
    SHAPE(near_to_far_init)(&coordinator.near_to_far, (corinth_position)start);
    CHECK_EQUAL(SHAPE(coordinator_start)(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < NEAR_THREADS; i++) {
        nears[i] = SHAPE(near_open)(&coordinator, i);
    }
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        fars[i] = SHAPE(far_open)(&coordinator, i);
    }
}

static corinth_lane_stats stats_of_lane(void)
{
    return SHAPE(coordinator_stats)(&coordinator).lanes[INDEX];
}

/* Transfer `number`, which says so twice and wrongly that it comes from far. */
static transfer numbered(uint64_t number, uint8_t flags)
{
    transfer result;
    SHAPE(transfer_init)(&result, FAR, FAR);
    result.entity = number;
    result.generation = (uint32_t)number;
    result.flags = flags;
    SHAPE(transfer_add_item)(&result)->number = ~number;
    return result;
}

/* It is transfer `number` with all that it had, from near to far. */
static void check_received(const transfer *received, uint64_t number, uint8_t flags)
{
    CHECK_EQUAL(received->entity, number);
    CHECK_EQUAL(received->generation, (uint32_t)number);
    CHECK_EQUAL(received->source, NEAR);
    CHECK_EQUAL(received->target, FAR);
    CHECK_EQUAL(received->flags, flags);
    CHECK(SHAPE(transfer_has_item)(received));
    CHECK_EQUAL(SHAPE(transfer_unpack_item)(received)->number, ~number);
}

static corinth_status send_one(near_port *port, uint64_t number, uint8_t flags)
{
    transfer before = numbered(number, flags);
    transfer after = before;
    corinth_status status = SHAPE(near_send)(port, &after);
    CHECK_EQUAL(memcmp(&before, &after, sizeof(before)), 0);
    return status;
}

static void receive_one(far_port *port, uint64_t number, uint8_t flags)
{
    transfer received;
    CHECK_EQUAL(SHAPE(far_receive)(port, &received), CORINTH_OK);
    check_received(&received, number, flags);
}

static void expect_empty(void)
{
    for (uint32_t i = 0; i < FAR_THREADS; i++) {
        transfer received;
        CHECK_EQUAL(SHAPE(far_receive)(fars[i], &received), CORINTH_EMPTY);
    }
    CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), 0);
}

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
        CHECK_AT_MOST(KEEPS_SKIPPED ? 1 : CAPACITY, stats_of_lane().high_water);
    }
}

static void fill(claim *open, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_EQUAL(open->slots[i].source, NEAR);
        CHECK_EQUAL(open->slots[i].target, FAR);
        CHECK_EQUAL(open->slots[i].entity, 0);
        CHECK_EQUAL(open->slots[i].generation, 0);
        CHECK_EQUAL(open->slots[i].mask, 0);
        transfer whole = numbered(number + i, open->slots[i].flags);
        open->slots[i] = whole; /* with the wrong source that it brings */
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
    check_case("what is given up is never received, counted or kept for good");
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
    check_case("priority goes first, but for one in each burst and one");
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
    CHECK_EQUAL(SHAPE(coordinator_deinit)(&coordinator), 0);
}

/* The lane's model: both rings, and how many with priority each port took since another one. */
typedef struct walker {
    model_ring rings[2];
    size_t bursts[FAR_THREADS];
    uint64_t next;
    uint64_t sent;
    uint64_t received;
} walker;

static void walk_send(walker *self, check_random *random)
{
    near_port *port = nears[check_random_below(random, NEAR_THREADS)];
    uint32_t is_urgent = check_random_below(random, 3) == 0;
    model_ring *ring = &self->rings[is_urgent];
    size_t wanted = 1 + check_random_below(random, 5);
    uint64_t numbers[5];
    for (size_t i = 0; i < 5; i++) {
        numbers[i] = self->next + i;
    }
    claim open;
    size_t expected = model_reserve(ring, wanted);
    if (check_random_below(random, 2) == 0) {
        CHECK_EQUAL(send_one(port, self->next, is_urgent ? PRIORITY : 0),
                    model_reserve(ring, 1) > 0 ? CORINTH_OK : CORINTH_FULL);
        expected = model_reserve(ring, 1);
        model_commit(ring, expected, expected, numbers);
        self->sent += expected;
    } else {
        size_t count = is_urgent ? SHAPE(near_to_far_reserve_priority)(port, wanted, &open)
                                 : SHAPE(near_to_far_reserve)(port, wanted, &open);
        CHECK_EQUAL(count, expected);
        CHECK_EQUAL(open.status, count > 0 ? CORINTH_OK : CORINTH_FULL);
        fill(&open, count, self->next);
        size_t kept = check_random_below(random, (uint32_t)count + 1);
        SHAPE(near_to_far_commit)(port, &open, kept);
        model_commit(ring, count, kept, numbers);
        self->sent += kept;
    }
    self->next += 5;
}

/* Which ring a peek takes from, and how many it gets: as priority and its burst say. */
static size_t walk_expect(walker *self, size_t burst, size_t wanted, uint32_t *is_urgent)
{
    size_t allowed = BURST - burst;
    size_t most = wanted < allowed ? wanted : allowed;
    size_t count = most > 0 ? model_peek(&self->rings[1], most) : 0;
    *is_urgent = 1;
    if (count == 0) {
        count = model_peek(&self->rings[0], wanted);
        *is_urgent = 0;
    }
    if (count == 0) {
        count = model_peek(&self->rings[1], wanted < BURST ? wanted : BURST);
        *is_urgent = 1;
    }
    return count;
}

static void walk_receive(walker *self, check_random *random)
{
    uint32_t index = check_random_below(random, FAR_THREADS);
    size_t wanted = 1 + check_random_below(random, CAPACITY);
    uint32_t is_urgent;
    size_t expected = walk_expect(self, self->bursts[index], wanted, &is_urgent);
    batch ready;
    CHECK_EQUAL(SHAPE(near_to_far_peek)(fars[index], wanted, &ready), expected);
    for (size_t i = 0; i < expected; i++) {
        uint64_t number = self->rings[is_urgent].entries[i];
        check_received(&ready.slots[i], number, is_urgent ? PRIORITY : 0);
    }
    size_t count = expected;
    if (FAR_THREADS == 1) {
        count = check_random_below(random, (uint32_t)expected + 1);
    }
    SHAPE(near_to_far_release)(fars[index], &ready, count);
    model_release(&self->rings[is_urgent], count);
    size_t burst = self->bursts[index] + count;
    if (count > 0) {
        self->bursts[index] = !is_urgent ? 0 : burst < BURST ? burst : BURST;
    }
    self->received += count;
}

static void run_walk(uint64_t seed, uint64_t stream, uint64_t start)
{
    check_case("a random walk, all answers as the model's");
    begin(start);
    check_random random = check_random_stream(seed, stream);
    walker self = {.next = 1};
    model_init(&self.rings[0], CAPACITY, start, KEEPS_SKIPPED);
    model_init(&self.rings[1], PRIORITY_CAPACITY, start, KEEPS_SKIPPED);
    /* Phases in which one side is faster, so that the lane is often full and often empty. */
    for (uint64_t step = 0; step < check_scaled(WALK_STEPS); step++) {
        uint32_t sends = step % 200 < 100 ? 2 : 1;
        if (check_random_below(&random, 3) < sends) {
            walk_send(&self, &random);
        } else {
            walk_receive(&self, &random);
        }
        CHECK_EQUAL(SHAPE(coordinator_pending)(&coordinator, FAR), self.sent - self.received);
    }
    CHECK_EQUAL(stats_of_lane().sent, self.sent);
    CHECK_EQUAL(stats_of_lane().received, self.received);
}

int main(int argc, char **argv)
{
    uint64_t seed = check_begin(argc, argv, WATCHDOG_S);
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
        run_walk(seed, i, starts[i]);
    }
    return 0;
}
