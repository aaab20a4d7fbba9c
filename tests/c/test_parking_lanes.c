/*
 * Goal: no wake-up is lost between threads that publish, then ring, and threads that prepare, look
 * at their lanes, then sleep.
 * Method: a million parks of two threads that play ping-pong over two lanes; millions of rings at
 * the very time of a prepare; an event loop that is woken only by its wake function; a crew of
 * threads on a lane of several producers. Whoever misses a ring hangs, which the watchdog ends.
 */
#include "sleeping_world.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <corinth/mpmc.h>
#include <corinth/spsc.h>

/* About half of them find nothing ready, and park. */
#define PING_PONG_PASSES 2000000u
#define EVENT_ITEMS 50000u
#define CREW_ITEMS 200000u
#define WAITERS 4
#define LANE_CAPACITY 64
#define SLOT_LINES 8
#define DUEL_ROUNDS 3000000u
#define DUEL_OVER UINT32_MAX
#define DUEL_DITHERS 8
#define BUDGET_S 7
#define WATCHDOG_S 90

static world the_world;
static world other_world;

/*
 * A lane into a world. A slot is several cache lines, which its receiver writes as well: it takes
 * long until what a sender published is visible, which is what a missing fence needs to show.
 */
typedef struct inbox {
    world *target;
    uint64_t seed;
    uint64_t sent;
    corinth_spsc lane;
    struct {
        CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint64_t number;
    } slots[LANE_CAPACITY][SLOT_LINES];
} inbox;

static void inbox_init(inbox *self, world *target, uint32_t threads)
{
    self->target = target;
    world_init(target, threads);
    corinth_spsc_init(&self->lane, 0);
}

static bool inbox_send(inbox *self)
{
    corinth_position first;
    if (corinth_spsc_reserve(&self->lane, LANE_CAPACITY, 1, &first) == 0) {
        return false;
    }
    for (size_t line = 0; line < SLOT_LINES; line++) {
        self->slots[first % LANE_CAPACITY][line].number = first + line;
    }
    corinth_spsc_commit(&self->lane, LANE_CAPACITY, 1);
    ring(self->target, 1);
    return true;
}

static size_t inbox_receive(inbox *self)
{
    corinth_position first;
    size_t ready;
    size_t count =
        corinth_spsc_peek(&self->lane, LANE_CAPACITY, LANE_CAPACITY, &first, &ready);
    for (size_t i = 0; i < count; i++) {
        corinth_position position = first + (corinth_position)i;
        for (size_t line = 0; line < SLOT_LINES; line++) {
            uint64_t *number = &self->slots[position % LANE_CAPACITY][line].number;
            CHECK_EQUAL(*number, position + line);
            *number = 0;
        }
    }
    if (count > 0) {
        corinth_spsc_release(&self->lane, count);
    }
    return count;
}

/* One side of the ping-pong. */
typedef struct player {
    inbox *own;
    inbox *other;
    uint64_t seed;
    uint64_t rounds;
    uint64_t parks;
    bool begins;
} player;

static uint32_t is_over; /* atomic; what is received after it was set is the last */
static check_budget budget;

/* Receives one item, and parks until it comes. */
static void await(player *self)
{
    while (inbox_receive(self->own) == 0) {
        uint32_t key = prepare(self->own->target, 0);
        if (corinth_spsc_is_ready(&self->own->lane)) {
            corinth_parker_cancel(&self->own->target->bell, 0);
            continue;
        }
        self->parks++;
        CHECK_EQUAL(commit(self->own->target, 0, key, CORINTH_FOREVER), CORINTH_OK);
    }
}

static void *play(void *context)
{
    player *self = context;
    check_random random = check_random_stream(self->seed, self->begins);
    uint32_t steps = 0;
    for (bool is_last = false; !is_last;) {
        if (self->begins) {
            self->rounds--;
            is_last = self->rounds == 0 || !check_has_time(&budget, &steps);
            corinth_internal_store_relaxed_u32(&is_over, is_last ? 1 : 0);
            CHECK(inbox_send(self->other));
            await(self);
        } else {
            await(self);
            is_last = corinth_internal_load_relaxed_u32(&is_over) != 0;
            CHECK(inbox_send(self->other));
        }
        dither(&random);
    }
    return NULL;
}

static void run_ping_pong(uint64_t seed)
{
    static inbox inboxes[2];
    check_case("ping-pong: no wake-up is lost");
    inbox_init(&inboxes[0], &the_world, 1);
    inbox_init(&inboxes[1], &other_world, 1);
    is_over = 0;
    budget = check_budget_of(BUDGET_S);
    uint64_t rounds = check_scaled(PING_PONG_PASSES) / 2;
    player players[2] = {
        {.own = &inboxes[0], .other = &inboxes[1], .seed = seed, .rounds = rounds, .begins = true},
        {.own = &inboxes[1], .other = &inboxes[0], .seed = seed},
    };
    pthread_t threads[2] = {check_thread(play, &players[0]), check_thread(play, &players[1])};
    check_join(threads[0]);
    check_join(threads[1]);
    printf("  parked %" PRIu64 " times in %" PRIu64 " passes\n",
           players[0].parks + players[1].parks, 2 * (rounds - players[0].rounds));
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
            (void)corinth_internal_load_relaxed_u32(&the_world.bell.sleeping[0]);
            check_relax(&attempts);
        }
        if (corinth_internal_load_relaxed_u32(&duel.go) == DUEL_OVER) {
            return NULL;
        }
        dither(&random);
        (void)corinth_internal_load_relaxed_u32(&the_world.bell.sleeping[0]);
        CHECK(inbox_send(&duel.target));
        corinth_internal_store_release_u32(&duel.done, round);
    }
}

/*
 * Without sleep, and so a million times a second: a thread that is about to sleep sees what was
 * sent, or the sender sees that it is about to.
 */
static void run_duel(uint64_t seed)
{
    check_case("a ring and a prepare at once: one of them sees the other");
    inbox_init(&duel.target, &the_world, 1);
    duel.go = 0;
    duel.done = 0;
    budget = check_budget_of(BUDGET_S);
    check_random random = check_random_stream(seed, 0);
    pthread_t attacker = check_thread(attack, &seed);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t seen = 0;
    uint32_t rounds = (uint32_t)check_scaled(DUEL_ROUNDS);
    for (uint32_t round = 1; round <= rounds && check_has_time(&budget, &steps); round++) {
        uint64_t calls = calls_of(&the_world);
        corinth_internal_store_release_u32(&duel.go, round);
        /* The other has yet to hear of the round, so this side takes longer. */
        for (int part = 0; part < DUEL_DITHERS; part++) {
            dither(&random);
        }
        (void)prepare(&the_world, 0);
        bool is_seen = corinth_spsc_is_ready(&duel.target.lane);
        while (corinth_internal_load_acquire_u32(&duel.done) < round) {
            check_relax(&attempts);
        }
        corinth_parker_cancel(&the_world.bell, 0);
        CHECK(is_seen || calls_of(&the_world) == calls + 1);
        CHECK_EQUAL(inbox_receive(&duel.target), 1);
        seen += is_seen;
    }
    corinth_internal_store_release_u32(&duel.go, DUEL_OVER);
    check_join(attacker);
    printf("  %" PRIu64 " of %" PRIu32 " were seen in time\n", seen, rounds);
}

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
    while (items > 0 && check_has_time(&budget, &steps)) {
        if (inbox_send(target)) {
            items--;
        } else {
            check_relax(&attempts);
        }
        if (check_random_below(&random, 4) == 0) {
            (void)sched_yield();
        }
    }
    target->sent = check_scaled(EVENT_ITEMS) - items;
    corinth_internal_store_relaxed_u32(&is_over, 1);
    ring(target->target, 1);
    return NULL;
}

/* A loop that sleeps in poll and never in commit: the wake function is all that wakes it. */
static void run_wake_function(uint64_t seed)
{
    static inbox target;
    check_case("an event loop is woken through its wake function");
    int event = eventfd(0, EFD_NONBLOCK);
    CHECK(event >= 0);
    inbox_init(&target, &the_world, 1);
    target.seed = seed;
    is_over = 0;
    budget = check_budget_of(BUDGET_S);
    /* Set while the other sends already: preparing is what makes it known. */
    pthread_t sender = check_thread(send_events, &target);
    the_world.parkers[0].wake = ring_event;
    the_world.parkers[0].context = &event;
    uint64_t received = 0;
    uint64_t slept = 0;
    for (bool is_last = false; !is_last;) {
        received += inbox_receive(&target);
        (void)prepare(&the_world, 0);
        is_last = corinth_internal_load_relaxed_u32(&is_over) != 0;
        if (!corinth_spsc_is_ready(&target.lane) && !is_last) {
            struct pollfd poller = {.fd = event, .events = POLLIN};
            CHECK_EQUAL(poll(&poller, 1, -1), 1);
            uint64_t count;
            CHECK_EQUAL(read(event, &count, sizeof(count)), sizeof(count));
            slept++;
        }
        corinth_parker_cancel(&the_world.bell, 0);
    }
    check_join(sender);
    while (corinth_spsc_is_ready(&target.lane)) {
        received += inbox_receive(&target);
    }
    CHECK_EQUAL(received, target.sent);
    CHECK_EQUAL(close(event), 0);
    printf("  slept %" PRIu64 " times\n", slept);
}

/* A crew of threads that receive from one lane of many producers, until they are stopped. */
static struct crew {
    corinth_mpmc lane;
    corinth_mpmc_mark marks[LANE_CAPACITY];
    uint64_t received; /* atomic */
    uint32_t is_stopped; /* atomic */
    uint64_t seed;
} crew;

static void *work(void *context)
{
    waiter *self = context;
    for (;;) {
        corinth_position first;
        size_t count = corinth_mpmc_peek(&crew.lane, crew.marks, LANE_CAPACITY, 3, &first);
        if (count > 0) {
            corinth_mpmc_release(crew.marks, LANE_CAPACITY, first, count);
            __atomic_fetch_add(&crew.received, count, __ATOMIC_RELAXED);
            continue;
        }
        uint32_t key = prepare(&the_world, self->index);
        bool is_stopped = corinth_internal_load_relaxed_u32(&crew.is_stopped) != 0;
        if (is_stopped || corinth_mpmc_is_ready(&crew.lane, crew.marks, LANE_CAPACITY)) {
            corinth_parker_cancel(&the_world.bell, self->index);
            if (is_stopped) {
                return NULL;
            }
            continue;
        }
        self->parked++;
        CHECK_EQUAL(commit(&the_world, self->index, key, CORINTH_FOREVER), CORINTH_OK);
    }
}

static void *feed(void *context)
{
    waiter *self = context;
    check_random random = check_random_stream(crew.seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t left = check_scaled(CREW_ITEMS);
    while (left > 0 && check_has_time(&budget, &steps)) {
        corinth_position first;
        size_t wanted = 1 + check_random_below(&random, 4);
        wanted = wanted < left ? wanted : (size_t)left;
        size_t claimed =
            corinth_mpmc_reserve(&crew.lane, crew.marks, LANE_CAPACITY, wanted, &first);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* Some are aborted: that too is rung, for it may have held up what lies behind it. */
        size_t count = check_random_below(&random, 8) == 0 ? claimed - 1 : claimed;
        corinth_mpmc_commit(crew.marks, LANE_CAPACITY, first, claimed, count);
        ring(&the_world, claimed);
        left -= count;
        self->sent += count;
        if (check_random_below(&random, 4) == 0) {
            (void)sched_yield();
        }
    }
    return NULL;
}

static void run_crew(uint64_t seed)
{
    check_case("several threads wait for several: each item finds an awake one, a stop all");
    world_init(&the_world, WAITERS);
    corinth_mpmc_init(&crew.lane, crew.marks, LANE_CAPACITY, 0);
    budget = check_budget_of(BUDGET_S);
    crew.received = 0;
    crew.is_stopped = 0;
    crew.seed = seed;
    waiter people[WAITERS + 2];
    pthread_t threads[WAITERS + 2];
    for (uint32_t i = 0; i < WAITERS + 2; i++) {
        people[i] = (waiter){.index = i};
        threads[i] = check_thread(i < WAITERS ? work : feed, &people[i]);
    }
    uint64_t total = 0;
    for (uint32_t i = WAITERS; i < WAITERS + 2; i++) {
        check_join(threads[i]);
        total += people[i].sent;
    }
    /* Everything must arrive before the stop, which wakes everybody, could hide a loss. */
    while (__atomic_load_n(&crew.received, __ATOMIC_RELAXED) < total) {
        (void)poll(NULL, 0, 1);
    }
    corinth_internal_store_relaxed_u32(&crew.is_stopped, 1);
    ring(&the_world, SIZE_MAX);
    uint64_t parks = 0;
    for (uint32_t i = 0; i < WAITERS; i++) {
        check_join(threads[i]);
        parks += people[i].parked;
    }
    CHECK_EQUAL(crew.received, total);
    printf("  parked %" PRIu64 " times for %" PRIu64 " items\n", parks, total);
}

int main(int argc, char **argv)
{
    uint64_t seed = check_begin(argc, argv, WATCHDOG_S);
    run_ping_pong(seed);
    run_duel(seed);
    run_wake_function(seed);
    run_crew(seed);
    return 0;
}
