/*
 * Goal: who waits for a world wakes when there is something to receive, when its time is over or
 * when the coordinator stops, and for nothing else; doorbells ring when they should.
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
/* Transfers of this size until a doorbell rings by itself. */
#define UNTIL_RUNG \
    ((CORINTH_DOORBELL_BYTES + STATION_TRANSFER_SIZE - 1) / STATION_TRANSFER_SIZE)

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

static void send_to(station_world target)
{
    station_transfer transfer = passenger(1, target);
    CHECK_EQUAL(station_train_send(train, &transfer), CORINTH_OK);
}

static void begin(void)
{
    start_station();
    wakes = 0;
    station_ward_set_wake(ward, count_wake, NULL);
}

static void run_timeouts(void)
{
    check_case("a wait ends when its time is over, and at once if there is something");
    begin();
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(station_ward_wait(ward, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_ward_wait(ward, 1), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_ward_wait(ward, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= SHORT_NS);
    /* A world that nobody sends from has no calls to send, and one that nobody sends to waits. */
    CHECK_EQUAL(station_train_wait(train, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_store_wait(store, 0), CORINTH_TIMED_OUT);
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(station_ward_wait(ward, 0), CORINTH_OK);
    CHECK_EQUAL(station_ward_wait(ward, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 0);
}

static void run_three_steps(void)
{
    check_case("prepare, look, commit or cancel");
    begin();
    station_transfer received;
    uint32_t key = station_ward_prepare_wait(ward);
    CHECK_EQUAL(station_ward_commit_wait(ward, key, 0), CORINTH_TIMED_OUT);
    key = station_ward_prepare_wait(ward);
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(wakes_so_far(), 0);
    station_train_flush(train);
    CHECK_EQUAL(wakes_so_far(), 1);
    CHECK_EQUAL(station_ward_commit_wait(ward, key, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_OK);
    /* Visible at once, though not rung yet: neither a wait nor a commit misses it. */
    key = station_ward_prepare_wait(ward);
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(station_ward_commit_wait(ward, key, 0), CORINTH_OK);
    CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_OK);
    (void)station_ward_prepare_wait(ward);
    station_ward_cancel_wait(ward);
    station_train_flush(train);
    CHECK_EQUAL(wakes_so_far(), 1);
    /* It stops between prepare and commit. */
    key = station_ward_prepare_wait(ward);
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 2);
    CHECK_EQUAL(station_ward_commit_wait(ward, key, CORINTH_FOREVER), CORINTH_STOPPED);
    CHECK_EQUAL(station_ward_wait(ward, CORINTH_FOREVER), CORINTH_STOPPED);
    CHECK_EQUAL(station_ward_wait(ward, 0), CORINTH_STOPPED);
}

static void run_stopped_with_leftovers(void)
{
    check_case("a wait answers OK while something is left, also when stopped");
    begin();
    station_transfer received;
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(station_ward_wait(ward, CORINTH_FOREVER), CORINTH_OK);
    uint32_t key = station_ward_prepare_wait(ward);
    CHECK_EQUAL(station_ward_commit_wait(ward, key, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(station_ward_receive(ward, &received), CORINTH_OK);
    CHECK_EQUAL(station_ward_wait(ward, CORINTH_FOREVER), CORINTH_STOPPED);
}

/* What makes a port ring: nothing else may, for a ring costs as much as many transfers. */
static void run_rings(void)
{
    check_case("doorbells ring at a flush, a batch, a wait, a full lane and every 2 KB");
    begin();
    station_transfer out[64];
    size_t sent = 0;
    station_transfer transfer = passenger(1, STATION_WORLD_WARD);
    (void)station_ward_prepare_wait(ward);
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(wakes_so_far(), 0);
    CHECK_EQUAL(station_train_send_batch(train, &transfer, 1, &sent), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 1);
    (void)station_ward_prepare_wait(ward);
    station_train_flush(train);
    CHECK_EQUAL(wakes_so_far(), 1);
    send_to(STATION_WORLD_WARD);
    CHECK_EQUAL(station_train_wait(train, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(wakes_so_far(), 2);
    (void)station_ward_prepare_wait(ward);
    for (int i = 3; i < STATION_TRAIN_TO_WARD_CAPACITY; i++) {
        send_to(STATION_WORLD_WARD);
    }
    CHECK_EQUAL(wakes_so_far(), 2);
    CHECK_EQUAL(station_train_send(train, &transfer), CORINTH_FULL);
    CHECK_EQUAL(wakes_so_far(), 3);
    (void)station_ward_prepare_wait(ward);
    CHECK_EQUAL(station_train_send(train, &transfer), CORINTH_FULL);
    CHECK_EQUAL(wakes_so_far(), 3);
    CHECK_EQUAL(station_ward_receive_batch(ward, out, 64), STATION_TRAIN_TO_WARD_CAPACITY);
    /* Another world's bell isn't this one's. */
    send_to(STATION_WORLD_STORE);
    station_train_flush(train);
    CHECK_EQUAL(wakes_so_far(), 3);
    for (size_t i = 1; i <= UNTIL_RUNG; i++) {
        CHECK_EQUAL(wakes_so_far(), 3);
        CHECK_EQUAL(station_tram_send(tram, &transfer), CORINTH_OK);
        CHECK_EQUAL(station_ward_receive(ward, out), CORINTH_OK);
    }
    CHECK_EQUAL(wakes_so_far(), 4);
}

/* Before a thread waits, and when it begins to in three steps, it rings what it owes. */
static void run_rings_before_waits(void)
{
    check_case("who waits rings first, also if it needn't wait");
    begin();
    station_store_set_wake(store, count_wake, NULL);
    (void)station_store_prepare_wait(store);
    send_to(STATION_WORLD_STORE);
    (void)station_train_prepare_wait(train);
    CHECK_EQUAL(wakes_so_far(), 1);
    station_train_cancel_wait(train);
    (void)station_store_prepare_wait(store);
    send_to(STATION_WORLD_WARD);
    station_train_flush(train);
    station_transfer transfer = passenger(1, STATION_WORLD_STORE);
    CHECK_EQUAL(station_ward_send(ward, &transfer), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 1);
    CHECK_EQUAL(station_ward_wait(ward, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(wakes_so_far(), 2);
}

/* A ring for n transfers wakes n of the threads that sleep, no fewer and no more. */
static void run_ring_of_several(void)
{
    check_case("as many threads of a world wake as there are transfers");
    for (size_t count = 1; count <= STATION_HALL_THREADS; count++) {
        begin();
        station_transfer transfers[STATION_HALL_THREADS];
        for (uint32_t i = 0; i < STATION_HALL_THREADS; i++) {
            station_hall_set_wake(halls[i], count_wake, NULL);
            (void)station_hall_prepare_wait(halls[i]);
            transfers[i] = passenger(i, STATION_WORLD_HALL);
        }
        size_t sent = 0;
        CHECK_EQUAL(station_tram_send_batch(tram, transfers, count, &sent), CORINTH_OK);
        CHECK_EQUAL(wakes_so_far(), count);
    }
}

static void check_readiness(station_world source, uint8_t flags)
{
    station_transfer transfer = passenger(1, STATION_WORLD_WARD);
    transfer.source = source;
    transfer.flags = flags;
    CHECK_EQUAL(station_ward_wait(ward, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_coordinator_send(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(station_ward_wait(ward, 0), CORINTH_OK);
    CHECK_EQUAL(station_ward_receive(ward, &transfer), CORINTH_OK);
}

static void run_each_lane(void)
{
    check_case("each lane into a world, and each class, ends a wait");
    begin();
    check_readiness(STATION_WORLD_TRAIN, 0);
    check_readiness(STATION_WORLD_TRAM, 0);
    check_readiness(STATION_WORLD_BUS, 0);
    check_readiness(STATION_WORLD_BUS, STATION_TRANSFER_PRIORITY);
}

/* Slots given up where one thread sends: nobody else would ring for the room that they take. */
static void run_room_given_up(void)
{
    check_case("who gives slots up rings, so that a receiver passes them");
    begin();
    wakes = 0;
    station_hall_set_wake(halls[0], count_wake, NULL);
    (void)station_hall_prepare_wait(halls[0]);
    station_train_to_hall_claim claim;
    CHECK_EQUAL(station_train_to_hall_reserve(train, 16, &claim), 16);
    station_train_to_hall_abort(train, &claim);
    CHECK_EQUAL(wakes_so_far(), 1);
    CHECK_EQUAL(station_coordinator_total_pending(&coordinator), 0);
    station_transfer received;
    CHECK_EQUAL(station_hall_wait(halls[1], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(station_hall_receive(halls[1], &received), CORINTH_EMPTY);
    CHECK_EQUAL(station_hall_wait(halls[1], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(station_train_to_hall_reserve(train, 16, &claim), 16);
    station_train_to_hall_commit(train, &claim, 16);
}

static uint64_t seed;

static void *echo(void *context)
{
    station_ward_port *port = context;
    station_transfer received;
    check_random random = check_random_stream(seed, 1);
    while (station_ward_wait(port, CORINTH_FOREVER) == CORINTH_OK) {
        while (station_ward_receive(port, &received) == CORINTH_OK) {
            station_transfer_pack_lost(&received);
            CHECK_EQUAL(station_ward_send_routed(port, &received), CORINTH_OK);
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
    pthread_t other = check_thread(echo, ward);
    for (; trips < check_scaled(ROUND_TRIPS) && stress_has_time(&budget, &steps); trips++) {
        station_transfer transfer = passenger(trips, STATION_WORLD_WARD);
        station_transfer received;
        CHECK_EQUAL(station_train_send(train, &transfer), CORINTH_OK);
        station_train_flush(train);
        check_linger(&random, PAUSE_MAX);
        CHECK_EQUAL(station_store_wait(store, CORINTH_FOREVER), CORINTH_OK);
        CHECK_EQUAL(station_store_receive(store, &received), CORINTH_OK);
        CHECK_EQUAL(received.entity, trips);
        CHECK_EQUAL(received.source, STATION_WORLD_WARD);
    }
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(other);
    stress_reached(run, "round trips", trips, check_scaled(ROUND_TRIPS));
}

static void *wait_for_stop(void *context)
{
    CHECK_EQUAL(station_hall_wait(context, CORINTH_FOREVER), CORINTH_STOPPED);
    return NULL;
}

static bool is_asleep(uint32_t threads)
{
    const uint32_t *bits = &coordinator.bells[STATION_WORLD_HALL].sleeping[0];
    return corinth_internal_load_relaxed_u32(bits) == (1u << threads) - 1;
}

static void run_stop_wakes_all(stress *run)
{
    check_case("stop wakes every thread of a world, and start lets them wait again");
    for (uint32_t round = 0; round < STOPS; round++) {
        pthread_t threads[STATION_HALL_THREADS];
        start_station();
        for (uint32_t i = 0; i < STATION_HALL_THREADS; i++) {
            threads[i] = check_thread(wait_for_stop, halls[i]);
        }
        while (round % 2 == 0 && !is_asleep(STATION_HALL_THREADS)) {
            (void)sched_yield();
        }
        CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
        for (uint32_t i = 0; i < STATION_HALL_THREADS; i++) {
            check_join(threads[i]);
        }
    }
    stress_reached(run, "stops", STOPS, STOPS);
}

/* The sender never flushes; it only finds the lane full. The receiver sleeps whenever it can. */
static void *receive_slowly(void *context)
{
    uint64_t *received = context;
    station_transfer transfer;
    while (station_hall_wait(halls[0], CORINTH_FOREVER) == CORINTH_OK) {
        while (station_hall_receive(halls[0], &transfer) == CORINTH_OK) {
            *received += 1;
        }
    }
    return NULL;
}

static void run_full_lane(stress *run)
{
    check_case("a sender that only meets a full lane wakes who sleeps before it");
    start_station();
    uint64_t received = 0;
    uint64_t sent = 0;
    unsigned attempts = 0;
    pthread_t receiver = check_thread(receive_slowly, &received);
    while (sent < check_scaled(MET_FULL)) {
        station_transfer transfer = passenger(sent, STATION_WORLD_HALL);
        if (station_tram_send(tram, &transfer) == CORINTH_OK) {
            sent++;
        } else {
            check_relax(&attempts);
        }
    }
    station_tram_flush(tram);
    CHECK_EQUAL(station_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(receiver);
    CHECK_EQUAL(received, sent);
    stress_reached(run, "transfers", sent, sent);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    CHECK(UNTIL_RUNG > STATION_TRAIN_TO_WARD_CAPACITY + 1);
    run_timeouts();
    run_three_steps();
    run_stopped_with_leftovers();
    run_rings();
    run_rings_before_waits();
    run_ring_of_several();
    run_each_lane();
    run_room_given_up();
    while (stress_next_round(&run)) {
        run_round_trips(&run);
        run_stop_wakes_all(&run);
        run_full_lane(&run);
    }
    return 0;
}
