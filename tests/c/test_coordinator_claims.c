/*
 * Goal: what an open claim, an aborted one and a batch that is released in part do to the others:
 * they sleep while there is nothing that they could take, and are woken for all that they can;
 * nothing is lost, and nothing is stuck but what is behind a claim that stays open.
 * Method: one thread makes the calls of all ports in the order that is to be tried, between the
 * steps of a wait; wake functions count the rings.
 */
#include "check.h"

#include "claims.h"

#define WATCHDOG_S 30
#define CAPACITY CLAIMS_SOURCE_TO_TARGET_CAPACITY

static claims_coordinator coordinator;
static claims_single_port *single;
static claims_source_port *sources[CLAIMS_SOURCE_THREADS];
static claims_target_port *targets[CLAIMS_TARGET_THREADS];
static uint32_t wakes[CLAIMS_TARGET_THREADS];

static void count_wake(void *context)
{
    *(uint32_t *)context += 1;
}

static void begin(const char *name)
{
    check_case(name);
    CHECK_EQUAL(claims_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(claims_coordinator_start(&coordinator), CORINTH_OK);
    single = claims_single_open(&coordinator, 0);
    for (uint32_t i = 0; i < CLAIMS_SOURCE_THREADS; i++) {
        sources[i] = claims_source_open(&coordinator, i);
    }
    for (uint32_t i = 0; i < CLAIMS_TARGET_THREADS; i++) {
        targets[i] = claims_target_open(&coordinator, i);
        wakes[i] = 0;
        claims_target_set_wake(targets[i], count_wake, &wakes[i]);
    }
}

static void end(size_t left)
{
    CHECK_EQUAL(claims_coordinator_total_pending(&coordinator), left);
    CHECK_EQUAL(claims_coordinator_deinit(&coordinator), left);
}

static corinth_status send(uint32_t index, uint64_t number)
{
    claims_transfer transfer;
    claims_transfer_init(&transfer, CLAIMS_WORLD_SOURCE, CLAIMS_WORLD_TARGET);
    transfer.entity = number;
    return claims_source_send(sources[index], &transfer);
}

static corinth_status receive(uint32_t index, uint64_t *number)
{
    claims_transfer transfer;
    corinth_status status = claims_target_receive(targets[index], &transfer);
    if (status == CORINTH_OK) {
        *number = transfer.entity;
    }
    return status;
}

/* As a thread does that was woken: it withdraws, finds nothing, and prepares once more. */
static void look_and_sleep_again(uint32_t index)
{
    uint64_t number = 0;
    claims_target_cancel_wait(targets[index]);
    CHECK_EQUAL(receive(index, &number), CORINTH_EMPTY);
    (void)claims_target_prepare_wait(targets[index]);
    CHECK(!claims_target_is_ready(targets[index]));
}

static void run_open_claim(void)
{
    begin("behind an open claim there is nothing to look for, and its commit rings for all");
    claims_source_to_target_claim claim;
    CHECK_EQUAL(claims_source_to_target_reserve(sources[0], 1, &claim), 1);
    (void)claims_target_prepare_wait(targets[0]);
    (void)claims_target_prepare_wait(targets[1]);
    /* The ring for this one is spent: its thread finds the claim, and sleeps rather than spins. */
    CHECK_EQUAL(send(1, 2), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(claims_coordinator_pending(&coordinator, CLAIMS_WORLD_TARGET), 1);
    look_and_sleep_again(0);
    claim.slots[0].entity = 1;
    claims_source_to_target_commit(sources[0], &claim, 1);
    CHECK_EQUAL(wakes[0], 2);
    CHECK_EQUAL(wakes[1], 1);
    uint64_t number = 0;
    claims_target_cancel_wait(targets[0]);
    claims_target_cancel_wait(targets[1]);
    CHECK_EQUAL(receive(1, &number), CORINTH_OK);
    CHECK_EQUAL(number, 1);
    CHECK_EQUAL(receive(0, &number), CORINTH_OK);
    CHECK_EQUAL(number, 2);
    end(0);
}

static void run_aborted_claim(void)
{
    begin("an abort rings for what it has held up");
    claims_source_to_target_claim claim;
    CHECK_EQUAL(claims_source_to_target_reserve(sources[0], 1, &claim), 1);
    (void)claims_target_prepare_wait(targets[0]);
    CHECK_EQUAL(send(1, 7), CORINTH_OK);
    look_and_sleep_again(0);
    claims_source_to_target_abort(sources[0], &claim);
    CHECK_EQUAL(wakes[0], 2);
    uint64_t number = 0;
    claims_target_cancel_wait(targets[0]);
    CHECK_EQUAL(receive(0, &number), CORINTH_OK);
    CHECK_EQUAL(number, 7);
    end(0);
}

/* The documented event loop: it looks behind prepare, and only a receive makes room. */
static void run_abort_before_prepare(void)
{
    begin("a loop doesn't sleep before skipped slots that fill the lane");
    uint64_t number = 0;
    CHECK_EQUAL(receive(0, &number), CORINTH_EMPTY);
    claims_source_to_target_claim claim;
    CHECK_EQUAL(claims_source_to_target_reserve(sources[0], CAPACITY, &claim), CAPACITY);
    claims_source_to_target_abort(sources[0], &claim);
    CHECK_EQUAL(claims_coordinator_pending(&coordinator, CLAIMS_WORLD_TARGET), 0);
    (void)claims_target_prepare_wait(targets[0]);
    CHECK(claims_target_is_ready(targets[0]));
    claims_target_cancel_wait(targets[0]);
    CHECK_EQUAL(send(0, 1), CORINTH_FULL);
    CHECK_EQUAL(receive(0, &number), CORINTH_EMPTY);
    CHECK(!claims_target_is_ready(targets[0]));
    CHECK_EQUAL(send(0, 1), CORINTH_OK);
    CHECK_EQUAL(receive(0, &number), CORINTH_OK);
    end(0);
}

/* No other would ring for the room that they take. */
static void run_room_of_skipped(void)
{
    begin("an abort rings, so that a receiver passes the skipped slots");
    uint64_t number = 0;
    claims_source_to_target_claim claim;
    (void)claims_target_prepare_wait(targets[0]);
    CHECK_EQUAL(claims_source_to_target_reserve(sources[0], CAPACITY, &claim), CAPACITY);
    claims_source_to_target_abort(sources[0], &claim);
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(claims_coordinator_total_pending(&coordinator), 0);
    CHECK_EQUAL(claims_target_wait(targets[1], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(receive(1, &number), CORINTH_EMPTY);
    CHECK_EQUAL(claims_target_wait(targets[1], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(claims_source_to_target_reserve(sources[1], CAPACITY, &claim), CAPACITY);
    claims_source_to_target_abort(sources[1], &claim);
    CHECK_EQUAL(receive(1, &number), CORINTH_EMPTY);
    end(0);
}

static void run_full(void)
{
    begin("a send that finds the lane full rings");
    for (uint64_t i = 0; i < CAPACITY; i++) {
        CHECK_EQUAL(send(0, i), CORINTH_OK);
    }
    (void)claims_target_prepare_wait(targets[1]);
    CHECK_EQUAL(send(1, 0), CORINTH_FULL);
    CHECK_EQUAL(wakes[1], 1);
    claims_target_cancel_wait(targets[1]);
    end(CAPACITY);
}

static size_t drained;
static uint64_t drained_numbers;

static void note(void *context, const claims_transfer *transfer)
{
    CHECK(context == &drained);
    drained++;
    drained_numbers = drained_numbers * 10 + transfer->entity;
}

static void drain(size_t count, uint64_t numbers)
{
    drained = 0;
    drained_numbers = 0;
    CHECK_EQUAL(claims_coordinator_drain(&coordinator, note, &drained), count);
    CHECK_EQUAL(drained, count);
    CHECK_EQUAL(drained_numbers, numbers);
    end(0);
}

static void run_stop(void)
{
    begin("STOPPED comes although something lies behind an open claim; drain hands it over");
    claims_source_to_target_claim claim;
    CHECK_EQUAL(claims_source_to_target_reserve(sources[0], 1, &claim), 1);
    CHECK_EQUAL(send(1, 2), CORINTH_OK);
    CHECK_EQUAL(claims_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(claims_target_wait(targets[0], CORINTH_FOREVER), CORINTH_STOPPED);
    claim.slots[0].entity = 1;
    claims_source_to_target_commit(sources[0], &claim, 1);
    CHECK_EQUAL(claims_target_wait(targets[0], CORINTH_FOREVER), CORINTH_OK);
    drain(2, 12);
}

/* Peeks eight, releases three of them, and returns what is left to be kept. */
static void keep_five(void)
{
    for (uint64_t i = 1; i <= CAPACITY; i++) {
        CHECK_EQUAL(send(0, i), CORINTH_OK);
    }
    claims_source_to_target_batch batch;
    CHECK_EQUAL(claims_source_to_target_peek(targets[0], CAPACITY, &batch), CAPACITY);
    claims_source_to_target_release(targets[0], &batch, 3);
}

static void run_kept(void)
{
    begin("what a port keeps of a batch is its own, and comes first");
    keep_five();
    uint64_t number = 0;
    CHECK_EQUAL(receive(1, &number), CORINTH_EMPTY);
    CHECK(!claims_target_is_ready(targets[1]));
    CHECK(claims_target_is_ready(targets[0]));
    CHECK_EQUAL(claims_target_wait(targets[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(claims_coordinator_pending(&coordinator, CLAIMS_WORLD_TARGET), 5);
    CHECK_EQUAL(send(0, 9), CORINTH_OK);
    CHECK_EQUAL(receive(0, &number), CORINTH_OK);
    CHECK_EQUAL(number, 4);
    claims_source_to_target_batch batch;
    CHECK_EQUAL(claims_source_to_target_peek(targets[0], 2, &batch), 2);
    CHECK_EQUAL(batch.slots[0].entity, 5);
    claims_source_to_target_release(targets[0], &batch, 0);
    CHECK_EQUAL(claims_source_to_target_peek(targets[0], CAPACITY, &batch), 4);
    CHECK_EQUAL(batch.slots[3].entity, 8);
    claims_source_to_target_release(targets[0], &batch, 4);
    CHECK_EQUAL(receive(1, &number), CORINTH_OK);
    CHECK_EQUAL(number, 9);
    for (uint64_t i = 0; i < CAPACITY; i++) {
        CHECK_EQUAL(send(1, i), CORINTH_OK);
    }
    end(CAPACITY);
}

static void run_kept_and_drained(void)
{
    begin("drain hands over what ports have kept, and what they left");
    keep_five();
    CHECK_EQUAL(send(0, 9), CORINTH_OK);
    CHECK_EQUAL(claims_coordinator_stop(&coordinator), CORINTH_OK);
    corinth_lane_stats lane =
        claims_coordinator_stats(&coordinator).lanes[CLAIMS_SOURCE_TO_TARGET_INDEX];
    CHECK_EQUAL(lane.sent, 9);
    CHECK_EQUAL(lane.received, 3);
    CHECK_EQUAL(lane.in_lane, 6);
    drain(6, 456789);
}

static void send_of_class(uint64_t number, uint8_t flags)
{
    claims_transfer transfer;
    claims_transfer_init(&transfer, CLAIMS_WORLD_SINGLE, CLAIMS_WORLD_TARGET);
    transfer.entity = number;
    transfer.flags = flags;
    CHECK_EQUAL(claims_single_send(single, &transfer), CORINTH_OK);
}

static void run_kept_by_class(void)
{
    begin("what is kept stays of its class");
    for (uint64_t i = 1; i <= 4; i++) {
        send_of_class(i, CLAIMS_TRANSFER_PRIORITY);
        send_of_class(4 + i, 0);
    }
    claims_single_to_target_batch batch;
    CHECK_EQUAL(claims_single_to_target_peek(targets[0], 3, &batch), 3);
    CHECK_EQUAL(batch.slots[0].entity, 1);
    claims_single_to_target_release(targets[0], &batch, 1);
    /* The other thread has the ring that is left, of either class. */
    CHECK_EQUAL(claims_single_to_target_peek(targets[1], 8, &batch), 1);
    CHECK_EQUAL(batch.slots[0].entity, 4);
    claims_single_to_target_release(targets[1], &batch, 1);
    CHECK_EQUAL(claims_single_to_target_peek(targets[1], 8, &batch), 4);
    claims_single_to_target_release(targets[1], &batch, 2);
    CHECK_EQUAL(claims_single_to_target_peek(targets[0], 8, &batch), 2);
    CHECK_EQUAL(batch.slots[0].entity, 2);
    claims_single_to_target_release(targets[0], &batch, 1);
    CHECK_EQUAL(claims_coordinator_stop(&coordinator), CORINTH_OK);
    drain(3, 378);
}

static void run_misaligned(void)
{
    check_case("init refuses memory that isn't aligned");
    static unsigned char memory[CLAIMS_COORDINATOR_SIZE + CLAIMS_COORDINATOR_ALIGNMENT];
    uintptr_t place = (uintptr_t)memory;
    uintptr_t aligned = place + (0 - place) % CLAIMS_COORDINATOR_ALIGNMENT;
    claims_coordinator *askew = (claims_coordinator *)(void *)(memory + (aligned - place) + 16);
    CHECK_EQUAL(claims_coordinator_init(askew), CORINTH_MISALIGNED);
}

static void run_modes(void)
{
    begin("a snapshot says whether sends pass fences, and they can be chosen");
    bool is_fenced = corinth_needs_fences();
    claims_coordinator_snapshot stats = claims_coordinator_stats(&coordinator);
    CHECK_EQUAL(stats.worlds[CLAIMS_WORLD_TARGET].is_fenced, is_fenced);
    CHECK_EQUAL(claims_coordinator_init(&coordinator), CORINTH_OK);
    claims_coordinator_use_fences(&coordinator);
    CHECK_EQUAL(claims_coordinator_start(&coordinator), CORINTH_OK);
    stats = claims_coordinator_stats(&coordinator);
    for (size_t world = 0; world < CLAIMS_WORLD_COUNT; world++) {
        CHECK(stats.worlds[world].is_fenced);
    }
    claims_target_set_wake(targets[1], count_wake, &wakes[1]);
    (void)claims_target_prepare_wait(targets[1]);
    CHECK_EQUAL(send(0, 3), CORINTH_OK);
    CHECK_EQUAL(wakes[1], 1);
    end(1);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    run_open_claim();
    run_aborted_claim();
    run_abort_before_prepare();
    run_room_of_skipped();
    run_full();
    run_stop();
    run_kept();
    run_kept_and_drained();
    run_kept_by_class();
    run_misaligned();
    run_modes();
    return 0;
}
