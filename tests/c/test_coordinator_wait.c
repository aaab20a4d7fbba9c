/*
 * Goal: a thread that waits for a world wakes when there is something to receive, when its time is
 * over or when the coordinator stops, and for nothing else; doorbells ring when they should.
 * Method: rings are counted by wake functions; then threads wait and are woken, at random offsets.
 * A lost wake-up is a hang, which the watchdog ends.
 */
#include "mixed_ports.h"
#include "stress.h"

#define MILLISECOND_NS UINT64_C(1000000)
#define SHORT_NS (5 * MILLISECOND_NS)
#define ROUND_TRIPS 50000u
#define STOPS 50u
#define MET_FULL 20000u
/* Loops from one call to the next, at most. */
#define PAUSE_MAX 200u

static uint32_t wakes; /* atomic */

static void count_wake(void *context)
{
    (void)context;
    __atomic_fetch_add(&wakes, 1, __ATOMIC_RELAXED);
}

static uint32_t wakes_so_far(void)
{
    return __atomic_load_n(&wakes, __ATOMIC_RELAXED);
}

static void send_to(mixed_world target)
{
    mixed_transfer transfer = new_transfer(1, target);
    CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_OK);
}

static void begin(void)
{
    start_coordinator();
    wakes = 0;
    mixed_hub_set_wake(hub, count_wake, NULL);
}

static void run_timeouts(void)
{
    check_case("a wait ends when its time is over, and at once if there is something");
    begin();
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(mixed_hub_wait(hub, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_hub_wait(hub, 1), CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_hub_wait(hub, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= SHORT_NS);
    /* A world that sends nothing, and one that receives nothing, waits as well. */
    CHECK_EQUAL(mixed_heavy_wait(heavy, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_sink_wait(sink, 0), CORINTH_TIMED_OUT);
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_hub_wait(hub, 0), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_wait(hub, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 0);
}

static void run_three_steps(void)
{
    check_case("prepare, look, commit or cancel");
    begin();
    mixed_transfer received;
    uint32_t key = mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_hub_commit_wait(hub, key, 0), CORINTH_TIMED_OUT);
    key = mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_hub_is_ready(hub), false);
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_hub_is_ready(hub), true);
    CHECK_EQUAL(wakes_so_far(), 1);
    CHECK_EQUAL(mixed_hub_commit_wait(hub, key, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    /* A thread that has withdrawn isn't rung any more. */
    (void)mixed_hub_prepare_wait(hub);
    mixed_hub_cancel_wait(hub);
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(wakes_so_far(), 1);
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    /* It stops between prepare and commit. */
    key = mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 2);
    CHECK_EQUAL(mixed_hub_commit_wait(hub, key, CORINTH_FOREVER), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_hub_wait(hub, CORINTH_FOREVER), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_hub_wait(hub, 0), CORINTH_STOPPED);
}

static void run_stopped_with_leftovers(void)
{
    check_case("a wait returns OK while something is left, also when stopped");
    begin();
    mixed_transfer received;
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_wait(hub, CORINTH_FOREVER), CORINTH_OK);
    uint32_t key = mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_hub_commit_wait(hub, key, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_wait(hub, CORINTH_FOREVER), CORINTH_STOPPED);
}

/* What rings, and that it rings once for a thread that sleeps and only at the target. */
static void run_rings(void)
{
    check_case("each send rings, and so does a send that finds the lane full");
    begin();
    mixed_transfer out[64];
    size_t sent = 0;
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    (void)mixed_hub_prepare_wait(hub);
    send_to(MIXED_WORLD_SINK);
    CHECK_EQUAL(wakes_so_far(), 0);
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(wakes_so_far(), 1);
    send_to(MIXED_WORLD_HUB);
    CHECK_EQUAL(wakes_so_far(), 1);
    (void)mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_heavy_send_batch(heavy, &transfer, 1, &sent), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 2);
    mixed_heavy_to_hub_claim claim;
    CHECK_EQUAL(mixed_heavy_to_hub_reserve(heavy, 1, &claim), 1);
    (void)mixed_hub_prepare_wait(hub);
    mixed_heavy_to_hub_commit(heavy, &claim, 1);
    CHECK_EQUAL(wakes_so_far(), 3);
    for (int i = 4; i < MIXED_HEAVY_TO_HUB_CAPACITY; i++) {
        send_to(MIXED_WORLD_HUB);
    }
    (void)mixed_hub_prepare_wait(hub);
    CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_FULL);
    CHECK_EQUAL(wakes_so_far(), 4);
    CHECK_EQUAL(mixed_hub_receive_batch(hub, out, 64), MIXED_HEAVY_TO_HUB_CAPACITY);
}

/* In a lane of one producer an abort leaves nothing that has to be passed. */
static void run_quiet_abort(void)
{
    check_case("an abort that leaves nothing behind rings for nothing");
    begin();
    mixed_heavy_to_hub_claim claim;
    CHECK_EQUAL(mixed_heavy_to_hub_reserve(heavy, 2, &claim), 2);
    (void)mixed_hub_prepare_wait(hub);
    mixed_heavy_to_hub_abort(heavy, &claim);
    CHECK_EQUAL(wakes_so_far(), 0);
    CHECK_EQUAL(mixed_hub_is_ready(hub), false);
    mixed_hub_cancel_wait(hub);
    mixed_heavy_to_pool_claim wide;
    CHECK_EQUAL(mixed_heavy_to_pool_reserve(heavy, 16, &wide), 16);
    (void)mixed_pool_prepare_wait(pool[0]);
    mixed_heavy_to_pool_abort(heavy, &wide);
    CHECK_EQUAL(wakes_so_far(), 0);
    mixed_pool_cancel_wait(pool[0]);
    CHECK_EQUAL(mixed_heavy_to_pool_reserve(heavy, 16, &wide), 16);
    mixed_heavy_to_pool_commit(heavy, &wide, 16);
}

/* Three for one world and one for another: the other one's ring wakes one thread, not four. */
static void run_ring_of_two_worlds(void)
{
    check_case("what was sent to one world wakes no thread of another");
    begin();
    mixed_transfer transfers[MIXED_POOL_THREADS + 1];
    for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
        mixed_pool_set_wake(pool[i], count_wake, NULL);
        (void)mixed_pool_prepare_wait(pool[i]);
        transfers[i] = new_transfer(i, MIXED_WORLD_HUB);
    }
    transfers[MIXED_POOL_THREADS] = new_transfer(0, MIXED_WORLD_POOL);
    size_t sent = 0;
    CHECK_EQUAL(mixed_light_send_batch(light, transfers, MIXED_POOL_THREADS + 1, &sent),
                CORINTH_OK);
    CHECK_EQUAL(sent, MIXED_POOL_THREADS + 1);
    CHECK_EQUAL(wakes_so_far(), 1);
}

/* A ring for n transfers wakes n of the threads that sleep, no fewer and no more. */
static void run_ring_of_several(void)
{
    check_case("as many threads of a world wake as there are transfers");
    for (size_t count = 1; count <= MIXED_POOL_THREADS; count++) {
        begin();
        mixed_transfer transfers[MIXED_POOL_THREADS];
        for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
            mixed_pool_set_wake(pool[i], count_wake, NULL);
            (void)mixed_pool_prepare_wait(pool[i]);
            transfers[i] = new_transfer(i, MIXED_WORLD_POOL);
        }
        size_t sent = 0;
        CHECK_EQUAL(mixed_light_send_batch(light, transfers, count, &sent), CORINTH_OK);
        CHECK_EQUAL(wakes_so_far(), count);
    }
}

static void check_readiness(mixed_world source, uint8_t flags)
{
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    transfer.source = source;
    transfer.flags = flags;
    CHECK_EQUAL(mixed_hub_wait(hub, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(mixed_coordinator_send(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_wait(hub, 0), CORINTH_OK);
    CHECK_EQUAL(mixed_hub_receive(hub, &transfer), CORINTH_OK);
}

static void run_each_lane(void)
{
    check_case("each lane into a world, and each class, ends a wait");
    begin();
    check_readiness(MIXED_WORLD_HEAVY, 0);
    check_readiness(MIXED_WORLD_LIGHT, 0);
    check_readiness(MIXED_WORLD_MEDIUM, 0);
    check_readiness(MIXED_WORLD_MEDIUM, MIXED_TRANSFER_PRIORITY);
}

static uint64_t seed;

static void *echo(void *context)
{
    mixed_hub_port *port = context;
    mixed_transfer received;
    check_random random = check_random_stream(seed, 1);
    while (mixed_hub_wait(port, CORINTH_FOREVER) == CORINTH_OK) {
        while (mixed_hub_receive(port, &received) == CORINTH_OK) {
            mixed_transfer_pack_onward(&received);
            CHECK_EQUAL(mixed_hub_send_routed(port, &received), CORINTH_OK);
        }
        check_linger(&random, PAUSE_MAX);
    }
    return NULL;
}

static void run_round_trips(stress *run)
{
    check_case("threads that wait for each other find each transfer");
    begin();
    seed = run->seed;
    check_random random = check_random_stream(seed, 0);
    stress_budget budget = stress_budget_of(run);
    uint32_t steps = 0;
    uint64_t trips = 0;
    pthread_t other = check_thread(echo, hub);
    for (; trips < check_scaled(ROUND_TRIPS) && stress_has_time(&budget, &steps); trips++) {
        mixed_transfer transfer = new_transfer(trips, MIXED_WORLD_HUB);
        mixed_transfer received;
        CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_OK);
        check_linger(&random, PAUSE_MAX);
        CHECK_EQUAL(mixed_sink_wait(sink, CORINTH_FOREVER), CORINTH_OK);
        CHECK_EQUAL(mixed_sink_receive(sink, &received), CORINTH_OK);
        CHECK_EQUAL(received.entity, trips);
        CHECK_EQUAL(received.source, MIXED_WORLD_HUB);
    }
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(other);
    stress_reached(run, "round trips", trips, check_scaled(ROUND_TRIPS));
}

static void *wait_for_stop(void *context)
{
    CHECK_EQUAL(mixed_pool_wait(context, CORINTH_FOREVER), CORINTH_STOPPED);
    return NULL;
}

static bool is_asleep(uint32_t threads)
{
    const uint32_t *bits = pool[0]->base.bell->doorbell->sleeping;
    uint32_t all = (1u << threads) - 1;
    return (corinth_internal_load_relaxed_u32(bits) & all) == all;
}

static void run_stop_wakes_all(stress *run)
{
    check_case("stop wakes every thread of a world, and start lets them wait again");
    for (uint32_t round = 0; round < STOPS; round++) {
        pthread_t threads[MIXED_POOL_THREADS];
        start_coordinator();
        for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
            threads[i] = check_thread(wait_for_stop, pool[i]);
        }
        while (round % 2 == 0 && !is_asleep(MIXED_POOL_THREADS)) {
            (void)sched_yield();
        }
        CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
        for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
            check_join(threads[i]);
        }
    }
    stress_reached(run, "stops", STOPS, STOPS);
}

/* The receiver sleeps whenever it can. */
static void *receive_slowly(void *context)
{
    uint64_t *received = context;
    mixed_transfer transfer;
    while (mixed_pool_wait(pool[0], CORINTH_FOREVER) == CORINTH_OK) {
        while (mixed_pool_receive(pool[0], &transfer) == CORINTH_OK) {
            *received += 1;
        }
    }
    return NULL;
}

static void run_full_lane(stress *run)
{
    check_case("a sender that goes on until the lane is full loses no wake-up");
    start_coordinator();
    uint64_t received = 0;
    uint64_t sent = 0;
    unsigned attempts = 0;
    pthread_t receiver = check_thread(receive_slowly, &received);
    while (sent < check_scaled(MET_FULL)) {
        mixed_transfer transfer = new_transfer(sent, MIXED_WORLD_POOL);
        if (mixed_light_send(light, &transfer) == CORINTH_OK) {
            sent++;
        } else {
            check_relax(&attempts);
        }
    }
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(receiver);
    CHECK_EQUAL(received, sent);
    stress_reached(run, "transfers", sent, sent);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    run_timeouts();
    run_three_steps();
    run_stopped_with_leftovers();
    run_rings();
    run_quiet_abort();
    run_ring_of_two_worlds();
    run_ring_of_several();
    run_each_lane();
    while (stress_next_round(&run)) {
        run_round_trips(&run);
        run_stop_wakes_all(&run);
        run_full_lane(&run);
    }
    return 0;
}
