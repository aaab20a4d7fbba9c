/*
 * Goal: a coordinator from init to deinit: nothing is lost at a stop, a start after it goes on, a
 * drain hands over what is left exactly once, and what isn't taken is reported.
 * Method: the calls in order in one thread; then threads that send while others stop and start, and
 * count sends that returned OK against what arrived.
 */
#include "mixed_ports.h"
#include "stress.h"

#define STOPS 3000u

static void run_ports(void)
{
    check_case("each thread of a world has a port, and no other");
    open_coordinator();
    for (uint32_t i = 0; i < MIXED_POOL_THREADS; i++) {
        CHECK(pool[i] != NULL);
        CHECK(mixed_pool_open(&coordinator, i) == pool[i]);
        CHECK(i == 0 || pool[i] != pool[i - 1]);
    }
    CHECK(mixed_pool_open(&coordinator, MIXED_POOL_THREADS) == NULL);
    CHECK(mixed_heavy_open(&coordinator, 1) == NULL);
    CHECK(mixed_heavy_open(&coordinator, UINT32_MAX) == NULL);
    CHECK_EQUAL((uintptr_t)pool[1] % CORINTH_CACHE_LINE, 0);
}

static void send_some(uint64_t first, uint64_t count)
{
    for (uint64_t i = first; i < first + count; i++) {
        mixed_world target = i % 2 == 0 ? MIXED_WORLD_POOL : MIXED_WORLD_HUB;
        mixed_transfer transfer = new_transfer(i, target);
        CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_OK);
    }
}

static void run_stop_and_start(void)
{
    check_case("what was sent before a stop is received during it, and start goes on");
    start_coordinator();
    send_some(0, 4);
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    mixed_transfer transfer = new_transfer(9, MIXED_WORLD_POOL);
    mixed_transfer received;
    CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_STOPPED);
    CHECK_EQUAL(mixed_pool_receive(pool[0], &received), CORINTH_OK);
    CHECK_EQUAL(received.entity, 0);
    CHECK_EQUAL(mixed_coordinator_start(&coordinator), CORINTH_OK);
    send_some(4, 2);
    for (uint64_t i = 2; i < 6; i += 2) {
        CHECK_EQUAL(mixed_pool_receive(pool[0], &received), CORINTH_OK);
        CHECK_EQUAL(received.entity, i);
    }
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_deinit(&coordinator), 3);
}

/* A claim that is open at a stop may still be committed: it overlaps the stop. */
static void run_claim_over_a_stop(void)
{
    check_case("a claim that a stop finds open is still its owner's to commit");
    start_coordinator();
    mixed_heavy_to_pool_claim claim;
    CHECK_EQUAL(mixed_heavy_to_pool_reserve(heavy, 2, &claim), 2);
    CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
    mixed_heavy_to_pool_commit(heavy, &claim, 2);
    CHECK_EQUAL(mixed_heavy_to_pool_reserve(heavy, 2, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_STOPPED);
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_POOL), 2);
}

typedef struct seen {
    uint64_t numbers; /* a bit for each entity that arrived */
    uint64_t count;
} seen;

static void note(void *context, const mixed_transfer *transfer)
{
    seen *self = context;
    CHECK(transfer->entity < 64);
    CHECK((self->numbers >> transfer->entity & 1) == 0);
    self->numbers |= UINT64_C(1) << transfer->entity;
    self->count++;
}

static void run_drain(void)
{
    check_case("drain hands every leftover over once, deinit says how many there were");
    start_coordinator();
    send_some(0, 10);
    mixed_transfer received;
    CHECK_EQUAL(mixed_hub_receive(hub, &received), CORINTH_OK);
    seen all = {.numbers = 0};
    note(&all, &received);
    mixed_transfer_pack_onward(&received);
    CHECK_EQUAL(mixed_hub_send_routed(hub, &received), CORINTH_OK);
    all.numbers = 0;
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 10);
    /* Not only when stopped: that senders and receivers are joined is what it needs. */
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, note, &all), 10);
    CHECK_EQUAL(all.numbers, 0x3ff);
    CHECK_EQUAL(mixed_coordinator_total_pending(&coordinator), 0);
    CHECK_EQUAL(stats_of(MIXED_HEAVY_TO_HUB_INDEX).undelivered, 4);
    CHECK_EQUAL(stats_of(MIXED_HEAVY_TO_HUB_INDEX).received, 1);
    CHECK_EQUAL(stats_of(MIXED_HEAVY_TO_POOL_INDEX).undelivered, 5);
    CHECK_EQUAL(stats_of(MIXED_HUB_TO_SINK_INDEX).undelivered, 1);
    send_some(20, 3);
    CHECK_EQUAL(mixed_coordinator_deinit(&coordinator), 3);
    CHECK(!mixed_coordinator_is_running(&coordinator));
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, note, &all), 3);
    CHECK_EQUAL(mixed_coordinator_deinit(&coordinator), 0);
}

static void run_drain_across_the_end(void)
{
    check_case("drain goes on beyond the end of the slot array");
    start_coordinator();
    const uint64_t count = MIXED_HEAVY_TO_POOL_CAPACITY / 2 + 2;
    for (uint64_t i = 0; i < count; i++) {
        mixed_transfer transfer = new_transfer(i, MIXED_WORLD_POOL);
        CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_OK);
        CHECK_EQUAL(mixed_pool_receive(pool[0], &transfer), CORINTH_OK);
    }
    for (uint64_t i = 0; i < count; i++) {
        mixed_transfer transfer = new_transfer(i, MIXED_WORLD_POOL);
        CHECK_EQUAL(mixed_heavy_send(heavy, &transfer), CORINTH_OK);
    }
    seen all = {.numbers = 0};
    CHECK_EQUAL(mixed_coordinator_drain(&coordinator, note, &all), count);
    CHECK_EQUAL(all.numbers, (UINT64_C(1) << count) - 1);
}

static void run_created(void)
{
    check_case("one on the heap, aligned; destroy reports what was left");
    mixed_coordinator *created = mixed_coordinator_create();
    CHECK(created != NULL);
    CHECK_EQUAL((uintptr_t)created % MIXED_COORDINATOR_ALIGNMENT, 0);
    CHECK_EQUAL(MIXED_COORDINATOR_SIZE % MIXED_COORDINATOR_ALIGNMENT, 0);
    CHECK_EQUAL(mixed_coordinator_start(created), CORINTH_OK);
    mixed_heavy_port *port = mixed_heavy_open(created, 0);
    mixed_transfer transfer = new_transfer(1, MIXED_WORLD_HUB);
    CHECK_EQUAL(mixed_heavy_send(port, &transfer), CORINTH_OK);
    CHECK_EQUAL(mixed_coordinator_destroy(created), 1);
    CHECK_EQUAL(mixed_coordinator_destroy(NULL), 0);
}

/*
 * A thread that sends as long as the test runs; what a send returned OK for isn't its own any more.
 */
typedef struct sender {
    mixed_world source;
    uint64_t moved;
    uint64_t refused;
} sender;

static uint32_t is_over;      /* atomic */
static uint32_t stops_so_far; /* atomic; even while it may run */

static void *keep_sending(void *context)
{
    sender *self = context;
    unsigned attempts = 0;
    while (corinth_internal_load_acquire_u32(&is_over) == 0) {
        /* A send that begins and ends within one stop must have been refused. */
        uint32_t before = corinth_internal_load_acquire_u32(&stops_so_far);
        mixed_transfer transfer = new_transfer(self->moved, MIXED_WORLD_HUB);
        transfer.source = self->source;
        corinth_status status = mixed_coordinator_send(&coordinator, &transfer);
        uint32_t after = __atomic_fetch_add(&stops_so_far, 0, __ATOMIC_ACQ_REL);
        CHECK(status == CORINTH_OK || status == CORINTH_FULL || status == CORINTH_STOPPED);
        CHECK(status == CORINTH_STOPPED || before % 2 == 0 || before != after);
        self->moved += status == CORINTH_OK;
        self->refused += status == CORINTH_STOPPED;
        if (status != CORINTH_OK) {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static uint64_t receive_all(uint64_t next[MIXED_WORLD_COUNT])
{
    uint64_t count = 0;
    mixed_transfer received;
    while (mixed_hub_receive(hub, &received) == CORINTH_OK) {
        CHECK_EQUAL(received.entity, next[received.source]);
        next[received.source]++;
        count++;
    }
    return count;
}

static void run_stop_during_send(stress *run)
{
    check_case("stop during send: what was answered OK arrives, everything else stays");
    start_coordinator();
    is_over = 0;
    stops_so_far = 0;
    sender senders[2] = {{.source = MIXED_WORLD_HEAVY}, {.source = MIXED_WORLD_LIGHT}};
    pthread_t threads[2];
    uint64_t next[MIXED_WORLD_COUNT] = {0};
    uint64_t received = 0;
    check_random random = check_random_stream(run->seed, 0);
    for (int i = 0; i < 2; i++) {
        threads[i] = check_thread(keep_sending, &senders[i]);
    }
    uint64_t stops = check_scaled(STOPS);
    for (uint64_t stop = 0; stop < stops; stop++) {
        for (uint32_t i = check_random_below(&random, 30); i > 0; i--) {
            received += receive_all(next);
            (void)sched_yield();
        }
        CHECK_EQUAL(mixed_coordinator_stop(&coordinator), CORINTH_OK);
        __atomic_fetch_add(&stops_so_far, 1, __ATOMIC_ACQ_REL);
        received += receive_all(next);
        (void)sched_yield();
        __atomic_fetch_add(&stops_so_far, 1, __ATOMIC_ACQ_REL);
        CHECK_EQUAL(mixed_coordinator_start(&coordinator), CORINTH_OK);
    }
    corinth_internal_store_release_u32(&is_over, 1);
    check_join(threads[0]);
    check_join(threads[1]);
    uint64_t moved = senders[0].moved + senders[1].moved;
    CHECK_EQUAL(mixed_coordinator_pending(&coordinator, MIXED_WORLD_HUB), moved - received);
    received += receive_all(next);
    CHECK_EQUAL(received, moved);
    CHECK_EQUAL(next[MIXED_WORLD_HEAVY], senders[0].moved);
    CHECK_EQUAL(next[MIXED_WORLD_LIGHT], senders[1].moved);
    printf("  %" PRIu64 " sent, %" PRIu64 " refused\n", moved,
           senders[0].refused + senders[1].refused);
    CHECK_EQUAL(mixed_coordinator_deinit(&coordinator), 0);
    stress_reached(run, "stops", stops, stops);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    run_ports();
    run_stop_and_start();
    run_claim_over_a_stop();
    run_drain();
    run_drain_across_the_end();
    run_created();
    while (stress_next_round(&run)) {
        run_stop_during_send(&run);
    }
    return 0;
}
