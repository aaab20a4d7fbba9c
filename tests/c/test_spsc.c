/*
 * Goal: the SPSC ring hands every slot over once, in order, and never before it is committed, also
 * where positions wrap; a length that a third thread takes is never less than what is always there.
 * Method: two threads and 10 million items through rings of 2 and 64 slots with random claims.
 * Items hold two words that must agree; the thread that owns a slot spoils it before giving it
 * away. What calls return when no other is in progress is the business of test_rings.c.
 */
#include "stress.h"

#include <corinth/spsc.h>

#define CAPACITY_MAX 64
#define STRESS_ITEMS 10000000u
#define OBSERVED_ITEMS 500000u
/* What stays in the observed ring: so much that a few items on their way show a wrong length. */
#define OBSERVED_LEAST (CAPACITY_MAX - 2)
#define UNKNOWN UINT64_MAX
#define SPOILED UINT64_C(0xdeaddeaddeaddead)

typedef struct item {
    uint64_t number;
    uint64_t inverse;
} item;

typedef struct lane {
    corinth_ring ring;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side producer;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side consumer;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) size_t capacity;
    uint64_t items;
    corinth_counter total; /* atomic; how many there were in the end, UNKNOWN until then */
    uint64_t seed;
    uint64_t keep; /* the consumer leaves this many in the lane until the end */
    uint32_t is_done; /* atomic */
    stress_budget budget;
    item slots[CAPACITY_MAX];
} lane;

static lane the_lane;

static void lane_init(lane *queue, size_t capacity, corinth_position start)
{
    corinth_ring_init(&queue->ring, NULL, capacity, start);
    corinth_ring_init_producer(&queue->producer, &queue->ring, NULL);
    corinth_ring_init_consumer(&queue->consumer, &queue->ring, NULL);
    queue->capacity = capacity;
    queue->total = UNKNOWN;
    queue->is_done = 0;
    for (size_t i = 0; i < CAPACITY_MAX; i++) {
        queue->slots[i].number = SPOILED;
        queue->slots[i].inverse = SPOILED;
    }
}

static item *slot_of(lane *queue, corinth_position position)
{
    return &queue->slots[(size_t)(position & (queue->capacity - 1))];
}

static size_t length_of(const lane *queue)
{
    return corinth_ring_length(&queue->ring, queue->capacity);
}

static void *produce(void *context)
{
    lane *queue = context;
    check_random random = check_random_stream(queue->seed, 1);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t number = 0;
    while (number < queue->items && stress_has_time(&queue->budget, &steps)) {
        uint64_t left = queue->items - number;
        size_t wanted = 1 + check_random_below(&random, (uint32_t)queue->capacity);
        size_t count = corinth_spsc_reserve(
            &queue->producer, queue->capacity, wanted < left ? wanted : (size_t)left);
        /* One claim in 16 is aborted half filled: the next one returns the same slots. */
        bool is_aborted = check_random_below(&random, 16) == 0;
        for (size_t i = 0; i < count; i++) {
            item *slot = slot_of(queue, queue->producer.next + (corinth_position)i);
            CHECK_EQUAL(slot->inverse, SPOILED);
            slot->number = number + i;
            slot->inverse = is_aborted ? SPOILED : ~(number + i);
        }
        if (count == 0 || is_aborted) {
            check_relax(&attempts);
            continue;
        }
        (void)corinth_spsc_commit(&queue->producer, queue->capacity, count);
        number += count;
    }
    __atomic_store_n(&queue->total, number, __ATOMIC_RELEASE);
    return NULL;
}

static uint64_t total_of(const lane *queue)
{
    return __atomic_load_n(&queue->total, __ATOMIC_ACQUIRE);
}

/* Reads and releases `count` slots, of which the first must hold `expected`. */
static void consume_batch(lane *queue, size_t count, uint64_t expected)
{
    for (size_t i = 0; i < count; i++) {
        item *slot = slot_of(queue, queue->consumer.next + (corinth_position)i);
        CHECK_EQUAL(slot->number, expected + i);
        CHECK_EQUAL(slot->inverse, ~(expected + i));
        slot->number = SPOILED;
        slot->inverse = SPOILED;
    }
    corinth_spsc_release(&queue->consumer, queue->capacity, count);
}

static void *consume(void *context)
{
    lane *queue = context;
    check_random random = check_random_stream(queue->seed, 2);
    unsigned attempts = 0;
    uint64_t expected = 0;
    while (expected < total_of(queue)) {
        size_t wanted = 1 + check_random_below(&random, (uint32_t)queue->capacity);
        uint64_t keep = total_of(queue) == UNKNOWN ? queue->keep : 0;
        size_t count = corinth_spsc_peek(&queue->consumer, queue->capacity, wanted);
        size_t length = length_of(queue);
        size_t spare = length > keep ? length - (size_t)keep : 0;
        count = count < spare ? count : spare;
        if (count == 0) {
            check_relax(&attempts);
            continue;
        }
        CHECK_AT_MOST(length, queue->capacity);
        consume_batch(queue, count, expected);
        expected += count;
        if (check_random_below(&random, 64) == 0) {
            (void)sched_yield();
        }
    }
    corinth_internal_store_release_u32(&queue->is_done, 1);
    return NULL;
}

static void stage_init(
    lane *queue, const stress *run, size_t capacity, corinth_position start, uint64_t items)
{
    lane_init(queue, capacity, start);
    queue->items = check_scaled(items);
    queue->seed = run->seed;
    queue->budget = stress_budget_of(run);
}

static void run_stress(
    lane *queue, stress *run, const char *name, size_t capacity, corinth_position start)
{
    check_case(name);
    stage_init(queue, run, capacity, start, STRESS_ITEMS);
    queue->keep = 0;
    pthread_t producer = check_thread(produce, queue);
    pthread_t consumer = check_thread(consume, queue);
    check_join(producer);
    check_join(consumer);
    CHECK_EQUAL(length_of(queue), 0);
    CHECK(!corinth_spsc_is_ready(&queue->consumer, queue->capacity));
    stress_reached(run, "items", queue->total, queue->items);
}

/*
 * A length may lag, but it never invents an emptier ring: the consumer never takes the last
 * OBSERVED_LEAST items, so no observer may ever count fewer. One that read the written position
 * first would, as soon as the others moved on between its two loads. It never yields: to be stopped
 * between them is what it looks for.
 */
static void run_observed(lane *queue, stress *run)
{
    check_case("an observer never counts fewer than there always are");
    stage_init(queue, run, CAPACITY_MAX, 0, OBSERVED_ITEMS);
    queue->keep = OBSERVED_LEAST;
    pthread_t producer = check_thread(produce, queue);
    while (length_of(queue) < OBSERVED_LEAST) {
        (void)sched_yield();
    }
    pthread_t consumer = check_thread(consume, queue);
    uint64_t looks = 0;
    while (corinth_internal_load_acquire_u32(&queue->is_done) == 0) {
        size_t length = length_of(queue);
        CHECK_AT_MOST(length, CAPACITY_MAX);
        /* The end, when the lane runs empty, begins after the total is known. */
        if (total_of(queue) == UNKNOWN) {
            CHECK_AT_MOST(OBSERVED_LEAST, length);
            looks++;
        }
    }
    check_join(producer);
    check_join(consumer);
    printf("  %" PRIu64 " looks\n", looks);
    stress_reached(run, "items", queue->total, queue->items);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    while (stress_next_round(&run)) {
        run_stress(&the_lane, &run, "stress of 2 slots", 2,
                   (corinth_position)UINT64_C(0x7ffffffd));
        run_stress(&the_lane, &run, "stress of 64 slots", CAPACITY_MAX,
                   (corinth_position)0 - 1000);
        run_observed(&the_lane, &run);
    }
    return 0;
}
