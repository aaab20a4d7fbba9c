/*
 * Goal: wait_for returns when something of its interest is there, names all that is, and misses
 * nothing, whichever bell it is rung at.
 * Method: each bit alone and together, found at once, rung, timed out and stopped, by one thread
 * with two ports; then two threads forward from the source to the sink. A lost wake-up is a hang.
 */
#include "waits_ports.h"


#define INBOUND WAITS_HUB_INBOUND
#define ROOM WAITS_HUB_ROOM_TO_SINK
#define URGENT WAITS_HUB_PRIORITY_ROOM_TO_SPINNER
#define ITEMS 5000u

static corinth_status status_of(uint64_t interest, uint64_t timeout_ns, uint64_t *ready)
{
    *ready = 77;
    return waits_hub_wait_for(hub[0], interest, timeout_ns, ready);
}

static void check_found(uint64_t interest, uint64_t expected)
{
    uint64_t ready = 0;
    corinth_status status = status_of(interest, 0, &ready);
    CHECK_EQUAL(ready, expected);
    CHECK_EQUAL(status, expected != 0 ? CORINTH_OK : CORINTH_TIMED_OUT);
}

static corinth_status send_urgent(waits_hub_port *port)
{
    waits_transfer transfer = item_for(WAITS_WORLD_SPINNER, 1);
    transfer.flags = WAITS_TRANSFER_PRIORITY;
    return waits_hub_try_send(port, &transfer);
}

static void fill_urgent(void)
{
    for (uint32_t i = 0; i < WAITS_HUB_TO_SPINNER_PRIORITY_CAPACITY; i++) {
        CHECK_EQUAL(send_urgent(hub[0]), CORINTH_OK);
    }
}

static void fill_spinner(void)
{
    for (uint32_t i = 0; i < WAITS_HUB_TO_SPINNER_CAPACITY; i++) {
        waits_transfer transfer = item_for(WAITS_WORLD_SPINNER, i);
        CHECK_EQUAL(waits_hub_try_send(hub[0], &transfer), CORINTH_OK);
    }
}

static void run_looks(void)
{
    check_case("what is there is named, and nothing that isn't asked for");
    begin();
    waits_transfer transfer;
    check_found(INBOUND, 0);
    check_found(INBOUND | ROOM | URGENT, ROOM | URGENT);
    check_found(ROOM, ROOM);
    check_found(URGENT, URGENT);
    fill_sink();
    check_found(ROOM, 0);
    check_found(INBOUND | ROOM | URGENT, URGENT);
    fill_urgent();
    check_found(URGENT, 0);
    check_found(INBOUND | ROOM | URGENT, 0);
    CHECK_EQUAL(send_to_hub(1), CORINTH_OK);
    check_found(INBOUND | ROOM | URGENT, INBOUND);
    check_found(ROOM | URGENT, 0);
    receive_at_sink();
    check_found(INBOUND | ROOM, INBOUND | ROOM);
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    check_found(ROOM | URGENT, ROOM | URGENT);
}

static void run_times(void)
{
    check_case("time runs out; a stop ends it, and then only transfers count");
    begin();
    uint64_t ready = 0;
    fill_sink();
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(status_of(INBOUND | ROOM, SHORT_NS, &ready), CORINTH_TIMED_OUT);
    CHECK_EQUAL(ready, 0);
    CHECK(corinth_clock_ns() - before_ns >= SHORT_NS);
    CHECK_EQUAL(send_to_hub(1), CORINTH_OK);
    CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(status_of(INBOUND | URGENT, CORINTH_FOREVER, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, INBOUND);
    CHECK_EQUAL(status_of(URGENT, CORINTH_FOREVER, &ready), CORINTH_STOPPED);
    CHECK_EQUAL(ready, 0);
    CHECK_EQUAL(status_of(ROOM, CORINTH_FOREVER, &ready), CORINTH_STOPPED);
}

static void run_three_steps(void)
{
    check_case("in three steps each bell rings the port, once and only while it waits");
    begin();
    waits_transfer transfer;
    uint64_t ready = 0;
    fill_sink();
    fill_urgent();
    uint32_t key = waits_hub_prepare_wait_for(hub[0], INBOUND | ROOM | URGENT);
    check_found(INBOUND | ROOM | URGENT, 0);
    receive_at_sink();
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, CORINTH_FOREVER, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, ROOM);
    transfer = item_for(WAITS_WORLD_SINK, 3);
    CHECK_EQUAL(waits_hub_try_send(hub[0], &transfer), CORINTH_OK);
    /* Both rings of the lane to the spinner have one bell. */
    fill_spinner();
    key = waits_hub_prepare_wait_for(hub[0], WAITS_HUB_ROOM_TO_SPINNER | URGENT);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, 1, &ready), CORINTH_TIMED_OUT);
    key = waits_hub_prepare_wait_for(hub[0], ROOM | WAITS_HUB_ROOM_TO_SPINNER | URGENT);
    CHECK_EQUAL(send_to_hub(1), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 2);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, CORINTH_FOREVER, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, URGENT);
    CHECK_EQUAL(waits_hub_receive(hub[0], &transfer), CORINTH_OK);
    key = waits_hub_prepare_wait_for(hub[0], INBOUND | ROOM);
    CHECK_EQUAL(send_to_hub(2), CORINTH_OK);
    receive_at_sink();
    CHECK_EQUAL(wakes[0], 4);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, CORINTH_FOREVER, &ready), CORINTH_OK);
    CHECK_EQUAL(ready, INBOUND | ROOM);
    CHECK_EQUAL(waits_hub_receive(hub[0], &transfer), CORINTH_OK);
    /* A thread that has withdrawn isn't rung any more. */
    (void)waits_hub_prepare_wait_for(hub[0], INBOUND | ROOM | URGENT);
    waits_hub_cancel_wait_for(hub[0]);
    CHECK_EQUAL(send_to_hub(3), CORINTH_OK);
    receive_at_sink();
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 4);
    /* The other thread's room and its own are the same. */
    fill_sink();
    key = waits_hub_prepare_wait_for(hub[0], ROOM);
    (void)waits_hub_prepare_wait_for(hub[1], ROOM | URGENT);
    receive_at_sink();
    CHECK_EQUAL(wakes[0], 5);
    CHECK_EQUAL(wakes[1], 1);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, 0, &ready), CORINTH_OK);
    waits_hub_cancel_wait_for(hub[1]);
    /* A stop rings who waits for room. */
    key = waits_hub_prepare_wait_for(hub[0], URGENT);
    CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 6);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, CORINTH_FOREVER, &ready), CORINTH_STOPPED);
}

static uint32_t left; /* atomic; what the hub has still to forward */

/* Forwards from the source to the sink; holds at most one transfer, and waits for either. */
static void *forward(void *context)
{
    waits_hub_port *port = (waits_hub_port *)context;
    waits_transfer held;
    bool is_holding = false;
    corinth_status status = CORINTH_OK;
    while (status == CORINTH_OK) {
        if (!is_holding) {
            is_holding = waits_hub_receive(port, &held) == CORINTH_OK;
            held.target = WAITS_WORLD_SINK;
        }
        if (is_holding && waits_hub_try_send(port, &held) == CORINTH_OK) {
            is_holding = false;
            __atomic_fetch_sub(&left, 1, __ATOMIC_RELAXED);
        } else {
            uint64_t ready = 0;
            /* The priority ring stays full, so it tells nothing; it is one bell more. */
            uint64_t interest = is_holding ? ROOM | URGENT : INBOUND | URGENT;
            status = waits_hub_wait_for(port, interest, CORINTH_FOREVER, &ready);
            CHECK(status != CORINTH_OK || (ready & interest) != 0);
            CHECK((ready & ~interest) == 0);
        }
    }
    CHECK_EQUAL(status, CORINTH_STOPPED);
    CHECK(!is_holding);
    return NULL;
}

static void *send_all(void *context)
{
    uint32_t items = (uint32_t)check_scaled(ITEMS);
    unsigned attempts = 0;
    (void)context;
    for (uint32_t i = 0; i < items; i++) {
        while (send_to_hub(i) != CORINTH_OK) {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static void run_threads(void)
{
    check_case("two threads that wait for transfers and for room forward everything");
    begin();
    uint32_t items = (uint32_t)check_scaled(ITEMS);
    uint64_t sum = 0;
    left = items;
    fill_urgent();
    pthread_t sender = check_thread(send_all, NULL);
    pthread_t first = check_thread(forward, hub[0]);
    pthread_t second = check_thread(forward, hub[1]);
    for (uint32_t i = 0; i < items; i++) {
        waits_transfer transfer;
        while (waits_sink_receive(sink, &transfer) != CORINTH_OK) {
            CHECK_EQUAL(waits_sink_wait(sink, CORINTH_FOREVER), CORINTH_OK);
        }
        sum += number_of(&transfer);
    }
    check_join(sender);
    CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(first);
    check_join(second);
    CHECK_EQUAL(sum, (uint64_t)items * (items - 1) / 2);
    CHECK_EQUAL(left, 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, 60);
    check_wakeups();
    run_looks();
    run_times();
    run_three_steps();
    run_threads();
    return 0;
}
