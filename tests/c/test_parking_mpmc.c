/*
 * Goal: where several threads wait for what several others send, each item finds an awake one, and
 * a stop wakes all.
 * Method: four threads receive from one lane of two producers, which abort slots too, and sleep
 * whenever it is empty; then four from one producer's, and one from two producers'. A thread that
 * misses a ring hangs, which the watchdog ends.
 */
#include "parking_world.h"
#include "stress.h"

#include <poll.h>

#include <corinth/mpmc.h>
#include <corinth/mpsc.h>
#include <corinth/spmc.h>

#define ITEMS 200000u
#define WAITERS_MAX 4
#define FEEDERS_MAX 2
#define LANE_CAPACITY 64

static world the_world;
static stress_budget budget;

/* A kind of ring, and who uses it here. */
typedef struct shape {
    const char *name;
    const corinth_ring_kind *calls;
    uint32_t waiters;
    uint32_t feeders;
} shape;

/* A lane of that kind, from which threads receive until they are stopped. */
static struct shared {
    const corinth_ring_kind *calls;
    corinth_ring ring;
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_mark marks[LANE_CAPACITY];
    struct {
        CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side side;
    } ends[WAITERS_MAX + FEEDERS_MAX];
    uint64_t received; /* atomic */
    uint32_t is_stopped; /* atomic */
    uint64_t seed;
} shared;

static void *work(void *context)
{
    waiter *self = context;
    corinth_ring_side *side = &shared.ends[self->index].side;
    for (;;) {
        size_t count = shared.calls->peek(side, LANE_CAPACITY, 3);
        if (count > 0) {
            shared.calls->release(side, LANE_CAPACITY, count);
            __atomic_fetch_add(&shared.received, count, __ATOMIC_RELAXED);
            continue;
        }
        uint32_t key = prepare(&the_world, self->index);
        bool is_stopped = corinth_internal_load_relaxed_u32(&shared.is_stopped) != 0;
        if (is_stopped || shared.calls->is_ready(side, LANE_CAPACITY)) {
            cancel(&the_world, self->index);
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
    corinth_ring_side *side = &shared.ends[self->index].side;
    check_random random = check_random_stream(shared.seed, self->index);
    unsigned attempts = 0;
    uint32_t steps = 0;
    uint64_t left = check_scaled(ITEMS);
    while (left > 0 && stress_has_time(&budget, &steps)) {
        size_t wanted = 1 + check_random_below(&random, 4);
        wanted = wanted < left ? wanted : (size_t)left;
        size_t claimed = shared.calls->reserve(side, LANE_CAPACITY, wanted);
        if (claimed == 0) {
            check_relax(&attempts);
            continue;
        }
        /* Some are aborted: that too is rung, for it may have held up what lies behind it. */
        size_t count = check_random_below(&random, 8) == 0 ? claimed - 1 : claimed;
        size_t transfers = shared.calls->commit(side, LANE_CAPACITY, count);
        if (transfers > 0) {
            ring(&the_world, transfers);
        }
        left -= count;
        self->sent += count;
        if (check_random_below(&random, 4) == 0) {
            (void)sched_yield();
        }
    }
    return NULL;
}

static void make_sides(const shape *used)
{
    for (uint32_t i = 0; i < used->waiters; i++) {
        corinth_ring_init_consumer(&shared.ends[i].side, &shared.ring, shared.marks);
    }
    for (uint32_t i = used->waiters; i < used->waiters + used->feeders; i++) {
        corinth_ring_init_producer(&shared.ends[i].side, &shared.ring, shared.marks);
    }
}

/* Starts the threads of a lane, and stops the waiters when all that was sent has arrived. */
static uint64_t run_threads(const shape *used)
{
    waiter waiters[WAITERS_MAX + FEEDERS_MAX];
    pthread_t threads[WAITERS_MAX + FEEDERS_MAX];
    uint32_t count = used->waiters + used->feeders;
    for (uint32_t i = 0; i < count; i++) {
        waiters[i] = (waiter){.index = i};
        threads[i] = check_thread(i < used->waiters ? work : feed, &waiters[i]);
    }
    uint64_t total = 0;
    for (uint32_t i = used->waiters; i < count; i++) {
        check_join(threads[i]);
        total += waiters[i].sent;
    }
    /* Everything must arrive before the stop, which wakes all of them, could hide a loss. */
    while (__atomic_load_n(&shared.received, __ATOMIC_RELAXED) < total) {
        (void)poll(NULL, 0, 1);
    }
    corinth_internal_store_relaxed_u32(&shared.is_stopped, 1);
    ring(&the_world, SIZE_MAX);
    uint64_t parked = 0;
    for (uint32_t i = 0; i < used->waiters; i++) {
        check_join(threads[i]);
        parked += waiters[i].parked;
    }
    printf("  parked %" PRIu64 " times\n", parked);
    return total;
}

static void run_shape(stress *run, const shape *used)
{
    check_case(used->name);
    world_init(&the_world, used->waiters);
    corinth_ring_init(&shared.ring, shared.marks, LANE_CAPACITY, 0);
    make_sides(used);
    budget = stress_budget_of(run);
    shared.calls = used->calls;
    shared.received = 0;
    shared.is_stopped = 0;
    shared.seed = run->seed;
    uint64_t total = run_threads(used);
    CHECK_EQUAL(shared.received, total);
    stress_reached(run, "items", total, used->feeders * check_scaled(ITEMS));
}

int main(int argc, char **argv)
{
    static const shape shapes[] = {
        {"several wait for several: each item finds an awake one, a stop all", &corinth_mpmc, 4, 2},
        {"several wait for one", &corinth_spmc, 4, 1},
        {"one waits for several", &corinth_mpsc, 1, 2},
    };
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
            run_shape(&run, &shapes[i]);
        }
    }
    return 0;
}
