/*
 * Goal: what each call of each kind of ring returns is exact when no other call is in progress: as
 * many slots as there are up to the end of the array, none that another side holds, skipped ones
 * never; positions, laps and the end of the array change nothing; a ring goes on with new sides.
 * Method: one thread plays several producers and consumers, in random order and with claims left
 * open, beside a model that knows of each slot who holds it. After each call the two are compared.
 * The file is longer than others because one model says what all calls do to the slots.
 */
#include "ring_lane.h"

#define WATCHDOG_S 60
#define SIDES 3
#define STEPS 4000
/* How often all claims are ended, and all sides are made again: one step in so many. */
#define SETTLE_STEPS 50
/* How often an end of one thread uses the calls for forwarding: one step in so many. */
#define FORWARD_STEPS 6
#define TEST_CAPACITY_MAX 128

typedef enum state { FREE, CLAIMED, READY, SKIPPED, HELD } state;

/* What the model knows of a side. Its positions count from where the ring began. */
typedef struct side_model {
    uint64_t first;
    size_t claimed; /* a producer's open claim, or what a consumer holds */
    size_t batch;   /* a consumer's: what its last peek returned */
    bool is_open;   /* it has reserved, or peeked, and must commit, or release */
} side_model;

typedef struct model {
    lane queue;
    lane_side producers[SIDES];
    lane_side consumers[SIDES];
    uint32_t producer_count;
    uint32_t consumer_count;
    corinth_position start;
    uint64_t written; /* what the ring publishes, less `start` */
    uint64_t read;
    state states[TEST_CAPACITY_MAX]; /* of each slot's newest position below `written`, or FREE */
    uint32_t numbers[TEST_CAPACITY_MAX];
    uint32_t next_number;
    side_model producing[SIDES];
    side_model consuming[SIDES];
    check_random random;
} model;

static model the_model;

static uint32_t below(model *self, size_t bound)
{
    return check_random_below(&self->random, (uint32_t)bound);
}

static size_t slot_number(const model *self, uint64_t position)
{
    return (size_t)((self->start + (corinth_position)position) & (self->queue.capacity - 1));
}

static size_t to_end(const model *self, uint64_t position)
{
    return self->queue.capacity - slot_number(self, position);
}

static state state_at(const model *self, uint64_t position)
{
    return self->states[slot_number(self, position)];
}

static void set_states(model *self, uint64_t first, size_t count, state value)
{
    for (size_t i = 0; i < count; i++) {
        self->states[slot_number(self, first + i)] = value;
    }
}

/* How many slots in a row are in a state, before the end of the array. */
static size_t run_of(const model *self, uint64_t first, size_t most, state wanted)
{
    size_t limit = most < to_end(self, first) ? most : to_end(self, first);
    size_t count = 0;
    while (count < limit && state_at(self, first + count) == wanted) {
        count++;
    }
    return count;
}

static bool is_published(const model *self, uint64_t position)
{
    return position < self->written
           && (state_at(self, position) == READY || state_at(self, position) == SKIPPED);
}

static void check_first(const model *self, const lane_side *made, uint64_t expected)
{
    CHECK_EQUAL(made->side.next, (corinth_position)(self->start + (corinth_position)expected));
}

static void check_number(const model *self, uint64_t position)
{
    size_t slot = slot_number(self, position);
    CHECK_EQUAL(self->queue.slots[slot].number, self->numbers[slot]);
}

static void do_reserve(model *self, uint32_t index, size_t wanted)
{
    side_model *own = &self->producing[index];
    size_t expected = run_of(self, self->written, wanted, FREE);
    CHECK_EQUAL(reserve(&self->queue, &self->producers[index], wanted), expected);
    own->first = self->written;
    own->claimed = expected;
    own->is_open = expected > 0;
    if (expected > 0) {
        check_first(self, &self->producers[index], own->first);
    }
    if (self->queue.kind->has_producers) {
        set_states(self, own->first, expected, CLAIMED);
        self->written += expected;
    }
}

/* What is published right behind a claim, up to its own slots of the lap before. */
static size_t published_behind(const model *self, uint64_t position, size_t most)
{
    size_t count = 0;
    while (count < most && is_published(self, position + count)) {
        count++;
    }
    return self->queue.kind->has_producers ? count : 0;
}

static void do_commit(model *self, uint32_t index, size_t count)
{
    side_model *own = &self->producing[index];
    bool skips = self->queue.kind->has_producers;
    lane_side *producer = &self->producers[index];
    for (size_t i = 0; i < own->claimed; i++) {
        /* What is aborted was half filled. */
        size_t slot = slot_number(self, own->first + i);
        self->queue.slots[slot].number = self->next_number;
        self->numbers[slot] = self->next_number;
        self->next_number++;
    }
    CHECK_EQUAL(commit(&self->queue, producer, count), skips ? own->claimed : count);
    set_states(self, own->first, count, READY);
    if (skips) {
        set_states(self, own->first + count, own->claimed - count, SKIPPED);
    } else {
        self->written += count;
    }
    uint64_t behind = own->first + (skips ? own->claimed : count);
    size_t most = 1 + below(self, self->queue.capacity);
    CHECK_EQUAL(
        count_behind(&self->queue, producer, most), published_behind(self, behind, most));
    own->is_open = false;
}

/* The first consumer that claims behind skipped slots passes them. */
static void pass_skipped(model *self)
{
    while (self->read < self->written && state_at(self, self->read) == SKIPPED) {
        set_states(self, self->read, 1, FREE);
        self->read++;
    }
}

/* How many ready slots a peek returns, and where they begin: `own->first`. */
static size_t expect_peek(model *self, side_model *own, size_t wanted)
{
    bool is_claim = self->queue.kind->has_consumers;
    if (is_claim && own->claimed > 0) {
        return wanted < own->claimed ? wanted : own->claimed;
    }
    pass_skipped(self);
    size_t left = (size_t)(self->written - self->read);
    own->first = self->read;
    size_t count = run_of(self, self->read, wanted < left ? wanted : left, READY);
    if (is_claim) {
        set_states(self, own->first, count, HELD);
        self->read += count;
        own->claimed = count;
    }
    return count;
}

static void do_peek(model *self, uint32_t index, size_t wanted)
{
    side_model *own = &self->consuming[index];
    lane_side *consumer = &self->consumers[index];
    own->batch = expect_peek(self, own, wanted);
    own->is_open = own->batch > 0;
    CHECK_EQUAL(peek(&self->queue, consumer, wanted), own->batch);
    if (own->batch > 0) {
        check_first(self, consumer, own->first);
        /* If the side looked: at least what it returns, at most what there is. */
        CHECK(consumer->side.backlog == 0 || consumer->side.backlog >= own->batch);
        CHECK_AT_MOST(consumer->side.backlog, self->written - own->first);
    }
    consumer->side.backlog = 0;
    for (size_t i = 0; i < own->batch; i++) {
        check_number(self, own->first + i);
    }
}

static void do_release(model *self, uint32_t index, size_t count)
{
    side_model *own = &self->consuming[index];
    set_states(self, own->first, count, FREE);
    if (self->queue.kind->has_consumers) {
        own->claimed -= count;
    } else {
        self->read += count;
    }
    own->first += count;
    own->is_open = false;
    release(&self->queue, &self->consumers[index], count);
}

/* The only consumer looks once. Returns how many slots it was shown. */
static size_t do_look(model *self, size_t offset, size_t wanted)
{
    lane_side *consumer = &self->consumers[0];
    size_t left = (size_t)(self->written - self->read) - offset;
    size_t most = wanted < left ? wanted : left;
    size_t ready = run_of(self, self->read + offset, most, READY);
    size_t skipped = run_of(self, self->read + offset, most, SKIPPED);
    bool is_skipped = ready == 0;
    size_t shown = look(&self->queue, consumer, offset, wanted, &is_skipped);
    CHECK_EQUAL(shown, ready + skipped);
    CHECK_EQUAL(is_skipped, skipped > 0);
    check_first(self, consumer, self->read);
    size_t backlog = consumer->side.backlog;
    CHECK(backlog == 0 || backlog >= offset + shown);
    CHECK_AT_MOST(backlog, self->written - self->read);
    consumer->side.backlog = 0;
    for (size_t i = 0; i < ready; i++) {
        check_number(self, self->read + offset + i);
    }
    return shown;
}

/* The only consumer looks from offset to offset, then frees some of what it saw, or none. */
static void do_forward(model *self, size_t wanted)
{
    side_model *own = &self->consuming[0];
    size_t offset = 0;
    size_t shown = 0;
    do {
        shown = do_look(self, offset, wanted);
        offset += shown;
    } while (shown > 0);
    size_t count = below(self, 2) == 0 ? offset : below(self, offset + 1);
    count = below(self, 3) == 0 ? 0 : count;
    set_states(self, self->read, count, FREE);
    self->read += count;
    if (own->is_open) {
        /* What a peek holds is among the first. */
        own->first = self->read;
        own->batch = own->batch > count ? own->batch - count : 0;
        own->is_open = own->batch > 0;
    }
    free_first(&self->queue, &self->consumers[0], count);
    check_first(self, &self->consumers[0], self->read);
}

/* The only producer counts free slots: in the order of positions, over the end of the array. */
static void do_count_free(model *self, size_t most)
{
    size_t expected = 0;
    while (expected < most && expected < self->queue.capacity
           && state_at(self, self->written + expected) == FREE) {
        expected++;
    }
    CHECK_EQUAL(count_free(&self->queue, &self->producers[0], most), expected);
    check_first(self, &self->producers[0], self->written);
}

/* What may be asked at any time. */
static void check_looks(const model *self)
{
    CHECK_EQUAL(length_of(&self->queue), self->written - self->read);
    bool is_free = state_at(self, self->written) == FREE;
    for (uint32_t i = 0; i < self->producer_count; i++) {
        if (!self->producing[i].is_open) {
            CHECK_EQUAL(has_room(&self->queue, &self->producers[i]), is_free);
        }
    }
    for (uint32_t i = 0; i < self->consumer_count; i++) {
        bool holds = self->queue.kind->has_consumers && self->consuming[i].claimed > 0;
        CHECK_EQUAL(
            is_ready(&self->queue, &self->consumers[i]), holds || is_published(self, self->read));
    }
}

static void make_sides(model *self)
{
    for (uint32_t i = 0; i < self->producer_count; i++) {
        side_init(&self->queue, &self->producers[i], true);
    }
    for (uint32_t i = 0; i < self->consumer_count; i++) {
        side_init(&self->queue, &self->consumers[i], false);
    }
}

/*
 * Ends all claims, and makes all sides again. What is in the ring stays there; so does what an only
 * consumer kept of a batch, because it hasn't released it.
 */
static void settle(model *self)
{
    for (uint32_t i = 0; i < self->producer_count; i++) {
        side_model *own = &self->producing[i];
        if (own->is_open) {
            do_commit(self, i, below(self, own->claimed + 1));
        }
    }
    for (uint32_t i = 0; i < self->consumer_count; i++) {
        side_model *own = &self->consuming[i];
        if (own->is_open) {
            do_release(self, i, below(self, own->batch + 1));
        }
        if (own->claimed > 0) {
            do_peek(self, i, self->queue.capacity);
            do_release(self, i, own->batch);
        }
    }
    check_looks(self);
    make_sides(self);
}

static size_t draw_wanted(model *self)
{
    return 1 + below(self, below(self, 2) == 0 ? 4 : self->queue.capacity + 1);
}

static void step(model *self)
{
    uint32_t index = below(self, SIDES);
    if (below(self, SETTLE_STEPS) == 0) {
        settle(self);
    } else if (below(self, FORWARD_STEPS) == 0 && !self->queue.kind->has_consumers) {
        do_forward(self, draw_wanted(self));
    } else if (below(self, FORWARD_STEPS) == 0 && !self->queue.kind->has_producers) {
        do_count_free(self, draw_wanted(self));
    } else if (below(self, 2) == 0) {
        side_model *own = &self->producing[index % self->producer_count];
        if (own->is_open) {
            /* Most claims are committed whole. */
            bool is_whole = below(self, 4) > 0;
            size_t count = is_whole ? own->claimed : below(self, own->claimed + 1);
            do_commit(self, index % self->producer_count, count);
        } else {
            do_reserve(self, index % self->producer_count, draw_wanted(self));
        }
    } else {
        side_model *own = &self->consuming[index % self->consumer_count];
        if (own->is_open) {
            bool is_whole = below(self, 2) > 0;
            size_t count = is_whole ? own->batch : below(self, own->batch + 1);
            do_release(self, index % self->consumer_count, count);
        } else {
            do_peek(self, index % self->consumer_count, draw_wanted(self));
        }
    }
    check_looks(self);
}

/* Takes out what there is; the ring then has all of its slots. */
static void check_no_slot_is_lost(model *self)
{
    settle(self);
    do {
        do_peek(self, 0, self->queue.capacity);
        do_release(self, 0, self->consuming[0].batch);
    } while (self->consuming[0].batch > 0);
    check_looks(self);
    size_t total = 0;
    for (int part = 0; part < 2; part++) {
        do_reserve(self, 0, self->queue.capacity);
        total += self->producing[0].claimed;
        if (self->producing[0].is_open) {
            do_commit(self, 0, self->producing[0].claimed);
        }
    }
    CHECK_EQUAL(total, self->queue.capacity);
    do_reserve(self, 0, 1);
    CHECK(!self->producing[0].is_open);
}

static void begin(model *self, const ring_kind *kind, size_t capacity, corinth_position start)
{
    memset(self, 0, sizeof(*self));
    lane_init(&self->queue, kind, capacity, start);
    self->producer_count = kind->has_producers ? SIDES : 1;
    self->consumer_count = kind->has_consumers ? SIDES : 1;
    self->start = start;
    self->random = check_random_stream(capacity, (uint64_t)start);
    make_sides(self);
}

/* Every capacity, started a few positions before every place where a number could overflow. */
static void run_model(model *self, const ring_kind *kind)
{
    static const corinth_position wraps[] = {
        0, (corinth_position)UINT64_C(0x80000000), (corinth_position)UINT64_C(0x100000000)};
    check_case(kind->name);
    for (size_t capacity = 2; capacity <= TEST_CAPACITY_MAX; capacity *= 2) {
        for (size_t wrap = 0; wrap < sizeof(wraps) / sizeof(wraps[0]); wrap++) {
            begin(self, kind, capacity, wraps[wrap] - (corinth_position)(capacity / 2 + 1));
            for (uint32_t i = 0; i < STEPS; i++) {
                step(self);
            }
            check_no_slot_is_lost(self);
        }
    }
}

/* A forwarder is told of all that it has looked at and not freed. */
static void run_look_backlog(model *self, const ring_kind *kind)
{
    begin(self, kind, TEST_CAPACITY_MAX, 0);
    for (size_t i = 1; i <= TEST_CAPACITY_MAX; i++) {
        do_reserve(self, 0, 1);
        do_commit(self, 0, 1);
        bool is_skipped = true;
        lane_side *consumer = &self->consumers[0];
        CHECK_EQUAL(look(&self->queue, consumer, i - 1, 1, &is_skipped), 1);
        CHECK(!is_skipped);
        if (kind->calls->sample != NULL) {
            kind->calls->sample(&consumer->side, self->queue.capacity, i);
        }
        CHECK_EQUAL(consumer->side.backlog, i);
    }
}

/* The calls of an end where several threads are would tell what another one changes. */
static void check_who_forwards(model *self, const ring_kind *kind)
{
    CHECK_EQUAL(kind->calls->look == NULL, kind->has_consumers);
    CHECK_EQUAL(kind->calls->free_first == NULL, kind->has_consumers);
    CHECK_EQUAL(kind->calls->count_free == NULL, kind->has_producers);
    if (!kind->has_consumers) {
        run_look_backlog(self, kind);
    }
}

/* In a lap of a full ring each kind of consumer looks at least once how much there is. */
static void run_backlog(model *self, const ring_kind *kind)
{
    for (size_t capacity = 2; capacity <= TEST_CAPACITY_MAX; capacity *= 2) {
        begin(self, kind, capacity, 0);
        size_t most = 0;
        for (size_t i = 0; i <= 2 * capacity; i++) {
            while (length_of(&self->queue) < capacity) {
                do_reserve(self, 0, 1);
                do_commit(self, 0, 1);
            }
            size_t count = peek(&self->queue, &self->consumers[0], 1);
            size_t backlog = self->consumers[0].side.backlog;
            most = backlog > most ? backlog : most;
            self->consuming[0].batch = expect_peek(self, &self->consuming[0], 1);
            CHECK_EQUAL(count, 1);
            do_release(self, 0, 1);
        }
        CHECK_EQUAL(most, capacity);
    }
}

/* A ring that is filled and emptied in turns, one by one: it is seen full before long. */
static void run_regular_backlog(model *self, const ring_kind *kind)
{
    for (size_t capacity = 2; capacity <= TEST_CAPACITY_MAX; capacity *= 2) {
        begin(self, kind, capacity, 0);
        size_t most = 0;
        for (size_t lap = 0; lap < capacity; lap++) {
            for (size_t i = 0; i < capacity; i++) {
                do_reserve(self, 0, 1);
                do_commit(self, 0, 1);
            }
            for (size_t i = 0; i < capacity; i++) {
                CHECK_EQUAL(peek(&self->queue, &self->consumers[0], 1), 1);
                size_t backlog = self->consumers[0].side.backlog;
                most = backlog > most ? backlog : most;
                self->consuming[0].batch = expect_peek(self, &self->consuming[0], 1);
                do_release(self, 0, 1);
            }
        }
        CHECK_EQUAL(most, capacity);
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    for (size_t i = 0; i < RING_KINDS; i++) {
        run_model(&the_model, &ring_kinds[i]);
        run_backlog(&the_model, &ring_kinds[i]);
        run_regular_backlog(&the_model, &ring_kinds[i]);
        check_who_forwards(&the_model, &ring_kinds[i]);
    }
    return 0;
}
