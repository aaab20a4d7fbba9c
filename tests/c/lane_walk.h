/*
 * lane_walk.h - a random walk over all calls of a lane, each answer judged by a model.
 */
#ifndef LANE_WALK_H
#define LANE_WALK_H

#include "lane_model.h"
#include "lane_ports.h"
#include "stress.h"

#define WALK_STEPS 300000u

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

static void walk(const stress *run, uint64_t steps, uint64_t stream, uint64_t start)
{
    begin(start);
    check_random random = check_random_stream(run->seed, stream);
    walker self = {.next = 1};
    model_init(&self.rings[0], CAPACITY, start, KEEPS_SKIPPED);
    model_init(&self.rings[1], PRIORITY_CAPACITY, start, KEEPS_SKIPPED);
    /* Phases in which one side is faster, so that the lane is often full and often empty. */
    for (uint64_t step = 0; step < steps; step++) {
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

static void run_walks(stress *run, const uint64_t *starts, size_t count)
{
    check_case("random walks, all results as the model's");
    uint64_t steps = check_scaled(WALK_STEPS);
    for (size_t i = 0; i < count; i++) {
        walk(run, steps, i, starts[i]);
    }
    stress_reached(run, "steps", count * steps, count * steps);
}

#endif
