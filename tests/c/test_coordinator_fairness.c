/*
 * Goal: lanes into one world take turns by weight, exactly; a ready lane is served before the
 * others had more than a turn each; nothing starves, neither a lane nor the class without priority.
 * Method: one thread keeps lanes full, or fills them at random, and judges every single receive.
 * Then threads send as they can, and the receiver looks which lanes are ready before each.
 */
#include "mixed_ports.h"
#include "stress.h"

#define SOURCES 3
#define ROUNDS 200
#define RANDOM_STEPS 60000u
#define THREAD_TRANSFERS 200000u

/* By the order of their worlds' ids, which is that of their turns. */
enum { HEAVY, LIGHT, MEDIUM };
static const size_t weights[SOURCES] = {
    MIXED_HEAVY_TO_HUB_WEIGHT, MIXED_LIGHT_TO_HUB_WEIGHT, MIXED_MEDIUM_TO_HUB_WEIGHT};
static const size_t batches[SOURCES] = {MIXED_HEAVY_TO_HUB_BATCH_SIZE,
                                        MIXED_LIGHT_TO_HUB_BATCH_SIZE,
                                        MIXED_MEDIUM_TO_HUB_BATCH_SIZE};
static const mixed_world worlds[SOURCES] = {
    MIXED_WORLD_HEAVY, MIXED_WORLD_LIGHT, MIXED_WORLD_MEDIUM};

static corinth_status send_from(size_t source, uint64_t number, uint8_t flags)
{
    mixed_transfer transfer = new_transfer(number, MIXED_WORLD_HUB);
    transfer.flags = flags;
    transfer.source = worlds[source];
    return mixed_coordinator_send(&coordinator, &transfer);
}

static void fill(size_t source)
{
    while (send_from(source, 0, 0) == CORINTH_OK) {
    }
}

static void fill_all(void)
{
    for (size_t source = 0; source < SOURCES; source++) {
        fill(source);
    }
}

static void fill_urgent(void)
{
    while (send_from(MEDIUM, 1, MIXED_TRANSFER_PRIORITY) == CORINTH_OK) {
    }
}

static size_t source_of(const mixed_transfer *transfer)
{
    for (size_t source = 0; source < SOURCES; source++) {
        if (transfer->source == worlds[source]) {
            return source;
        }
    }
    check_fail(__FILE__, __LINE__, "a transfer from a world that has no lane to hub");
    return 0;
}

static size_t receive_one(void)
{
    mixed_transfer received;
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    return source_of(&received);
}

/* Judges an endless sequence of sources: each turn is as long as it must be, and then the next. */
typedef struct turns {
    const size_t *lengths;
    size_t source;
    size_t left;
    bool has_begun;
} turns;

static void judge(turns *self, size_t source)
{
    if (!self->has_begun) {
        self->has_begun = true;
        self->source = source;
        self->left = self->lengths[source];
    }
    if (self->left == 0) {
        self->source = (self->source + 1) % SOURCES;
        self->left = self->lengths[self->source];
    }
    CHECK_EQUAL(source, self->source);
    self->left--;
}

static void run_weights(void)
{
    check_case("lanes that are always ready take turns as long as their weights");
    start_coordinator();
    turns all = {.lengths = weights};
    for (int round = 0; round < ROUNDS; round++) {
        fill_all();
        judge(&all, receive_one());
    }
}

static void run_batch_turns(stress *run)
{
    check_case("in batches turns are as long as weight times batch size");
    start_coordinator();
    check_random random = check_random_stream(run->seed, 0);
    size_t lengths[SOURCES];
    for (size_t source = 0; source < SOURCES; source++) {
        lengths[source] = weights[source] * batches[source];
    }
    turns all = {.lengths = lengths};
    for (int round = 0; round < ROUNDS; round++) {
        /* No more than half a lane at once, so that none is found empty. */
        mixed_transfer out[8];
        size_t wanted = 1 + check_random_below(&random, 8);
        fill_all();
        CHECK_EQUAL(mixed_hub_receive_batch(hub, out, wanted), wanted);
        for (size_t i = 0; i < wanted; i++) {
            judge(&all, source_of(&out[i]));
        }
    }
    stress_reached(run, "batches", ROUNDS, ROUNDS);
}

/* What a batch leaves of a turn isn't handed out one by one beyond the weight. */
static void run_turn_begun_in_a_batch(void)
{
    check_case("after a batch a turn lasts no longer than its weight");
    start_coordinator();
    for (int round = 0; round < ROUNDS; round++) {
        mixed_transfer out[1];
        fill_all();
        CHECK_EQUAL(mixed_hub_receive_batch(hub, out, 1), 1);
        size_t begun = source_of(&out[0]);
        size_t more = 0;
        while (receive_one() == begun) {
            more++;
            CHECK_AT_MOST(more, weights[begun]);
        }
    }
}

/*
 * How many others are received before a lane that becomes ready at some moment: measured from every
 * phase of the rotation, the worst is what is promised. It may be one less: that its turn has just
 * passed it by is known from outside only when the receive that noticed it has returned.
 */
static void run_bound(void)
{
    check_case("a lane that becomes ready waits for the others' turns at most, and at worst");
    for (size_t late = 0; late < SOURCES; late++) {
        size_t worst = 0;
        size_t promised = 0;
        for (size_t phase = 0; phase < 20; phase++) {
            start_coordinator();
            promised = 0;
            for (size_t source = 0; source < SOURCES; source++) {
                promised += source == late ? 0 : weights[source];
            }
            for (size_t i = 0; i < phase; i++) {
                fill((late + 1) % SOURCES);
                fill((late + 2) % SOURCES);
                CHECK(receive_one() != late);
            }
            CHECK_EQUAL(send_from(late, 1, 0), CORINTH_OK);
            size_t waited = 0;
            fill((late + 1) % SOURCES);
            fill((late + 2) % SOURCES);
            while (receive_one() != late) {
                waited++;
                CHECK_AT_MOST(waited, promised);
                fill((late + 1) % SOURCES);
                fill((late + 2) % SOURCES);
            }
            worst = waited > worst ? waited : worst;
        }
        CHECK_AT_MOST(promised - 1, worst);
    }
}

/* For every lane, what was received from others while it was ready and not served. */
typedef struct waits {
    size_t waited[SOURCES];
    size_t promised[SOURCES];
} waits;

static waits new_waits(size_t quantum_of[SOURCES])
{
    waits self;
    memset(&self, 0, sizeof(self));
    for (size_t source = 0; source < SOURCES; source++) {
        for (size_t other = 0; other < SOURCES; other++) {
            self.promised[source] += source == other ? 0 : weights[other] * quantum_of[other];
        }
    }
    return self;
}

static void count_wait(waits *self, size_t received, const bool was_ready[SOURCES])
{
    CHECK(was_ready[received]);
    for (size_t source = 0; source < SOURCES; source++) {
        bool waits_on = was_ready[source] && source != received;
        self->waited[source] = waits_on ? self->waited[source] + 1 : 0;
        CHECK_AT_MOST(self->waited[source], self->promised[source]);
    }
}

static void run_random_arrivals(stress *run)
{
    check_case("no lane starves, whatever arrives when");
    start_coordinator();
    check_random random = check_random_stream(run->seed, 1);
    size_t ones[SOURCES] = {1, 1, 1};
    waits all = new_waits(ones);
    uint64_t in_lane[SOURCES] = {0};
    uint64_t steps = check_scaled(RANDOM_STEPS);
    for (uint64_t step = 0; step < steps; step++) {
        /* In phases one lane gets almost everything. */
        size_t source = check_random_below(&random, SOURCES);
        size_t favoured = (size_t)(step / 500) % (SOURCES + 1);
        source = favoured < SOURCES && step % 8 != 0 ? favoured : source;
        uint8_t flags = check_random_below(&random, 2) == 0 ? MIXED_TRANSFER_PRIORITY : 0;
        in_lane[source] += send_from(source, step, flags) == CORINTH_OK;
        bool was_ready[SOURCES];
        bool is_any = false;
        for (size_t i = 0; i < SOURCES; i++) {
            was_ready[i] = in_lane[i] > 0;
            is_any = is_any || was_ready[i];
        }
        if (is_any && check_random_below(&random, 8) != 0) {
            size_t received = receive_one();
            in_lane[received]--;
            count_wait(&all, received, was_ready);
        }
    }
    stress_reached(run, "steps", steps, steps);
}

/* In the lane with priority: no more than a burst before one without, however few turns it has. */
static void run_priority_beside_others(void)
{
    check_case("a burst of priority ends in a lane that shares its receiver with others");
    start_coordinator();
    size_t urgent_since = 0;
    size_t from_medium = 0;
    for (int round = 0; round < ROUNDS; round++) {
        mixed_transfer received;
        fill_all();
        fill_urgent();
        CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
        if (source_of(&received) == MEDIUM) {
            bool is_urgent = (received.flags & MIXED_TRANSFER_PRIORITY) != 0;
            CHECK(is_urgent == (from_medium % (MIXED_MEDIUM_TO_HUB_PRIORITY_BURST + 1)
                                < MIXED_MEDIUM_TO_HUB_PRIORITY_BURST));
            urgent_since = is_urgent ? urgent_since + 1 : 0;
            CHECK_AT_MOST(urgent_since, MIXED_MEDIUM_TO_HUB_PRIORITY_BURST);
            from_medium++;
        }
    }
    CHECK(from_medium > ROUNDS / 4);
}

#define BEGINNING 12

/* What comes first of full lanes, after `before` others: the source, and whether it is urgent. */
static void begin_after(size_t before, size_t order[BEGINNING])
{
    start_coordinator();
    fill_all();
    fill_urgent();
    for (size_t i = 0; i < before; i++) {
        (void)receive_one();
    }
    start_coordinator();
    fill_all();
    fill_urgent();
    for (size_t i = 0; i < BEGINNING; i++) {
        mixed_transfer received;
        CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
        order[i] = 2 * source_of(&received) + (received.flags & MIXED_TRANSFER_PRIORITY ? 1 : 0);
    }
}

static void run_made_anew(void)
{
    check_case("a coordinator that is made anew knows of no turn and no burst");
    size_t expected[BEGINNING];
    begin_after(0, expected);
    for (size_t before = 1; before <= BEGINNING; before++) {
        size_t order[BEGINNING];
        begin_after(before, order);
        for (size_t i = 0; i < BEGINNING; i++) {
            CHECK_EQUAL(order[i], expected[i]);
        }
    }
}

static void *flood(void *context)
{
    size_t source = *(const size_t *)context;
    unsigned attempts = 0;
    uint64_t count = check_scaled(THREAD_TRANSFERS);
    for (uint64_t number = 0; number < count;) {
        if (send_from(source, number, 0) == CORINTH_OK) {
            number++;
        } else {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static void look(bool ready[SOURCES])
{
    for (size_t turn = 0; turn < SOURCES; turn++) {
        const corinth_receiver *receiver = &hub->receivers[turn];
        ready[turn] = receiver->kind->is_ready(&receiver->side, receiver->capacity);
    }
}

static void run_threads(stress *run)
{
    check_case("threads that send as they can: whoever is ready is served in time, in order");
    start_coordinator();
    size_t ones[SOURCES] = {1, 1, 1};
    waits all = new_waits(ones);
    size_t sources[SOURCES] = {HEAVY, LIGHT, MEDIUM};
    pthread_t threads[SOURCES];
    for (size_t i = 0; i < SOURCES; i++) {
        threads[i] = check_thread(flood, &sources[i]);
    }
    uint64_t next[SOURCES] = {0};
    uint64_t total = SOURCES * check_scaled(THREAD_TRANSFERS);
    uint64_t left = total;
    unsigned attempts = 0;
    while (left > 0) {
        bool was_ready[SOURCES];
        mixed_transfer received;
        look(was_ready);
        if (mixed_hub_receive(hub, &received) != CORINTH_OK) {
            CHECK(!was_ready[HEAVY] && !was_ready[LIGHT] && !was_ready[MEDIUM]);
            check_relax(&attempts);
            continue;
        }
        size_t source = source_of(&received);
        CHECK_EQUAL(received.entity, next[source]);
        next[source]++;
        left--;
        was_ready[source] = true; /* it may have become so since */
        count_wait(&all, source, was_ready);
    }
    for (size_t i = 0; i < SOURCES; i++) {
        check_join(threads[i]);
    }
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 0);
    stress_reached(run, "transfers", total, total);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    run_weights();
    run_turn_begun_in_a_batch();
    run_bound();
    run_priority_beside_others();
    run_made_anew();
    while (stress_next_round(&run)) {
        run_batch_turns(&run);
        run_random_arrivals(&run);
        run_threads(&run);
    }
    return 0;
}
