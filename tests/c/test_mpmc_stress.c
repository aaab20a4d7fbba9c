/*
 * Goal: the MPMC ring delivers every committed item exactly once and in its producer's order, never
 * shows an aborted slot and loses none, also where positions and laps wrap.
 * Method: 8 producers and 8 consumers of 100,000 items each at capacities 2, 4 and 1024, with bulk
 * claims, partial commits, aborts and threads that pause inside a claim. Every delivery is recorded
 * in a bitmap; whoever owns a slot spoils it before giving it away.
 */
#include "mpmc_lane.h"

#include <string.h>

#define PRODUCERS 8
#define CONSUMERS 8
#define ITEMS_EACH 100000u
#define BULK_MAX 8
#define BUDGET_S 8
#define WATCHDOG_S 90

typedef struct actor {
    lane *queue;
    uint32_t index;
    uint64_t last[PRODUCERS]; /* consumer: 1 + the last number received from each */
    uint32_t sent;            /* producer */
    uint64_t aborted;         /* producer: slots that it gave up */
    uint8_t seen[PRODUCERS][ITEMS_EACH / 8 + 1];
} actor;

static lane the_lane;
static actor producers[PRODUCERS];
static actor consumers[CONSUMERS];

static uint64_t seal_of(corinth_position position, uint32_t producer, uint32_t number)
{
    return ((uint64_t)position << 8) ^ ((uint64_t)producer << 40) ^ ((uint64_t)number << 16);
}

/* Fills a claim with numbers from `number` on; what lies behind the first `count` is given up. */
static void fill(
    actor *self, corinth_position first, size_t claimed, size_t count, uint32_t number)
{
    for (size_t i = 0; i < claimed; i++) {
        corinth_position position = first + (corinth_position)i;
        item *slot = slot_of(self->queue, position);
        CHECK(slot->seal == SPOILED || slot->seal == ABORTED);
        slot->producer = self->index;
        slot->number = number + (uint32_t)i;
        slot->seal = i < count ? seal_of(position, self->index, slot->number) : ABORTED;
    }
}

static void *produce(void *context)
{
    actor *self = context;
    lane *queue = self->queue;
    check_random random = check_random_stream(queue->seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint32_t number = 0;
    while (number < queue->items_each && check_has_time(&queue->budget, &steps)) {
        corinth_position first;
        uint32_t left = queue->items_each - number;
        uint32_t wanted = 1 + check_random_below(&random, BULK_MAX);
        size_t claimed = reserve(queue, wanted < left ? wanted : left, &first);
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* One claim in 16 ends early. */
        bool is_partial = check_random_below(&random, 16) == 0;
        size_t count = is_partial ? check_random_below(&random, (uint32_t)claimed) : claimed;
        fill(self, first, claimed, count, number);
        if (check_random_below(&random, 64) == 0) {
            (void)sched_yield();
        }
        commit(queue, first, claimed, count);
        number += (uint32_t)count;
        self->aborted += claimed - count;
    }
    self->sent = number;
    __atomic_fetch_sub(&queue->producers_left, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Checks one delivery and records it. */
static void receive_item(actor *self, corinth_position position)
{
    item *slot = slot_of(self->queue, position);
    CHECK(slot->seal != SPOILED && slot->seal != ABORTED);
    CHECK_AT_MOST(slot->producer, PRODUCERS - 1);
    CHECK_AT_MOST(slot->number, self->queue->items_each - 1);
    CHECK_EQUAL(slot->seal, seal_of(position, slot->producer, slot->number));
    CHECK_AT_MOST(self->last[slot->producer], slot->number);
    self->last[slot->producer] = (uint64_t)slot->number + 1;
    uint8_t *byte = &self->seen[slot->producer][slot->number / 8];
    *byte = (uint8_t)(*byte | 1u << slot->number % 8);
    slot->seal = SPOILED;
}

static void *consume(void *context)
{
    actor *self = context;
    lane *queue = self->queue;
    check_random random = check_random_stream(queue->seed, PRODUCERS + self->index);
    unsigned attempts = 0;
    for (bool is_last = false;;) {
        corinth_position first;
        size_t wanted = 1 + check_random_below(&random, BULK_MAX);
        size_t count = peek(queue, wanted, &first);
        CHECK_AT_MOST(count, wanted);
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        if (count == 0) {
            if (is_last) {
                return NULL;
            }
            /* What is there once all producers are done is all there is. */
            is_last = __atomic_load_n(&queue->producers_left, __ATOMIC_ACQUIRE) == 0;
            check_relax(&attempts);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            receive_item(self, first + (corinth_position)i);
        }
        if (check_random_below(&random, 64) == 0) {
            (void)sched_yield();
        }
        release(queue, first, count);
    }
}

/* Every item was seen by exactly one consumer; the bitmaps are added up without carrying. */
static void check_exactly_once(void)
{
    for (uint32_t producer = 0; producer < PRODUCERS; producer++) {
        for (uint32_t number = 0; number < producers[producer].sent; number++) {
            unsigned times = 0;
            for (uint32_t consumer = 0; consumer < CONSUMERS; consumer++) {
                unsigned bits = consumers[consumer].seen[producer][number / 8];
                times += bits >> number % 8 & 1u;
            }
            CHECK_EQUAL(times, 1);
        }
    }
}

static void run_stress(lane *queue, size_t capacity, corinth_position start, uint64_t seed)
{
    lane_init(queue, capacity, start);
    queue->seed = seed;
    queue->items_each = (uint32_t)check_scaled(ITEMS_EACH);
    queue->producers_left = PRODUCERS;
    queue->budget = check_budget_of(BUDGET_S);
    printf("- stress: %d x %d, capacity %zu\n", PRODUCERS, CONSUMERS, capacity);
    fflush(stdout);
    memset(producers, 0, sizeof(producers));
    memset(consumers, 0, sizeof(consumers));
    pthread_t threads[PRODUCERS + CONSUMERS];
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        producers[i].queue = queue;
        producers[i].index = i;
        threads[i] = check_thread(produce, &producers[i]);
    }
    for (uint32_t i = 0; i < CONSUMERS; i++) {
        consumers[i].queue = queue;
        consumers[i].index = i;
        threads[PRODUCERS + i] = check_thread(consume, &consumers[i]);
    }
    for (uint32_t i = 0; i < PRODUCERS + CONSUMERS; i++) {
        check_join(threads[i]);
    }
    check_exactly_once();
    check_no_slot_is_lost(queue);
    /* Positions count what was committed, what was skipped, and the last check's two laps. */
    uint64_t moved = 2 * (uint64_t)capacity;
    uint64_t sent = 0;
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        moved += producers[i].sent + producers[i].aborted;
        sent += producers[i].sent;
    }
    printf("  %" PRIu64 " items\n", sent);
    CHECK_EQUAL(queue->ring.enqueue, (corinth_position)(start + (corinth_position)moved));
    CHECK_EQUAL(queue->ring.dequeue, queue->ring.enqueue);
}

int main(int argc, char **argv)
{
    uint64_t seed = check_begin(argc, argv, WATCHDOG_S);
    run_stress(&the_lane, 2, (corinth_position)UINT64_C(0x7ffffffd), seed);
    run_stress(&the_lane, 4, (corinth_position)UINT64_C(0xfffffffd), seed);
    run_stress(&the_lane, CAPACITY_MAX, (corinth_position)0 - 1000, seed);
    return 0;
}
