/*
 * Goal: the SPSC ring hands every slot over once, in order, and never before it is committed; FULL,
 * EMPTY and the length are exact when no call is in progress; nothing changes where positions wrap.
 * Method: one thread that plays both sides step by step, then two threads and 10 million items
 * through rings of 2 and 64 slots with random claims. Items hold two words that must agree; the
 * thread that owns a slot spoils it before giving it away.
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
    corinth_spsc ring;
    size_t capacity;
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
    corinth_spsc_init(&queue->ring, start);
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
    return corinth_spsc_length(&queue->ring, queue->capacity);
}

static size_t reserve(lane *queue, size_t wanted, corinth_position *first)
{
    return corinth_spsc_reserve(&queue->ring, queue->capacity, wanted, first);
}

static size_t peek(lane *queue, size_t wanted, corinth_position *first)
{
    size_t ready = 0;
    size_t count = corinth_spsc_peek(&queue->ring, queue->capacity, wanted, first, &ready);
    CHECK_AT_MOST(count, wanted);
    CHECK_AT_MOST(count, ready);
    CHECK_AT_MOST(ready, queue->capacity);
    return count;
}

/* Fills the ring one by one; it takes exactly its capacity. */
static void check_full_is_exact(lane *queue, corinth_position start)
{
    corinth_position first;
    for (size_t i = 0; i < queue->capacity; i++) {
        CHECK_EQUAL(length_of(queue), i);
        CHECK_EQUAL(reserve(queue, 1, &first), 1);
        CHECK_EQUAL(first, (corinth_position)(start + i));
        CHECK_EQUAL(corinth_spsc_is_ready(&queue->ring), i > 0);
        corinth_spsc_commit(&queue->ring, queue->capacity, 1);
    }
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    CHECK_EQUAL(length_of(queue), queue->capacity);
}

/* Empties it one by one, and frees a slot with every release, not before. */
static void check_empty_is_exact(lane *queue, corinth_position start)
{
    corinth_position first;
    corinth_position free_slot;
    for (size_t i = 0; i < queue->capacity; i++) {
        CHECK(corinth_spsc_is_ready(&queue->ring));
        CHECK_EQUAL(peek(queue, 1, &first), 1);
        CHECK_EQUAL(first, (corinth_position)(start + i));
        CHECK_AT_MOST(reserve(queue, queue->capacity, &free_slot), i);
        corinth_spsc_release(&queue->ring, 1);
        CHECK_EQUAL(length_of(queue), queue->capacity - i - 1);
        CHECK_EQUAL(reserve(queue, 1, &free_slot), 1);
    }
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK(!corinth_spsc_is_ready(&queue->ring));
}

/* Claims stop at the end of the array and their parts add up to the capacity. */
static void check_claims_are_contiguous(lane *queue)
{
    size_t total = 0;
    for (int part = 0; part < 2; part++) {
        corinth_position first;
        size_t count = reserve(queue, queue->capacity, &first);
        CHECK_AT_MOST((size_t)(first & (queue->capacity - 1)) + count, queue->capacity);
        if (count > 0) {
            corinth_spsc_commit(&queue->ring, queue->capacity, count);
        }
        total += count;
    }
    CHECK_EQUAL(total, queue->capacity);
    while (total > 0) {
        corinth_position first;
        size_t count = peek(queue, queue->capacity, &first);
        CHECK(count > 0);
        CHECK_AT_MOST((size_t)(first & (queue->capacity - 1)) + count, queue->capacity);
        corinth_spsc_release(&queue->ring, count);
        total -= count;
    }
    CHECK_EQUAL(length_of(queue), 0);
}

/* What is reserved and not committed is invisible, and is returned again; so is a peek. */
static void check_abort_leaves_nothing(lane *queue)
{
    corinth_position aborted;
    corinth_position first;
    CHECK_EQUAL(reserve(queue, 1, &aborted), 1);
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(length_of(queue), 0);
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    CHECK_EQUAL(first, aborted);
    corinth_spsc_commit(&queue->ring, queue->capacity, 0);
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    corinth_spsc_commit(&queue->ring, queue->capacity, 1);
    CHECK_EQUAL(peek(queue, 2, &first), 1);
    CHECK_EQUAL(first, aborted);
    CHECK_EQUAL(peek(queue, 2, &first), 1);
    CHECK_EQUAL(first, aborted);
    corinth_spsc_release(&queue->ring, 1);
    CHECK_EQUAL(length_of(queue), 0);
}

/* Every capacity, started a few positions before every place where a number could overflow. */
static void run_quiet(lane *queue)
{
    static const corinth_position wraps[] = {
        0, (corinth_position)UINT64_C(0x80000000), (corinth_position)UINT64_C(0x100000000)};
    check_case("FULL, EMPTY, length, claims and aborts are exact when quiet");
    for (size_t capacity = 2; capacity <= CAPACITY_MAX; capacity *= 2) {
        for (size_t wrap = 0; wrap < sizeof(wraps) / sizeof(wraps[0]); wrap++) {
            corinth_position start = wraps[wrap] - (corinth_position)(capacity / 2 + 1);
            lane_init(queue, capacity, start);
            check_full_is_exact(queue, start);
            check_empty_is_exact(queue, start);
            check_claims_are_contiguous(queue);
            check_abort_leaves_nothing(queue);
        }
    }
}

static void *produce(void *context)
{
    lane *queue = context;
    check_random random = check_random_stream(queue->seed, 1);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t number = 0;
    while (number < queue->items && stress_has_time(&queue->budget, &steps)) {
        corinth_position first;
        uint64_t left = queue->items - number;
        size_t wanted = 1 + check_random_below(&random, (uint32_t)queue->capacity);
        size_t count = reserve(queue, wanted < left ? wanted : (size_t)left, &first);
        /* One claim in 16 is aborted half filled: the next one returns the same slots. */
        bool is_aborted = check_random_below(&random, 16) == 0;
        for (size_t i = 0; i < count; i++) {
            item *slot = slot_of(queue, first + (corinth_position)i);
            CHECK_EQUAL(slot->inverse, SPOILED);
            slot->number = number + i;
            slot->inverse = is_aborted ? SPOILED : ~(number + i);
        }
        if (count == 0 || is_aborted) {
            check_relax(&attempts);
            continue;
        }
        corinth_spsc_commit(&queue->ring, queue->capacity, count);
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
static void consume_claim(lane *queue, corinth_position first, size_t count, uint64_t expected)
{
    for (size_t i = 0; i < count; i++) {
        item *slot = slot_of(queue, first + (corinth_position)i);
        CHECK_EQUAL(slot->number, expected + i);
        CHECK_EQUAL(slot->inverse, ~(expected + i));
        slot->number = SPOILED;
        slot->inverse = SPOILED;
    }
    corinth_spsc_release(&queue->ring, count);
}

static void *consume(void *context)
{
    lane *queue = context;
    check_random random = check_random_stream(queue->seed, 2);
    unsigned attempts = 0;
    uint64_t expected = 0;
    while (expected < total_of(queue)) {
        corinth_position first;
        size_t ready = 0;
        size_t wanted = 1 + check_random_below(&random, (uint32_t)queue->capacity);
        uint64_t keep = total_of(queue) == UNKNOWN ? queue->keep : 0;
        size_t count = corinth_spsc_peek(
            &queue->ring, queue->capacity, wanted + (size_t)keep, &first, &ready);
        size_t spare = ready > keep ? ready - (size_t)keep : 0;
        count = count < spare ? count : spare;
        if (count == 0) {
            check_relax(&attempts);
            continue;
        }
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        consume_claim(queue, first, count, expected);
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
    CHECK(!corinth_spsc_is_ready(&queue->ring));
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
    run_quiet(&the_lane);
    while (stress_next_round(&run)) {
        run_stress(&the_lane, &run, "stress of 2 slots", 2,
                   (corinth_position)UINT64_C(0x7ffffffd));
        run_stress(&the_lane, &run, "stress of 64 slots", CAPACITY_MAX,
                   (corinth_position)0 - 1000);
        run_observed(&the_lane, &run);
    }
    return 0;
}
