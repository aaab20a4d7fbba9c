/*
 * Goal: of several lanes into a world one may end: each of its threads is told so once, by a wait
 * that returns OK, and finds that lane closed; so worlds that lead in a circle end without a stop.
 * Method: step by step, with what may come between an end and the wait: transfers, an interrupt, a
 * stop, a start; then threads that sleep, and a circle. A lost wake-up is a hang, which the
 * watchdog ends.
 */
#include "check.h"

#include <sched.h>

#include "ends.h"

#define ROUNDS 60u
#define ITEMS 20u
#define BOTH 3u
#define WANTED (ENDS_SIMULATION_INBOUND | ENDS_SIMULATION_ROOM_TO_STORAGE)

static ends_coordinator coordinator;
static ends_input_port *input[ENDS_INPUT_THREADS];
static ends_simulation_port *simulation[ENDS_SIMULATION_THREADS];
static ends_storage_port *storage;

static void begin(void)
{
    CHECK_EQUAL(ends_coordinator_init(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < 2; i++) {
        input[i] = ends_input_open(&coordinator, i);
        simulation[i] = ends_simulation_open(&coordinator, i);
    }
    storage = ends_storage_open(&coordinator, 0);
    CHECK_EQUAL(ends_coordinator_start(&coordinator), CORINTH_OK);
}

static void restart(void)
{
    CHECK_EQUAL(ends_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(ends_coordinator_start(&coordinator), CORINTH_OK);
}

static void end_input(void)
{
    ends_input_to_simulation_close_sending(input[0]);
    ends_input_to_simulation_close_sending(input[1]);
}

static ends_transfer item(void)
{
    ends_transfer transfer;
    ends_transfer_init(&transfer, ENDS_WORLD_INPUT, ENDS_WORLD_SIMULATION);
    ends_transfer_pack_item(&transfer, &(ends_item){.number = 1});
    return transfer;
}

static corinth_status receive_input(void)
{
    ends_transfer transfer;
    return ends_input_to_simulation_receive(simulation[0], &transfer);
}

static corinth_status receive_reply(void)
{
    ends_transfer transfer;
    return ends_storage_to_simulation_receive(simulation[0], &transfer);
}

/* Thread 0 of simulation is told of an end once. */
static void check_told(void)
{
    CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], 0), CORINTH_TIMED_OUT);
}

static void run_told_once(void)
{
    check_case("each thread is told once that one of several lanes has ended, then of all");
    begin();
    ends_input_to_simulation_close_sending(input[0]);
    ends_input_to_simulation_close_sending(input[0]);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(ends_input_to_simulation_is_closed(simulation[0]), false);
    ends_input_to_simulation_close_sending(input[1]);
    CHECK_EQUAL(ends_input_to_simulation_is_closed(simulation[0]), true);
    CHECK_EQUAL(ends_storage_to_simulation_is_closed(simulation[0]), false);
    CHECK_EQUAL(ends_simulation_is_closed(simulation[0]), false);
    CHECK_EQUAL(ends_simulation_is_ready(simulation[0]), false);
    check_told();
    CHECK_EQUAL(receive_input(), CORINTH_CLOSED);
    CHECK_EQUAL(receive_reply(), CORINTH_EMPTY);
    ends_input_to_simulation_close_sending(input[1]);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(ends_simulation_wait(simulation[1], 0), CORINTH_OK);
    CHECK_EQUAL(ends_simulation_wait(simulation[1], 0), CORINTH_TIMED_OUT);
    ends_storage_to_simulation_close_sending(storage);
    for (uint32_t i = 0; i < 2; i++) {
        CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_CLOSED);
    }
    CHECK_EQUAL(receive_reply(), CORINTH_CLOSED);
    /* Nor is the last of all lanes told of, or the only one. */
    begin();
    end_input();
    ends_storage_to_simulation_close_sending(storage);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_CLOSED);
    ends_simulation_to_storage_close_sending(simulation[0]);
    ends_simulation_to_storage_close_sending(simulation[1]);
    CHECK_EQUAL(ends_storage_wait(storage, CORINTH_FOREVER), CORINTH_CLOSED);
    CHECK_EQUAL(ends_simulation_to_storage_is_closed(storage), true);
}

static void run_transfers_first(void)
{
    check_case("what is ready comes before the end, one at a time as well");
    begin();
    ends_transfer transfer = item();
    CHECK_EQUAL(ends_storage_send(storage, &transfer), CORINTH_OK);
    end_input();
    CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(ends_simulation_receive(simulation[0], &transfer), CORINTH_OK);
    check_told();
    CHECK_EQUAL(receive_input(), CORINTH_CLOSED);
}

static void run_cancelled(void)
{
    check_case("an interrupt after the end leaves it untold, however the thread waits");
    begin();
    uint64_t ready = 1;
    uint32_t key = ends_simulation_prepare_wait(simulation[0]);
    end_input();
    CHECK_EQUAL(ends_simulation_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(
        ends_simulation_commit_wait(simulation[0], key, CORINTH_FOREVER), CORINTH_CANCELLED);
    check_told();
    key = ends_simulation_prepare_wait_for(simulation[1], WANTED);
    CHECK_EQUAL(ends_simulation_interrupt(&coordinator, 1), CORINTH_OK);
    CHECK_EQUAL(
        ends_simulation_commit_wait_for(simulation[1], key, CORINTH_FOREVER, &ready),
        CORINTH_CANCELLED);
    CHECK_EQUAL(ready, 0);
    CHECK_EQUAL(ends_simulation_wait_for(simulation[1], WANTED, 0, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, WANTED);
    CHECK_EQUAL(ends_simulation_wait_for(simulation[1], WANTED, 0, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, ENDS_SIMULATION_ROOM_TO_STORAGE);
}

static void run_commits(void)
{
    check_case("the three steps tell of it once, too, and room alone of none");
    begin();
    uint64_t ready = 1;
    uint32_t key = ends_simulation_prepare_wait(simulation[0]);
    end_input();
    CHECK_EQUAL(ends_simulation_commit_wait(simulation[0], key, CORINTH_FOREVER), CORINTH_OK);
    key = ends_simulation_prepare_wait(simulation[0]);
    CHECK_EQUAL(ends_simulation_commit_wait(simulation[0], key, 0), CORINTH_TIMED_OUT);
    begin();
    const uint64_t room = ENDS_SIMULATION_ROOM_TO_STORAGE;
    key = ends_simulation_prepare_wait_for(simulation[0], ENDS_SIMULATION_INBOUND);
    end_input();
    CHECK_EQUAL(ends_simulation_wait_for(simulation[0], room, 0, &ready), CORINTH_OK);
    CHECK_EQUAL(
        ends_simulation_commit_wait_for(simulation[0], key, CORINTH_FOREVER, &ready),
        CORINTH_OK);
    CHECK_EQUAL(ready, ENDS_SIMULATION_INBOUND);
    key = ends_simulation_prepare_wait_for(simulation[0], ENDS_SIMULATION_INBOUND);
    CHECK_EQUAL(
        ends_simulation_commit_wait_for(simulation[0], key, 0, &ready), CORINTH_TIMED_OUT);
}

static void run_stopped(void)
{
    check_case("an end is told of after a stop as well, before STOPPED");
    begin();
    end_input();
    CHECK_EQUAL(ends_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(ends_simulation_wait(simulation[0], CORINTH_FOREVER), CORINTH_STOPPED);
}

static void run_restart(void)
{
    check_case("a lane that ends again after a start is told of again, whatever came between");
    begin();
    end_input();
    check_told();
    restart();
    CHECK_EQUAL(ends_simulation_wait(simulation[0], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(ends_input_to_simulation_is_closed(simulation[0]), false);
    end_input();
    check_told();
    restart();
    end_input();
    check_told();
    CHECK_EQUAL(receive_input(), CORINTH_CLOSED);
    /* One that was over before it was told of: no lane is closed, and the next end is told of. */
    restart();
    end_input();
    restart();
    check_told();
    CHECK_EQUAL(receive_input(), CORINTH_EMPTY);
    end_input();
    check_told();
    CHECK_EQUAL(receive_input(), CORINTH_CLOSED);
}

static void *wait_for_an_end(void *context)
{
    ends_simulation_port *port = context;
    corinth_status status = ends_simulation_wait(port, CORINTH_FOREVER);
    ends_transfer transfer;
    CHECK_EQUAL(ends_input_to_simulation_receive(port, &transfer), CORINTH_CLOSED);
    while (status == CORINTH_OK) {
        status = ends_simulation_wait(port, CORINTH_FOREVER);
    }
    CHECK_EQUAL(status, CORINTH_CLOSED);
    return NULL;
}

static void wait_until_asleep(uint32_t bits)
{
    const corinth_doorbell *doorbell = simulation[0]->base.bell->doorbell;
    while ((corinth_internal_load_relaxed_u32(&doorbell->sleeping[0]) & bits) != bits) {
        (void)sched_yield();
    }
}

static void run_sleepers(void)
{
    check_case("both threads of a world that sleep are woken by the end of one lane");
    for (uint32_t round = 0; round < check_scaled(ROUNDS); round++) {
        begin();
        pthread_t threads[2];
        for (uint32_t i = 0; i < 2; i++) {
            threads[i] = check_thread(wait_for_an_end, simulation[i]);
        }
        ends_input_to_simulation_close_sending(input[0]);
        if (round % 2 == 0) {
            wait_until_asleep(BOTH);
        }
        ends_input_to_simulation_close_sending(input[1]);
        /* Told of the one, they sleep again; or of both at once. */
        if (round % 4 < 2) {
            wait_until_asleep(BOTH);
        }
        ends_storage_to_simulation_close_sending(storage);
        for (uint32_t i = 0; i < 2; i++) {
            check_join(threads[i]);
        }
    }
}

static void *send_all(void *context)
{
    ends_transfer transfer = item();
    for (uint32_t sent = 0; sent < ITEMS;) {
        corinth_status status = ends_input_send(context, &transfer);
        CHECK(status == CORINTH_OK || status == CORINTH_FULL);
        sent += status == CORINTH_OK ? 1 : 0;
        (void)sched_yield();
    }
    ends_input_to_simulation_close_sending(context);
    return NULL;
}

static uint32_t replies; /* atomic */

static void *simulate(void *context)
{
    ends_transfer transfer;
    corinth_status status = CORINTH_OK;
    while (status == CORINTH_OK) {
        status = ends_simulation_wait(context, CORINTH_FOREVER);
        corinth_status received = ends_input_to_simulation_receive(context, &transfer);
        while (received == CORINTH_OK) {
            CHECK_EQUAL(ends_simulation_send_routed(context, &transfer), CORINTH_OK);
            received = ends_input_to_simulation_receive(context, &transfer);
        }
        if (received == CORINTH_CLOSED) {
            ends_simulation_to_storage_close_sending(context);
        }
        while (ends_storage_to_simulation_receive(context, &transfer) == CORINTH_OK) {
            (void)__atomic_fetch_add(&replies, 1, __ATOMIC_RELAXED);
        }
    }
    CHECK_EQUAL(status, CORINTH_CLOSED);
    return NULL;
}

static void *store(void *context)
{
    ends_transfer transfer;
    while (ends_storage_wait(context, CORINTH_FOREVER) == CORINTH_OK) {
        while (ends_storage_receive(context, &transfer) == CORINTH_OK) {
            CHECK_EQUAL(ends_storage_send_routed(context, &transfer), CORINTH_OK);
        }
    }
    ends_storage_to_simulation_close_sending(context);
    return NULL;
}

static void run_circle(void)
{
    check_case("worlds that lead in a circle end one after the other, without a stop");
    for (uint32_t round = 0; round < check_scaled(ROUNDS); round++) {
        begin();
        replies = 0;
        pthread_t threads[5];
        for (uint32_t i = 0; i < 2; i++) {
            threads[i] = check_thread(send_all, input[i]);
            threads[2 + i] = check_thread(simulate, simulation[i]);
        }
        threads[4] = check_thread(store, storage);
        for (uint32_t i = 0; i < 5; i++) {
            check_join(threads[i]);
        }
        CHECK_EQUAL(replies, 2 * ITEMS);
        CHECK_EQUAL(ends_coordinator_deinit(&coordinator), 0);
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, 60);
    check_wakeups();
    run_told_once();
    run_transfers_first();
    run_cancelled();
    run_commits();
    run_stopped();
    run_restart();
    run_sleepers();
    run_circle();
    return 0;
}
