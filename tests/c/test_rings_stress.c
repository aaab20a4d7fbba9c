/*
 * Goal: each kind of ring delivers every committed item exactly once and in its producer's order,
 * never shows an aborted slot and loses none, also where positions and laps wrap. A consumer may
 * keep the rest of its batch for later.
 * Method: 8 producers and 8 consumers, 8 and 1, 1 and 8, 1 and 1, with 800,000 items in all, at
 * capacities 2, 4 and 1024, with bulk claims, partial commits, aborts and threads that pause inside
 * a claim. Every delivery is recorded in a bitmap; the owner of a slot spoils it before it hands it
 * on.
 */
#include "ring_lane.h"
#include "stress.h"

#include <string.h>

#define THREADS_MAX 8
#define ITEMS 800000u
#define BULK_MAX 8

typedef struct actor {
    lane_side own;
    uint32_t index;
    uint64_t last[THREADS_MAX]; /* consumer: 1 + the last number received from each */
    uint32_t sent;              /* producer */
    uint64_t aborted;           /* producer: slots that it aborted */
    uint8_t seen[ITEMS / 8];    /* consumer: a bit for each item of all producers */
} actor;

static lane the_lane;
static actor producers[THREADS_MAX];
static actor consumers[THREADS_MAX];

/* What all threads of a stage read. */
static struct stage {
    uint32_t producers;
    uint32_t consumers;
    uint64_t seed;
    uint32_t items_each;
    uint32_t producers_left; /* atomic */
    stress_budget budget;
} stage;

static uint64_t seal_of(corinth_position position, uint32_t producer, uint32_t number)
{
    return ((uint64_t)position << 8) ^ ((uint64_t)producer << 40) ^ ((uint64_t)number << 16);
}

/* Fills a claim with numbers from `number` on; what lies behind the first `count` is aborted. */
static void fill(const actor *self, size_t claimed, size_t count, uint32_t number)
{
    for (size_t i = 0; i < claimed; i++) {
        corinth_position position = self->own.side.next + (corinth_position)i;
        item *slot = slot_of(&the_lane, position);
        CHECK(slot->seal == SPOILED || slot->seal == ABORTED);
        slot->producer = self->index;
        slot->number = number + (uint32_t)i;
        slot->seal = i < count ? seal_of(position, self->index, slot->number) : ABORTED;
    }
}

static void *produce(void *context)
{
    actor *self = context;
    lane *queue = &the_lane;
    check_random random = check_random_stream(stage.seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint32_t number = 0;
    while (number < stage.items_each && stress_has_time(&stage.budget, &steps)) {
        uint32_t left = stage.items_each - number;
        uint32_t wanted = 1 + check_random_below(&random, BULK_MAX);
        size_t claimed = reserve(queue, &self->own, wanted < left ? wanted : left);
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* One claim in 16 ends early. */
        bool is_partial = check_random_below(&random, 16) == 0;
        size_t count = is_partial ? check_random_below(&random, (uint32_t)claimed) : claimed;
        fill(self, claimed, count, number);
        if (check_random_below(&random, 64) == 0) {
            (void)sched_yield();
        }
        size_t published = commit(queue, &self->own, count);
        number += (uint32_t)count;
        self->aborted += published - count;
    }
    self->sent = number;
    __atomic_fetch_sub(&stage.producers_left, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Checks one delivery and records it. */
static void receive_item(actor *self, corinth_position position)
{
    item *slot = slot_of(&the_lane, position);
    CHECK(slot->seal != SPOILED && slot->seal != ABORTED);
    CHECK_AT_MOST(slot->producer, stage.producers - 1);
    CHECK_AT_MOST(slot->number, stage.items_each - 1);
    CHECK_EQUAL(slot->seal, seal_of(position, slot->producer, slot->number));
    CHECK_AT_MOST(self->last[slot->producer], slot->number);
    self->last[slot->producer] = (uint64_t)slot->number + 1;
    uint32_t bit = slot->producer * stage.items_each + slot->number;
    self->seen[bit / 8] = (uint8_t)(self->seen[bit / 8] | 1u << bit % 8);
    slot->seal = SPOILED;
}

/* Receives a batch; of one in four only a part: the next peek returns the rest. */
static void receive_batch(actor *self, check_random *random, size_t claimed)
{
    bool is_partial = check_random_below(random, 4) == 0;
    size_t count = is_partial ? check_random_below(random, (uint32_t)claimed) : claimed;
    for (size_t i = 0; i < count; i++) {
        receive_item(self, self->own.side.next + (corinth_position)i);
    }
    if (check_random_below(random, 64) == 0) {
        (void)sched_yield();
    }
    release(&the_lane, &self->own, count);
}

static void *consume(void *context)
{
    actor *self = context;
    lane *queue = &the_lane;
    check_random random = check_random_stream(stage.seed, THREADS_MAX + self->index);
    unsigned attempts = 0;
    for (bool is_last = false;;) {
        size_t wanted = 1 + check_random_below(&random, BULK_MAX);
        size_t count = peek(queue, &self->own, wanted);
        CHECK_AT_MOST(count, wanted);
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        if (count > 0) {
            receive_batch(self, &random, count);
            continue;
        }
        if (is_last) {
            return NULL;
        }
        /* What is there once all producers are done is all there is. */
        is_last = __atomic_load_n(&stage.producers_left, __ATOMIC_ACQUIRE) == 0;
        check_relax(&attempts);
    }
}

/* Every item was seen by exactly one consumer; the bitmaps are added up without carrying. */
static void check_exactly_once(void)
{
    for (uint32_t producer = 0; producer < stage.producers; producer++) {
        for (uint32_t number = 0; number < stage.items_each; number++) {
            uint32_t bit = producer * stage.items_each + number;
            unsigned times = 0;
            for (uint32_t consumer = 0; consumer < stage.consumers; consumer++) {
                unsigned bits = consumers[consumer].seen[bit / 8];
                times += bits >> bit % 8 & 1u;
            }
            CHECK_EQUAL(times, number < producers[producer].sent);
        }
    }
}

/* All of them, before any thread uses the ring. */
static void make_actors(void)
{
    memset(producers, 0, sizeof(producers));
    memset(consumers, 0, sizeof(consumers));
    for (uint32_t i = 0; i < stage.producers; i++) {
        producers[i].index = i;
        side_init(&the_lane, &producers[i].own, true);
    }
    for (uint32_t i = 0; i < stage.consumers; i++) {
        consumers[i].index = i;
        side_init(&the_lane, &consumers[i].own, false);
    }
}

static void run_threads(void)
{
    pthread_t threads[2 * THREADS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < stage.producers; i++) {
        threads[count++] = check_thread(produce, &producers[i]);
    }
    for (uint32_t i = 0; i < stage.consumers; i++) {
        threads[count++] = check_thread(consume, &consumers[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        check_join(threads[i]);
    }
}

/* Whatever happened before, an empty ring has all of its slots. */
static void check_no_slot_is_lost(lane *queue)
{
    CHECK_EQUAL(length_of(queue), 0);
    CHECK_EQUAL(peek(queue, &consumers[0].own, 1), 0);
    size_t total = 0;
    for (int part = 0; part < 2; part++) {
        size_t count = reserve(queue, &producers[0].own, queue->capacity);
        total += count;
        if (count > 0) {
            (void)commit(queue, &producers[0].own, count);
        }
    }
    CHECK_EQUAL(total, queue->capacity);
    CHECK_EQUAL(reserve(queue, &producers[0].own, 1), 0);
}

static void run_stage(
    stress *run, const ring_kind *kind, size_t capacity, corinth_position start)
{
    lane *queue = &the_lane;
    uint32_t producer_count = kind->has_producers ? THREADS_MAX : 1;
    stage = (struct stage){
        .producers = producer_count,
        .consumers = kind->has_consumers ? THREADS_MAX : 1,
        .seed = run->seed,
        .items_each = (uint32_t)check_scaled(ITEMS) / producer_count,
        .producers_left = producer_count,
        .budget = stress_budget_of(run),
    };
    printf("- %s: %" PRIu32 " x %" PRIu32 ", capacity %zu\n", kind->name, stage.producers,
           stage.consumers, capacity);
    fflush(stdout);
    lane_init(queue, kind, capacity, start);
    make_actors();
    run_threads();
    check_exactly_once();
    /* Positions count what was committed and what was skipped. */
    uint64_t moved = 0;
    uint64_t sent = 0;
    for (uint32_t i = 0; i < stage.producers; i++) {
        moved += producers[i].sent + producers[i].aborted;
        sent += producers[i].sent;
    }
    CHECK_EQUAL(queue->ring.written, (corinth_position)(start + (corinth_position)moved));
    CHECK_EQUAL(queue->ring.read, queue->ring.written);
    check_no_slot_is_lost(queue);
    stress_reached(run, "items", sent, check_scaled(ITEMS));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    while (stress_next_round(&run)) {
        /* The last kind first: it needs most of the time that a round has. */
        for (size_t i = RING_KINDS; i > 0; i--) {
            const ring_kind *kind = &ring_kinds[i - 1];
            run_stage(&run, kind, 2, (corinth_position)UINT64_C(0x7ffffffd));
            run_stage(&run, kind, 4, (corinth_position)UINT64_C(0xfffffffd));
            run_stage(&run, kind, CAPACITY_MAX, (corinth_position)0 - 1000);
        }
    }
    return 0;
}
