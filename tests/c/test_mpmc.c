/*
 * Goal: the MPMC ring delivers every committed item exactly once, in its producer's order, never
 * shows an aborted slot, and answers FULL, EMPTY and the length exactly when quiet; nothing changes
 * where positions or laps wrap.
 * Method: one thread that plays several producers and consumers step by step, with claims left open
 * in every awkward order; then 8 producers and 8 consumers of 100,000 items each at capacities 2, 4
 * and 1024, with bulk claims, partial commits, aborts and threads that pause inside a claim. Every
 * delivery is recorded in a bitmap; whoever owns a slot spoils it before giving it away.
 */
#include "check.h"

#include <string.h>

#include <corinth/mpmc.h>

#define CAPACITY_MAX 1024
#define PRODUCERS 8
#define CONSUMERS 8
#define ITEMS_EACH 100000u
#define BULK_MAX 8
#define SPOILED UINT64_C(0xdeaddeaddeaddead)
#define ABORTED UINT64_C(0xabababababababab)
#define WATCHDOG_S 60

typedef struct item {
    uint64_t seal; /* SPOILED, ABORTED, or made of the other two and the position */
    uint32_t producer;
    uint32_t number;
} item;

typedef struct lane {
    corinth_mpmc ring;
    size_t capacity;
    uint64_t seed;
    uint32_t items_each;
    uint64_t received; /* atomic; by all consumers */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mpmc_mark marks[CAPACITY_MAX];
    item slots[CAPACITY_MAX];
} lane;

typedef struct actor {
    lane *queue;
    uint32_t index;
    uint64_t last[PRODUCERS]; /* consumer: 1 + the last number received from each */
    uint64_t aborted;         /* producer: slots that it gave up */
    uint8_t seen[PRODUCERS][ITEMS_EACH / 8 + 1];
} actor;

static lane the_lane;
static actor producers[PRODUCERS];
static actor consumers[CONSUMERS];

static void lane_init(lane *queue, size_t capacity, corinth_position start)
{
    corinth_mpmc_init(&queue->ring, queue->marks, capacity, start);
    queue->capacity = capacity;
    queue->received = 0;
    for (size_t i = 0; i < CAPACITY_MAX; i++) {
        queue->slots[i].seal = SPOILED;
    }
}

static size_t length_of(const lane *queue)
{
    return corinth_mpmc_length(&queue->ring, queue->capacity);
}

static bool is_ready(const lane *queue)
{
    return corinth_mpmc_is_ready(&queue->ring, queue->marks, queue->capacity);
}

static size_t reserve(lane *queue, size_t wanted, corinth_position *first)
{
    return corinth_mpmc_reserve(&queue->ring, queue->marks, queue->capacity, wanted, first);
}

static void commit(lane *queue, corinth_position first, size_t claimed, size_t count)
{
    corinth_mpmc_commit(queue->marks, queue->capacity, first, claimed, count);
}

static size_t peek(lane *queue, size_t wanted, corinth_position *first)
{
    return corinth_mpmc_peek(&queue->ring, queue->marks, queue->capacity, wanted, first);
}

static void release(lane *queue, corinth_position first, size_t claimed)
{
    corinth_mpmc_release(queue->marks, queue->capacity, first, claimed);
}

/* Reserves one slot, which must be `expected`. */
static void reserve_one(lane *queue, corinth_position expected)
{
    corinth_position first;
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    CHECK_EQUAL(first, expected);
}

static void peek_one(lane *queue, corinth_position expected)
{
    corinth_position first;
    CHECK_EQUAL(peek(queue, 1, &first), 1);
    CHECK_EQUAL(first, expected);
}

/* Fills the ring one by one and empties it: exactly its capacity fits. */
static void check_full_and_empty_are_exact(lane *queue, corinth_position start)
{
    corinth_position first;
    for (size_t i = 0; i < queue->capacity; i++) {
        CHECK_EQUAL(length_of(queue), i);
        CHECK_EQUAL(is_ready(queue), i > 0);
        reserve_one(queue, (corinth_position)(start + i));
        commit(queue, (corinth_position)(start + i), 1, 1);
    }
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    for (size_t i = 0; i < queue->capacity; i++) {
        corinth_position position = (corinth_position)(start + i);
        /* A slot that was freed is claimed again two steps later, and skipped: it counts. */
        CHECK_EQUAL(length_of(queue), queue->capacity - (i > 0));
        peek_one(queue, position);
        CHECK_EQUAL(reserve(queue, 1, &first), i > 0);
        if (i > 0) {
            CHECK_EQUAL(first, (corinth_position)(start + queue->capacity + i - 1));
            commit(queue, first, 1, 0);
        }
        release(queue, position, 1);
    }
    /* All but one slot of the next lap were taken and skipped meanwhile. */
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(length_of(queue), 0);
    CHECK(!is_ready(queue));
}

/* Claims everything there is, in contiguous parts; answers how many slots. */
static size_t claim_all(lane *queue, bool is_committed)
{
    size_t total = 0;
    for (int part = 0; part < 3; part++) {
        corinth_position first;
        size_t count = reserve(queue, queue->capacity, &first);
        if (count > 0) {
            CHECK_AT_MOST((size_t)(first & (queue->capacity - 1)) + count, queue->capacity);
            commit(queue, first, count, is_committed ? count : 0);
        }
        total += count;
    }
    return total;
}

/* Whatever happened before, an empty ring has all of its slots; skipping them all loses none. */
static void check_no_slot_is_lost(lane *queue)
{
    corinth_position first;
    CHECK_EQUAL(peek(queue, 1, &first), 0);
    CHECK_EQUAL(claim_all(queue, false), queue->capacity);
    CHECK_EQUAL(reserve(queue, 1, &first), 0);
    CHECK(is_ready(queue));
    CHECK_EQUAL(peek(queue, queue->capacity, &first), 0);
    CHECK(!is_ready(queue));
    CHECK_EQUAL(claim_all(queue, true), queue->capacity);
    size_t total = 0;
    for (int part = 0; part < 2; part++) {
        size_t count = peek(queue, queue->capacity, &first);
        release(queue, first, count);
        total += count;
    }
    CHECK_EQUAL(total, queue->capacity);
    CHECK_EQUAL(length_of(queue), 0);
}

/* A reservation needs every one of its slots free: not only the last one, nor only the first. */
static void check_reservation_looks_at_every_slot(lane *queue)
{
    corinth_position first;
    lane_init(queue, 4, 8);
    CHECK_EQUAL(claim_all(queue, true), 4);
    peek_one(queue, 8);
    peek_one(queue, 9);
    peek_one(queue, 10);
    release(queue, 9, 1);
    CHECK_EQUAL(reserve(queue, 2, &first), 0);
    release(queue, 8, 1);
    CHECK_EQUAL(reserve(queue, 1, &first), 1);
    CHECK_EQUAL(first, 12);
    peek_one(queue, 11);
    release(queue, 11, 1);
    /* Of the slots 9, 10 and 11, the middle one is still being read. */
    CHECK_EQUAL(reserve(queue, 3, &first), 1);
    CHECK_EQUAL(first, 13);
    CHECK_EQUAL(reserve(queue, 2, &first), 0);
    release(queue, 10, 1);
    CHECK_EQUAL(reserve(queue, 3, &first), 2);
    CHECK_EQUAL(first, 14);
}

/* A peek takes the ready slots up to the first that isn't, whatever is ready behind it. */
static void check_peek_looks_at_every_slot(lane *queue)
{
    corinth_position first;
    lane_init(queue, 4, 8);
    for (corinth_position position = 8; position < 12; position++) {
        reserve_one(queue, position);
    }
    commit(queue, 9, 1, 1);
    CHECK_EQUAL(peek(queue, 2, &first), 0);
    CHECK(!is_ready(queue));
    commit(queue, 8, 1, 1);
    commit(queue, 11, 1, 1);
    CHECK_EQUAL(peek(queue, 4, &first), 2);
    CHECK_EQUAL(first, 8);
    release(queue, 8, 2);
    CHECK_EQUAL(peek(queue, 2, &first), 0);
    commit(queue, 10, 1, 1);
    CHECK_EQUAL(peek(queue, 4, &first), 2);
    CHECK_EQUAL(first, 10);
    release(queue, 10, 2);
}

/* Aborted slots before, between and behind committed ones are passed, never answered. */
static void check_skipped_slots_are_passed(lane *queue)
{
    corinth_position first;
    lane_init(queue, 8, 16);
    for (corinth_position position = 16; position < 24; position++) {
        reserve_one(queue, position);
        bool is_committed = position == 17 || position == 18 || position == 21;
        commit(queue, position, 1, is_committed ? 1 : 0);
    }
    CHECK_EQUAL(peek(queue, 8, &first), 2);
    CHECK_EQUAL(first, 17);
    release(queue, 17, 2);
    CHECK(is_ready(queue));
    CHECK_EQUAL(peek(queue, 8, &first), 1);
    CHECK_EQUAL(first, 21);
    release(queue, 21, 1);
    CHECK_EQUAL(peek(queue, 8, &first), 0);
    CHECK_EQUAL(length_of(queue), 0);
    /* Of a claim that is committed in part, the rest is skipped. */
    CHECK_EQUAL(reserve(queue, 8, &first), 8);
    commit(queue, first, 8, 3);
    CHECK_EQUAL(peek(queue, 8, &first), 3);
    CHECK_EQUAL(first, 24);
    release(queue, 24, 3);
    CHECK_EQUAL(peek(queue, 8, &first), 0);
    CHECK_EQUAL(reserve(queue, 8, &first), 8);
    CHECK_EQUAL(first, 32);
}

/* Every capacity, started a few positions before every place where a number could overflow. */
static void run_quiet(lane *queue)
{
    static const corinth_position wraps[] = {
        0, (corinth_position)UINT64_C(0x80000000), (corinth_position)UINT64_C(0x100000000)};
    check_case("FULL, EMPTY, length and capacity are exact when quiet");
    for (size_t capacity = 2; capacity <= CAPACITY_MAX; capacity *= 2) {
        for (size_t wrap = 0; wrap < sizeof(wraps) / sizeof(wraps[0]); wrap++) {
            corinth_position start = wraps[wrap] - (corinth_position)(capacity / 2 + 1);
            lane_init(queue, capacity, start);
            check_full_and_empty_are_exact(queue, start);
            check_no_slot_is_lost(queue);
            check_no_slot_is_lost(queue);
        }
    }
    check_case("a reservation looks at every slot");
    check_reservation_looks_at_every_slot(queue);
    check_case("a peek looks at every slot");
    check_peek_looks_at_every_slot(queue);
    check_case("skipped slots are passed");
    check_skipped_slots_are_passed(queue);
}

static uint64_t seal_of(corinth_position position, uint32_t producer, uint32_t number)
{
    return ((uint64_t)position << 8) ^ ((uint64_t)producer << 40) ^ ((uint64_t)number << 16);
}

static item *slot_of(lane *queue, corinth_position position)
{
    return &queue->slots[(size_t)(position & (queue->capacity - 1))];
}

/* Fills a claim with numbers from `number` on; what lies behind the first `count` will be skipped. */
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
    uint32_t number = 0;
    while (number < queue->items_each) {
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
    uint64_t total = (uint64_t)queue->items_each * PRODUCERS;
    while (__atomic_load_n(&queue->received, __ATOMIC_RELAXED) < total) {
        corinth_position first;
        size_t wanted = 1 + check_random_below(&random, BULK_MAX);
        size_t count = peek(queue, wanted, &first);
        CHECK_AT_MOST(count, wanted);
        CHECK_AT_MOST(length_of(queue), queue->capacity);
        if (count == 0) {
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
        __atomic_fetch_add(&queue->received, count, __ATOMIC_RELAXED);
    }
    return NULL;
}

/* Every item was seen by exactly one consumer; the bitmaps are added up without carrying. */
static void check_exactly_once(const lane *queue)
{
    for (uint32_t producer = 0; producer < PRODUCERS; producer++) {
        for (uint32_t number = 0; number < queue->items_each; number++) {
            unsigned times = 0;
            for (uint32_t consumer = 0; consumer < CONSUMERS; consumer++) {
                times += consumers[consumer].seen[producer][number / 8] >> number % 8 & 1u;
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
    printf("- stress: %d x %d x %" PRIu32 ", capacity %zu\n", PRODUCERS, CONSUMERS,
           queue->items_each, capacity);
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
    check_exactly_once(queue);
    check_no_slot_is_lost(queue);
    /* Positions count what was committed, what was skipped, and the last check's two laps. */
    uint64_t moved = (uint64_t)queue->items_each * PRODUCERS + 2 * (uint64_t)capacity;
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        moved += producers[i].aborted;
    }
    CHECK_EQUAL(queue->ring.enqueue, (corinth_position)(start + (corinth_position)moved));
    CHECK_EQUAL(queue->ring.dequeue, queue->ring.enqueue);
}

int main(int argc, char **argv)
{
    uint64_t seed = check_begin(argc, argv, WATCHDOG_S);
    run_quiet(&the_lane);
    run_stress(&the_lane, 2, (corinth_position)UINT64_C(0x7ffffffd), seed);
    run_stress(&the_lane, 4, (corinth_position)UINT64_C(0xfffffffd), seed);
    run_stress(&the_lane, CAPACITY_MAX, (corinth_position)0 - 1000, seed);
    return 0;
}
