/*
 * Goal: ports close their ends of a lane: what was sent before is received before CLOSED, what is
 * left where no port receives any more goes to the handler or is counted, threads that wait learn
 * of it, and a start opens all again.
 * Method: step by step for lanes of each kind; then threads that wait, at random offsets, and two
 * senders beside two receivers, whose transfers are counted. A lost wake-up is a hang, which the
 * watchdog ends. (It is long because each way to wait is closed in each of its steps.)
 */
#include "stress.h"

#include "closing.h"

#define MILLISECOND_NS UINT64_C(1000000)
#define CAPACITY 4u
#define ROUNDS 300u
#define STREAM 2000u
/* Loops before a thread closes, at most. */
#define PAUSE_MAX 3000u

static closing_coordinator coordinator;
static closing_near_port *near[CLOSING_NEAR_THREADS];
static closing_far_port *far[CLOSING_FAR_THREADS];
static closing_one_port *one;
static closing_last_port *last;

static uint32_t handed[64];
static uint32_t handed_count; /* atomic */

/* Any thread; those of one test hand over one after the other, or are counted only. */
static void hand_over(void *context, const void *transfer, corinth_undelivered_reason reason)
{
    const closing_item *item = closing_transfer_unpack_item((const closing_transfer *)transfer);
    CHECK(context == &coordinator);
    CHECK_EQUAL(reason, CORINTH_UNDELIVERED_CLOSED);
    uint32_t index = __atomic_fetch_add(&handed_count, 1, __ATOMIC_RELAXED);
    if (index < sizeof(handed) / sizeof(handed[0])) {
        __atomic_store_n(&handed[index], item->number, __ATOMIC_RELAXED);
    }
}

static void begin(void)
{
    CHECK_EQUAL(closing_coordinator_init(&coordinator), CORINTH_OK);
    corinth_coordinator_set_undelivered(&coordinator.base, hand_over, &coordinator);
    handed_count = 0;
    for (uint32_t i = 0; i < CLOSING_NEAR_THREADS; i++) {
        near[i] = closing_near_open(&coordinator, i);
    }
    for (uint32_t i = 0; i < CLOSING_FAR_THREADS; i++) {
        far[i] = closing_far_open(&coordinator, i);
    }
    one = closing_one_open(&coordinator, 0);
    last = closing_last_open(&coordinator, 0);
    CHECK_EQUAL(closing_coordinator_start(&coordinator), CORINTH_OK);
}

static closing_transfer numbered(uint32_t number)
{
    closing_transfer transfer;
    closing_transfer_init(&transfer, CLOSING_WORLD_NEAR, CLOSING_WORLD_FAR);
    closing_transfer_pack_item(&transfer, &(closing_item){.number = number});
    return transfer;
}

static corinth_status send_far(uint32_t port, uint32_t number)
{
    closing_transfer transfer = numbered(number);
    return closing_near_to_far_try_send(near[port], &transfer);
}

static corinth_status receive_far(uint32_t port, uint32_t number)
{
    closing_transfer transfer;
    corinth_status status = closing_near_to_far_receive(far[port], &transfer);
    if (status == CORINTH_OK) {
        CHECK_EQUAL(closing_transfer_unpack_item(&transfer)->number, number);
    }
    return status;
}

static corinth_lane_stats stats_of(size_t lane)
{
    return closing_coordinator_stats(&coordinator).lanes[lane];
}

static void run_close_sending(void)
{
    check_case("a lane of several senders is closed when each has closed it, and is empty");
    begin();
    CHECK_EQUAL(send_far(0, 1), CORINTH_OK);
    CHECK_EQUAL(send_far(1, 2), CORINTH_OK);
    closing_near_to_far_close_sending(near[0]);
    closing_near_to_far_close_sending(near[0]);
    CHECK_EQUAL(send_far(0, 3), CORINTH_CLOSED);
    CHECK_EQUAL(send_far(1, 3), CORINTH_OK);
    closing_near_to_far_claim claim;
    CHECK_EQUAL(closing_near_to_far_reserve(near[0], 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_CLOSED);
    closing_near_to_far_abort(near[0], &claim);
    for (uint32_t number = 1; number <= 3; number++) {
        CHECK_EQUAL(receive_far(number % 2, number), CORINTH_OK);
    }
    CHECK_EQUAL(receive_far(0, 0), CORINTH_EMPTY);
    closing_near_to_far_batch batch;
    CHECK_EQUAL(closing_near_to_far_peek(far[1], 1, &batch), 0);
    CHECK_EQUAL(batch.status, CORINTH_EMPTY);
    CHECK_EQUAL(send_far(1, 4), CORINTH_OK);
    closing_near_to_far_close_sending(near[1]);
    CHECK_EQUAL(send_far(1, 5), CORINTH_CLOSED);
    CHECK_EQUAL(closing_near_to_far_peek(far[1], 1, &batch), 1);
    CHECK_EQUAL(batch.status, CORINTH_OK);
    CHECK_EQUAL(receive_far(0, 0), CORINTH_CLOSED);
    closing_near_to_far_release(far[1], &batch, 1);
    CHECK_EQUAL(closing_near_to_far_peek(far[1], 1, &batch), 0);
    CHECK_EQUAL(batch.status, CORINTH_CLOSED);
    CHECK_EQUAL(handed_count, 0);
}

static void run_worlds(void)
{
    check_case("a world is closed when all lanes into it are, and each send says so");
    begin();
    closing_transfer transfer = numbered(7);
    CHECK_EQUAL(closing_one_to_far_send(one, &transfer), CORINTH_OK);
    closing_near_to_far_close_sending(near[0]);
    closing_near_to_far_close_sending(near[1]);
    CHECK_EQUAL(receive_far(0, 0), CORINTH_CLOSED);
    CHECK_EQUAL(closing_far_is_closed(far[0]), false);
    CHECK_EQUAL(closing_far_receive(far[0], &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_far_receive(far[0], &transfer), CORINTH_EMPTY);
    CHECK_EQUAL(closing_one_to_far_send(one, &transfer), CORINTH_OK);
    closing_one_to_far_close_sending(one);
    CHECK_EQUAL(closing_far_is_closed(far[0]), true);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(closing_far_receive(far[1], &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_far_receive(far[1], &transfer), CORINTH_CLOSED);
    CHECK_EQUAL(closing_far_wait(far[0], 0), CORINTH_CLOSED);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_CLOSED);
    uint32_t key = closing_far_prepare_wait(far[1]);
    CHECK_EQUAL(closing_far_commit_wait(far[1], key, CORINTH_FOREVER), CORINTH_CLOSED);
    transfer.target = CLOSING_WORLD_FAR;
    CHECK_EQUAL(closing_near_send(near[0], &transfer), CORINTH_CLOSED);
    size_t sent = 1;
    CHECK_EQUAL(closing_near_send_batch(near[0], &transfer, 1, &sent), CORINTH_CLOSED);
    CHECK_EQUAL(sent, 0);
    CHECK_EQUAL(closing_near_send_routed(near[1], &transfer), CORINTH_CLOSED);
    CHECK_EQUAL(closing_near_to_far_send_for(near[1], &transfer, MILLISECOND_NS), CORINTH_CLOSED);
    /* Others aren't: lanes out of it, into other worlds, and those that can't be closed. */
    CHECK_EQUAL(closing_near_to_one_send(near[0], &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_last_to_near_send(last, &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_near_receive(near[0], &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_near_receive(near[0], &transfer), CORINTH_EMPTY);
}

static void run_stopped(void)
{
    check_case("CLOSED goes before STOPPED, whichever came first");
    begin();
    closing_near_to_far_close_sending(near[0]);
    closing_transfer transfer = numbered(1);
    CHECK_EQUAL(send_far(1, 1), CORINTH_OK);
    CHECK_EQUAL(closing_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(send_far(0, 1), CORINTH_CLOSED);
    CHECK_EQUAL(send_far(1, 1), CORINTH_STOPPED);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(receive_far(0, 1), CORINTH_OK);
    CHECK_EQUAL(receive_far(0, 1), CORINTH_EMPTY);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_STOPPED);
    closing_near_to_far_close_sending(near[1]);
    closing_one_to_far_close_sending(one);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_CLOSED);
    CHECK_EQUAL(receive_far(0, 1), CORINTH_CLOSED);
    CHECK_EQUAL(closing_one_to_far_send(one, &transfer), CORINTH_CLOSED);
}

static void run_start(void)
{
    check_case("a start opens all again");
    begin();
    closing_near_to_far_close_sending(near[0]);
    closing_near_to_far_close_sending(near[1]);
    closing_near_to_far_close_receiving(far[0]);
    closing_one_to_last_close_receiving(last);
    CHECK_EQUAL(closing_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(receive_far(1, 0), CORINTH_CLOSED);
    CHECK_EQUAL(closing_coordinator_start(&coordinator), CORINTH_OK);
    CHECK_EQUAL(receive_far(1, 0), CORINTH_EMPTY);
    CHECK_EQUAL(send_far(0, 1), CORINTH_OK);
    CHECK_EQUAL(send_far(1, 2), CORINTH_OK);
    CHECK_EQUAL(receive_far(0, 1), CORINTH_OK);
    CHECK_EQUAL(receive_far(1, 2), CORINTH_OK);
    closing_transfer transfer = numbered(3);
    CHECK_EQUAL(closing_one_to_last_send(one, &transfer), CORINTH_OK);
    CHECK_EQUAL(closing_last_receive(last, &transfer), CORINTH_OK);
}

static void run_close_receiving(void)
{
    check_case("the last of several receivers hands over what is in the lane, each what it kept");
    begin();
    for (uint32_t number = 1; number <= CAPACITY; number++) {
        CHECK_EQUAL(send_far(number % 2, number), CORINTH_OK);
    }
    closing_near_to_far_batch batch;
    CHECK_EQUAL(closing_near_to_far_peek(far[0], 3, &batch), 3);
    closing_near_to_far_release(far[0], &batch, 1);
    CHECK_EQUAL(stats_of(CLOSING_NEAR_TO_FAR_INDEX).in_lane, 3);
    closing_near_to_far_close_receiving(far[0]);
    CHECK_EQUAL(handed_count, 2);
    CHECK_EQUAL(handed[0], 2);
    CHECK_EQUAL(handed[1], 3);
    CHECK_EQUAL(receive_far(0, 0), CORINTH_CLOSED);
    CHECK_EQUAL(closing_near_to_far_peek(far[0], 1, &batch), 0);
    CHECK_EQUAL(batch.status, CORINTH_CLOSED);
    /* The other one receives on; for the first nothing is ready. */
    CHECK_EQUAL(closing_far_is_ready(far[0]), false);
    CHECK_EQUAL(closing_far_is_ready(far[1]), true);
    CHECK_EQUAL(closing_far_wait(far[0], MILLISECOND_NS), CORINTH_TIMED_OUT);
    CHECK_EQUAL(receive_far(1, 4), CORINTH_OK);
    CHECK_EQUAL(send_far(0, 5), CORINTH_OK);
    CHECK_EQUAL(send_far(1, 6), CORINTH_OK);
    closing_near_to_far_close_receiving(far[1]);
    closing_near_to_far_close_receiving(far[1]);
    CHECK_EQUAL(handed_count, 4);
    CHECK_EQUAL(handed[2], 5);
    CHECK_EQUAL(handed[3], 6);
    CHECK_EQUAL(send_far(0, 7), CORINTH_CLOSED);
    CHECK_EQUAL(send_far(1, 7), CORINTH_CLOSED);
    closing_transfer transfer = numbered(7);
    CHECK_EQUAL(closing_near_send(near[0], &transfer), CORINTH_CLOSED);
    corinth_lane_stats stats = stats_of(CLOSING_NEAR_TO_FAR_INDEX);
    CHECK_EQUAL(stats.sent, 6);
    CHECK_EQUAL(stats.received, 2);
    CHECK_EQUAL(stats.closed, 4);
    CHECK_EQUAL(stats.undelivered, 4);
    CHECK_EQUAL(stats.in_lane, 0);
    /* Its other lane is open; then this port of the world is closed, and the other one isn't. */
    CHECK_EQUAL(closing_far_is_closed(far[0]), false);
    closing_one_to_far_close_receiving(far[0]);
    CHECK_EQUAL(closing_far_is_closed(far[0]), true);
    CHECK_EQUAL(closing_far_receive(far[0], &transfer), CORINTH_CLOSED);
    CHECK_EQUAL(closing_far_wait(far[0], CORINTH_FOREVER), CORINTH_CLOSED);
    CHECK_EQUAL(closing_far_is_closed(far[1]), false);
    CHECK_EQUAL(closing_far_receive(far[1], &transfer), CORINTH_EMPTY);
}

static void run_one_receiver(void)
{
    check_case("the only receiver hands over both classes, what it left of a batch included");
    begin();
    for (uint32_t number = 0; number < CAPACITY + 2; number++) {
        closing_transfer transfer = numbered(number);
        transfer.flags = number < CAPACITY ? 0 : CLOSING_TRANSFER_PRIORITY;
        CHECK_EQUAL(closing_one_to_last_send(one, &transfer), CORINTH_OK);
    }
    closing_one_to_last_batch batch;
    CHECK_EQUAL(closing_one_to_last_peek(last, 2, &batch), 2);
    CHECK_EQUAL(batch.status, CORINTH_OK);
    closing_one_to_last_release(last, &batch, 1);
    closing_one_to_last_close_receiving(last);
    corinth_lane_stats stats = stats_of(CLOSING_ONE_TO_LAST_INDEX);
    CHECK_EQUAL(stats.received, 1);
    CHECK_EQUAL(stats.closed, CAPACITY + 1);
    CHECK_EQUAL(stats.in_lane, 0);
    CHECK_EQUAL(handed_count, 0);
    closing_one_to_last_claim claim;
    CHECK_EQUAL(closing_one_to_last_reserve_priority(one, 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_CLOSED);
    CHECK_EQUAL(closing_one_to_last_reserve(one, 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_CLOSED);
    CHECK_EQUAL(closing_last_wait(last, CORINTH_FOREVER), CORINTH_CLOSED);
}

static void run_overlap(void)
{
    check_case("a claim that was open when the last receiver closed is there for a drain");
    begin();
    closing_near_to_far_claim claim;
    CHECK_EQUAL(closing_near_to_far_reserve(near[0], 2, &claim), 2);
    CHECK_EQUAL(send_far(1, 9), CORINTH_OK);
    closing_near_to_far_close_receiving(far[0]);
    closing_near_to_far_close_receiving(far[1]);
    CHECK_EQUAL(handed_count, 0);
    closing_near_to_far_commit(near[0], &claim, 2);
    CHECK_EQUAL(closing_far_is_ready(far[0]), false);
    corinth_lane_stats stats = stats_of(CLOSING_NEAR_TO_FAR_INDEX);
    CHECK_EQUAL(stats.in_lane, 3);
    corinth_drain drain = {0, 0};
    closing_transfer transfer;
    for (int i = 0; i < 3; i++) {
        CHECK(corinth_coordinator_take_left(&coordinator.base, &drain, &transfer));
    }
    CHECK(!corinth_coordinator_take_left(&coordinator.base, &drain, &transfer));
    CHECK_EQUAL(stats_of(CLOSING_NEAR_TO_FAR_INDEX).drained, 3);
}

#define BOTH 3u

/* Whether the threads with these bits sleep at a bell. */
static bool are_asleep(const corinth_bell *bell, uint32_t bits)
{
    uint32_t sleeping = corinth_internal_load_relaxed_u32(&bell->doorbell->sleeping[0]);
    return (sleeping & bits) == bits;
}

static uint64_t seed;

/* Closes at once, after a while, or when the others sleep. */
static void linger(uint32_t round, const corinth_bell *bell)
{
    check_random random = check_random_stream(seed, round);
    if (round % 3 == 0) {
        while (!are_asleep(bell, BOTH)) {
            (void)sched_yield();
        }
    } else if (round % 3 == 1) {
        check_linger(&random, PAUSE_MAX);
    }
}

/* Of two lanes: it may be told of the first that ends. */
static void *wait_for_close(void *context)
{
    corinth_status status = closing_far_wait(context, CORINTH_FOREVER);
    if (status == CORINTH_OK) {
        status = closing_far_wait(context, CORINTH_FOREVER);
    }
    CHECK_EQUAL(status, CORINTH_CLOSED);
    return NULL;
}

static void run_wakes_receivers(stress *run)
{
    check_case("the last sender that closes wakes all receivers");
    seed = run->seed;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        begin();
        pthread_t threads[CLOSING_FAR_THREADS];
        for (uint32_t i = 0; i < CLOSING_FAR_THREADS; i++) {
            threads[i] = check_thread(wait_for_close, far[i]);
        }
        closing_one_to_far_close_sending(one);
        closing_near_to_far_close_sending(near[round % 2]);
        linger(round, far[0]->base.bell);
        closing_near_to_far_close_sending(near[(round + 1) % 2]);
        for (uint32_t i = 0; i < CLOSING_FAR_THREADS; i++) {
            check_join(threads[i]);
        }
    }
    stress_reached(run, "closed beside receivers", ROUNDS, ROUNDS);
}

static void *send_until_closed(void *context)
{
    closing_transfer transfer = numbered(1);
    uint64_t *sent = context;
    uint32_t index = sent[0] == 0 ? 0 : 1;
    corinth_status status = CORINTH_OK;
    sent[1] = 0;
    while (status == CORINTH_OK) {
        status = closing_near_to_far_send(near[index], &transfer);
        sent[1] += status == CORINTH_OK ? 1 : 0;
    }
    CHECK_EQUAL(status, CORINTH_CLOSED);
    return NULL;
}

static void run_wakes_senders(stress *run)
{
    check_case("the last receiver that closes wakes all senders, and nothing is lost");
    seed = run->seed;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        begin();
        pthread_t threads[CLOSING_NEAR_THREADS];
        uint64_t sent[CLOSING_NEAR_THREADS][2];
        for (uint32_t i = 0; i < CLOSING_NEAR_THREADS; i++) {
            sent[i][0] = i;
            threads[i] = check_thread(send_until_closed, sent[i]);
        }
        linger(round, near[0]->senders[0].room);
        CHECK_AT_MOST(receive_far(0, 1), CORINTH_EMPTY);
        closing_near_to_far_close_receiving(far[0]);
        closing_near_to_far_close_receiving(far[1]);
        for (uint32_t i = 0; i < CLOSING_NEAR_THREADS; i++) {
            check_join(threads[i]);
        }
        corinth_lane_stats stats = stats_of(CLOSING_NEAR_TO_FAR_INDEX);
        CHECK_EQUAL(stats.sent, sent[0][1] + sent[1][1]);
        CHECK_EQUAL(stats.closed, handed_count);
        CHECK_EQUAL(stats.sent, stats.received + stats.closed + stats.in_lane);
        CHECK_EQUAL(closing_coordinator_total_pending(&coordinator), stats.in_lane);
    }
    stress_reached(run, "closed beside senders", ROUNDS, ROUNDS);
}

/* A sender that waits for room which an open claim keeps: no release would wake it. */
static void *wait_for_room(void *context)
{
    closing_transfer transfer = numbered(1);
    CHECK_EQUAL(closing_near_to_far_send(context, &transfer), CORINTH_CLOSED);
    return NULL;
}

static void run_wakes_beside_claim(void)
{
    check_case("a sender is woken though nothing of the lane is released");
    begin();
    closing_near_to_far_claim claim;
    CHECK_EQUAL(closing_near_to_far_reserve(near[0], CAPACITY, &claim), CAPACITY);
    pthread_t thread = check_thread(wait_for_room, near[1]);
    while (!are_asleep(near[1]->senders[0].room, 1u << 1)) {
        (void)sched_yield();
    }
    closing_near_to_far_close_receiving(far[0]);
    closing_near_to_far_close_receiving(far[1]);
    check_join(thread);
    closing_near_to_far_abort(near[0], &claim);
    CHECK_EQUAL(closing_coordinator_total_pending(&coordinator), 0);
}

static void run_wait_for(void)
{
    check_case("a wait for several things finds what is closed, in place of sleeping for it");
    begin();
    const uint64_t both = CLOSING_NEAR_INBOUND | CLOSING_NEAR_ROOM_TO_FAR;
    uint64_t ready = 0;
    for (uint32_t number = 0; number < CAPACITY; number++) {
        CHECK_EQUAL(send_far(0, number), CORINTH_OK);
    }
    CHECK_EQUAL(closing_near_wait_for(near[0], both, 0, &ready), CORINTH_TIMED_OUT);
    closing_last_to_near_close_sending(last);
    CHECK_EQUAL(closing_near_wait_for(near[0], both, 0, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, CLOSING_NEAR_INBOUND);
    closing_transfer transfer = numbered(CAPACITY);
    CHECK_EQUAL(closing_near_receive(near[0], &transfer), CORINTH_CLOSED);
    CHECK_EQUAL(
        closing_near_wait_for(near[0], CLOSING_NEAR_ROOM_TO_FAR, 0, &ready), CORINTH_TIMED_OUT);
    closing_near_to_far_close_sending(near[0]);
    CHECK_EQUAL(
        closing_near_wait_for(near[0], CLOSING_NEAR_ROOM_TO_FAR, 0, &ready),
        CORINTH_OK);
    CHECK_EQUAL(ready, CLOSING_NEAR_ROOM_TO_FAR);
    CHECK_EQUAL(send_far(0, CAPACITY), CORINTH_CLOSED);
}

static void *sleep_for_the_other_lane(void *context)
{
    CHECK_EQUAL(closing_far_wait(context, CORINTH_FOREVER), CORINTH_STOPPED);
    return NULL;
}

static void *receive_one(void *context)
{
    closing_transfer transfer;
    CHECK_EQUAL(closing_far_wait(context, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(closing_near_to_far_receive(context, &transfer), CORINTH_OK);
    return NULL;
}

static void run_wakes_the_right_one(void)
{
    check_case("a ring that chose a port which closed the lane wakes the other one, too");
    for (uint32_t round = 0; round < ROUNDS; round++) {
        begin();
        uint32_t closed = round % 2;
        closing_near_to_far_close_receiving(far[closed]);
        pthread_t other = check_thread(sleep_for_the_other_lane, far[closed]);
        pthread_t thread = check_thread(receive_one, far[1 - closed]);
        while (!are_asleep(far[0]->base.bell, BOTH)) {
            (void)sched_yield();
        }
        CHECK_EQUAL(send_far(0, 1), CORINTH_OK);
        check_join(thread);
        CHECK_EQUAL(closing_coordinator_stop(&coordinator), CORINTH_OK);
        check_join(other);
    }
}

static void *send_stream(void *context)
{
    closing_near_port *port = context;
    for (uint32_t number = 0; number < check_scaled(STREAM); number++) {
        closing_transfer transfer = numbered(number);
        CHECK_EQUAL(closing_near_to_far_send(port, &transfer), CORINTH_OK);
    }
    closing_near_to_far_close_sending(port);
    return NULL;
}

static uint64_t received[CLOSING_FAR_THREADS];

static void *receive_until_closed(void *context)
{
    closing_far_port *port = context;
    closing_transfer transfer;
    corinth_status status = CORINTH_OK;
    uint64_t count = 0;
    while (status != CORINTH_CLOSED) {
        status = closing_far_receive(port, &transfer);
        count += status == CORINTH_OK ? 1 : 0;
        if (status == CORINTH_EMPTY) {
            (void)closing_far_wait(port, CORINTH_FOREVER);
        }
    }
    received[port->base.index] = count;
    return NULL;
}

static void run_streams(stress *run)
{
    check_case("two receivers have received all of two senders when they find the lane closed");
    stress_budget budget = stress_budget_of(run);
    uint32_t steps = 0;
    uint64_t rounds = 0;
    for (; rounds < check_scaled(ROUNDS) / 10 && stress_has_time(&budget, &steps); rounds++) {
        begin();
        closing_one_to_far_close_sending(one);
        pthread_t threads[4];
        for (uint32_t i = 0; i < 2; i++) {
            threads[i] = check_thread(send_stream, near[i]);
            threads[2 + i] = check_thread(receive_until_closed, far[i]);
        }
        for (uint32_t i = 0; i < 4; i++) {
            check_join(threads[i]);
        }
        CHECK_EQUAL(received[0] + received[1], 2 * check_scaled(STREAM));
        CHECK_EQUAL(closing_coordinator_total_pending(&coordinator), 0);
    }
    stress_reached(run, "streams", rounds, check_scaled(ROUNDS) / 10);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    run_close_sending();
    run_worlds();
    run_stopped();
    run_start();
    run_close_receiving();
    run_one_receiver();
    run_overlap();
    run_wakes_beside_claim();
    run_wait_for();
    while (stress_next_round(&run)) {
        run_wakes_receivers(&run);
        run_wakes_senders(&run);
        run_wakes_the_right_one();
        run_streams(&run);
    }
    return 0;
}
