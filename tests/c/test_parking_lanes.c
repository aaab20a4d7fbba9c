/*
 * Goal: no wake-up is lost between threads that publish, then ring, and threads that prepare, look
 * at their lanes, then sleep.
 * Method: a million parks of pairs of threads that play ping-pong over two lanes; two million rings
 * at the very time of a prepare; an event loop that is woken only by its wake function. A thread
 * that misses a ring hangs, which the watchdog ends.
 */
#include "parking_world.h"
#include "stress.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <corinth/spsc.h>

#define PARKS 1000000u
#define TABLES 2
#define EVENT_ITEMS 50000u
#define LANE_CAPACITY 64
#define SLOT_LINES 8
#define DUEL_ROUNDS 2000000u
#define DUEL_OVER UINT32_MAX
/* The longest that one side waits for the other, in loops. */
#define DUEL_DELAY_MAX 2048u

static world the_world;

/*
 * A lane into a world. A slot is several cache lines, which its receiver writes as well: it takes
 * long until what a sender published is visible, which is what a missing fence needs to show.
 */
typedef struct inbox {
    world *target;
    uint64_t seed;
    uint64_t sent;
    corinth_ring ring;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side producer;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side consumer;
    struct {
        CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint64_t number;
    } slots[LANE_CAPACITY][SLOT_LINES];
} inbox;

static void inbox_init(inbox *self, world *target, uint32_t threads)
{
    self->target = target;
    world_init(target, threads);
    corinth_ring_init(&self->ring, NULL, LANE_CAPACITY, 0);
    corinth_ring_init_producer(&self->producer, &self->ring, NULL);
    corinth_ring_init_consumer(&self->consumer, &self->ring, NULL);
}

static bool inbox_send(inbox *self)
{
    if (corinth_spsc_reserve(&self->producer, LANE_CAPACITY, 1) == 0) {
        return false;
    }
    corinth_position first = self->producer.next;
    for (size_t line = 0; line < SLOT_LINES; line++) {
        self->slots[first % LANE_CAPACITY][line].number = first + line;
    }
    (void)corinth_spsc_commit(&self->producer, LANE_CAPACITY, 1);
    ring(self->target, 1);
    return true;
}

static size_t inbox_receive(inbox *self)
{
    size_t count = corinth_spsc_peek(&self->consumer, LANE_CAPACITY, LANE_CAPACITY);
    for (size_t i = 0; i < count; i++) {
        corinth_position position = self->consumer.next + (corinth_position)i;
        for (size_t line = 0; line < SLOT_LINES; line++) {
            uint64_t *number = &self->slots[position % LANE_CAPACITY][line].number;
            CHECK_EQUAL(*number, position + line);
            *number = 0;
        }
    }
    if (count > 0) {
        corinth_spsc_release(&self->consumer, LANE_CAPACITY, count);
    }
    return count;
}

/* Two threads play, over a lane into each one's world. */
typedef struct table {
    inbox inboxes[2];
    world worlds[2];
    uint32_t is_over; /* atomic; what is received after it was set is the last */
} table;

/* One side of a table; side 0 begins. */
typedef struct player {
    table *seat;
    uint32_t side;
    uint64_t seed;
} player;

static table tables[TABLES];
static uint64_t parks; /* atomic; of all players */
static stress_budget budget;

static bool inbox_is_ready(const inbox *self)
{
    return corinth_spsc_is_ready(&self->consumer, LANE_CAPACITY);
}

/* Receives one item, and parks until it comes. */
static void await(inbox *own)
{
    while (inbox_receive(own) == 0) {
        uint32_t key = prepare(own->target, 0);
        if (inbox_is_ready(own)) {
            cancel(own->target, 0);
            continue;
        }
        __atomic_fetch_add(&parks, 1, __ATOMIC_RELAXED);
        CHECK_EQUAL(commit(own->target, 0, key, CORINTH_FOREVER), CORINTH_OK);
    }
}

static void *play(void *context)
{
    const player *self = context;
    inbox *own = &self->seat->inboxes[self->side];
    inbox *other = &self->seat->inboxes[1 - self->side];
    check_random random = check_random_stream(self->seed, self->side);
    uint64_t enough = check_scaled(PARKS);
    uint32_t steps = 0;
    for (bool is_last = false; !is_last;) {
        if (self->side == 0) {
            is_last = __atomic_load_n(&parks, __ATOMIC_RELAXED) >= enough
                      || !stress_has_time(&budget, &steps);
            corinth_internal_store_relaxed_u32(&self->seat->is_over, is_last ? 1 : 0);
            CHECK(inbox_send(other));
            await(own);
        } else {
            await(own);
            is_last = corinth_internal_load_relaxed_u32(&self->seat->is_over) != 0;
            CHECK(inbox_send(other));
        }
        dither(&random);
    }
    return NULL;
}

/* At several tables, so that no core is idle: to wake one takes longer than all else. */
static void run_ping_pong(stress *run)
{
    check_case("ping-pong: no wake-up is lost");
    player players[2 * TABLES];
    pthread_t threads[2 * TABLES];
    parks = 0;
    budget = stress_budget_of(run);
    uint64_t slept_before = sleeps();
    for (uint32_t i = 0; i < 2 * TABLES; i++) {
        table *seat = &tables[i / 2];
        inbox_init(&seat->inboxes[i % 2], &seat->worlds[i % 2], 1);
        seat->is_over = 0;
        players[i] = (player){.seat = seat, .side = i % 2, .seed = run->seed + i / 2};
    }
    for (uint32_t i = 0; i < 2 * TABLES; i++) {
        threads[i] = check_thread(play, &players[i]);
    }
    for (uint32_t i = 0; i < 2 * TABLES; i++) {
        check_join(threads[i]);
    }
    printf("  %" PRIu64 " sleeps\n", sleeps() - slept_before);
    stress_reached(run, "parks", parks, check_scaled(PARKS));
}

/* A round of the duel: `go` begins it, `done` ends it. */
static struct duel {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t go;   /* atomic */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t done; /* atomic */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) inbox target;
} duel;

/* Sends once a round, the doorbell's line at hand, so that it is read as early as it may be. */
static void *attack(void *context)
{
    const uint64_t *seed = context;
    check_random random = check_random_stream(*seed, 1);
    unsigned attempts = 0;
    for (uint32_t round = 1;; round++) {
        while (corinth_internal_load_acquire_u32(&duel.go) < round) {
            (void)corinth_internal_load_relaxed_u32(&the_world.doorbell.sleeping[0]);
            check_relax(&attempts);
        }
        if (corinth_internal_load_relaxed_u32(&duel.go) == DUEL_OVER) {
            return NULL;
        }
        dither(&random);
        (void)corinth_internal_load_relaxed_u32(&the_world.doorbell.sleeping[0]);
        CHECK(inbox_send(&duel.target));
        corinth_internal_store_release_u32(&duel.done, round);
    }
}

/*
 * Without sleep, and so a million times a second: a thread that is about to sleep sees what was
 * sent, or the sender sees that it is about to. Who comes too late for the other waits less the
 * next time: so they meet, however long one takes to hear of the other on this machine.
 */
static void run_duel(stress *run)
{
    check_case("a ring and a prepare at once: one of them sees the other");
    inbox_init(&duel.target, &the_world, 1);
    duel.go = 0;
    duel.done = 0;
    budget = stress_budget_of(run);
    check_random random = check_random_stream(run->seed, 0);
    pthread_t attacker = check_thread(attack, &run->seed);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint32_t delay = 0;
    uint64_t seen = 0;
    uint32_t size = (uint32_t)check_scaled(DUEL_ROUNDS);
    uint32_t rounds = 0;
    while (rounds < size && stress_has_time(&budget, &steps)) {
        uint32_t round = ++rounds;
        uint64_t calls = calls_of(&the_world);
        corinth_internal_store_release_u32(&duel.go, round);
        check_linger(&random, delay);
        (void)prepare(&the_world, 0);
        bool is_seen = inbox_is_ready(&duel.target);
        while (corinth_internal_load_acquire_u32(&duel.done) < round) {
            check_relax(&attempts);
        }
        cancel(&the_world, 0);
        CHECK(is_seen || calls_of(&the_world) == calls + 1);
        CHECK_EQUAL(inbox_receive(&duel.target), 1);
        seen += is_seen;
        if (is_seen) {
            delay -= delay > 0;
        } else {
            delay += delay < DUEL_DELAY_MAX;
        }
    }
    corinth_internal_store_release_u32(&duel.go, DUEL_OVER);
    check_join(attacker);
    printf("  %" PRIu64 " were seen in time, delay %" PRIu32 "\n", seen, delay);
    stress_reached(run, "rounds", rounds, size);
}

static uint32_t is_over; /* atomic; what is received after it was set is the last */

static void ring_event(void *context)
{
    const int *event = context;
    uint64_t one = 1;
    CHECK_EQUAL(write(*event, &one, sizeof(one)), sizeof(one));
}

static void *send_events(void *context)
{
    inbox *target = context;
    check_random random = check_random_stream(target->seed, 0);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t items = check_scaled(EVENT_ITEMS);
    while (items > 0 && stress_has_time(&budget, &steps)) {
        if (inbox_send(target)) {
            items--;
        } else {
            check_relax(&attempts);
        }
        /* Every other time it waits until all was received, so that the receiver goes to sleep. */
        bool is_patient = check_random_below(&random, 2) == 0;
        while (is_patient && corinth_ring_length(&target->ring, LANE_CAPACITY) > 0) {
            check_relax(&attempts);
        }
    }
    target->sent = check_scaled(EVENT_ITEMS) - items;
    corinth_internal_store_relaxed_u32(&is_over, 1);
    ring(target->target, 1);
    return NULL;
}

/* A loop that sleeps in poll and never in commit: the wake function is all that wakes it. */
static void run_wake_function(stress *run)
{
    static inbox target;
    check_case("an event loop is woken through its wake function");
    int event = eventfd(0, EFD_NONBLOCK);
    CHECK(event >= 0);
    inbox_init(&target, &the_world, 1);
    target.seed = run->seed;
    is_over = 0;
    budget = stress_budget_of(run);
    /* Set while the other sends already: preparing is what makes it known. */
    pthread_t sender = check_thread(send_events, &target);
    corinth_bell_set_wake(&the_world.bell, 0, ring_event, &event);
    uint64_t received = 0;
    uint64_t slept = 0;
    for (bool is_last = false; !is_last;) {
        received += inbox_receive(&target);
        (void)prepare(&the_world, 0);
        is_last = corinth_internal_load_relaxed_u32(&is_over) != 0;
        if (!inbox_is_ready(&target) && !is_last) {
            struct pollfd poller = {.fd = event, .events = POLLIN};
            CHECK_EQUAL(poll(&poller, 1, -1), 1);
            uint64_t count;
            CHECK_EQUAL(read(event, &count, sizeof(count)), sizeof(count));
            slept++;
        }
        cancel(&the_world, 0);
    }
    check_join(sender);
    while (inbox_is_ready(&target)) {
        received += inbox_receive(&target);
    }
    CHECK_EQUAL(received, target.sent);
    CHECK_EQUAL(close(event), 0);
    printf("  slept %" PRIu64 " times\n", slept);
    stress_reached(run, "items", received, check_scaled(EVENT_ITEMS));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        run_ping_pong(&run);
        run_duel(&run);
        run_wake_function(&run);
    }
    return 0;
}
