/*
 * Goal: an interrupt ends the wait that its thread is in, wherever it sleeps, or else the next one,
 * once, and no other thread's; a ring that such a wait used up isn't lost.
 * Method: each kind of wait, with an interrupt before it and one while it lasts. A ring that is
 * lost shows in the wake function of the thread that it should have been passed on to.
 */
#include "waits_ports.h"

#define ALL_OF_HUB \
    (WAITS_HUB_INBOUND | WAITS_HUB_ROOM_TO_SINK | WAITS_HUB_PRIORITY_ROOM_TO_SPINNER)

/* What a thread's wait returned. */
static corinth_status returned;

static void *wait_at_hub(void *context)
{
    (void)context;
    returned = waits_hub_wait(hub[1], CORINTH_FOREVER);
    return NULL;
}

static void *send_to_sink(void *context)
{
    (void)context;
    waits_transfer transfer = item_for(WAITS_WORLD_SINK, 9);
    returned = waits_hub_send(hub[1], &transfer);
    return NULL;
}

static void *wait_for_room(void *context)
{
    uint64_t ready = 1;
    (void)context;
    returned = waits_hub_wait_for(hub[1], WAITS_HUB_ROOM_TO_SINK, CORINTH_FOREVER, &ready);
    CHECK_EQUAL(ready, 0);
    return NULL;
}

static void run_before(void)
{
    check_case("an interrupt before a wait ends it, and two are one");
    begin();
    uint64_t ready = 1;
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_wait(hub[1], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_hub_wait(hub[0], CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(waits_hub_wait(hub[0], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_wait_for(hub[0], ALL_OF_HUB, 0, &ready), CORINTH_CANCELLED);
    CHECK_EQUAL(ready, 0);
    CHECK_EQUAL(waits_hub_wait(hub[0], 0), CORINTH_TIMED_OUT);
    /* Whatever is there, so that a busy thread can be interrupted as well. */
    CHECK_EQUAL(send_to_hub(1), CORINTH_OK);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_wait(hub[0], CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(waits_hub_wait(hub[0], CORINTH_FOREVER), CORINTH_OK);
}

static void run_no_such_thread(void)
{
    check_case("a thread that isn't there is BAD_WORLD, and no other is interrupted");
    begin();
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, WAITS_HUB_THREADS), CORINTH_BAD_WORLD);
    CHECK_EQUAL(waits_sink_interrupt(&coordinator, 1), CORINTH_BAD_WORLD);
    CHECK_EQUAL(waits_coordinator_interrupt(&coordinator, WAITS_WORLD_COUNT, 0), CORINTH_BAD_WORLD);
    CHECK_EQUAL(waits_coordinator_interrupt(&coordinator, WAITS_WORLD_SINK, 1), CORINTH_BAD_WORLD);
    CHECK_EQUAL(waits_sink_wait(sink, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_spinner_wait(spinner, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_coordinator_interrupt(&coordinator, WAITS_WORLD_HUB, 1), CORINTH_OK);
    CHECK_EQUAL(waits_hub_wait(hub[0], 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_hub_wait(hub[1], 0), CORINTH_CANCELLED);
}

static void run_three_steps(void)
{
    check_case("a wait in three steps: the wake function is called, and commit says why");
    begin();
    uint64_t ready = 1;
    uint32_t key = waits_hub_prepare_wait(hub[0]);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(waits_hub_commit_wait(hub[0], key, CORINTH_FOREVER), CORINTH_CANCELLED);
    key = waits_hub_prepare_wait(hub[0]);
    CHECK_EQUAL(waits_hub_commit_wait(hub[0], key, SHORT_NS), CORINTH_TIMED_OUT);
    fill_sink();
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    key = waits_hub_prepare_wait_for(hub[0], WAITS_HUB_INBOUND | WAITS_HUB_ROOM_TO_SINK);
    CHECK_EQUAL(waits_hub_commit_wait_for(hub[0], key, CORINTH_FOREVER, &ready), CORINTH_CANCELLED);
    CHECK_EQUAL(ready, 0);
}

/* A ring that comes first and an interrupt that comes before its thread has looked. */
static void run_passed_on(void)
{
    check_case("a ring that an interrupted wait used up is passed on");
    begin();
    uint64_t ready = 1;
    waits_transfer transfer;
    uint32_t first = waits_hub_prepare_wait(hub[0]);
    uint32_t second = waits_hub_prepare_wait(hub[1]);
    CHECK_EQUAL(send_to_hub(1), CORINTH_OK);
    CHECK_EQUAL(wakes[0], 1);
    CHECK_EQUAL(wakes[1], 0);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_commit_wait(hub[0], first, CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(wakes[1], 1);
    CHECK_EQUAL(waits_hub_commit_wait(hub[1], second, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(waits_hub_receive(hub[1], &transfer), CORINTH_OK);
    /* The same of one that waits for room as well. */
    fill_sink();
    first = waits_hub_prepare_wait_for(hub[0], WAITS_HUB_INBOUND | WAITS_HUB_ROOM_TO_SINK);
    second = waits_hub_prepare_wait(hub[1]);
    CHECK_EQUAL(send_to_hub(2), CORINTH_OK);
    CHECK_EQUAL(wakes[1], 1);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(
        waits_hub_commit_wait_for(hub[0], first, CORINTH_FOREVER, &ready), CORINTH_CANCELLED);
    CHECK_EQUAL(ready, 0);
    CHECK_EQUAL(wakes[1], 2);
    CHECK_EQUAL(waits_hub_commit_wait(hub[1], second, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(waits_hub_receive(hub[1], &transfer), CORINTH_OK);
    /* Where there is nothing for it, no other thread is woken. */
    first = waits_hub_prepare_wait(hub[0]);
    second = waits_hub_prepare_wait(hub[1]);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_commit_wait(hub[0], first, CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(wakes[1], 2);
    waits_hub_cancel_wait(hub[1]);
}

static void run_asleep(void)
{
    check_case("one that sleeps wakes: in a wait, in a send, in a wait for room");
    begin();
    fill_sink();
    void *(*const waits[])(void *) = {wait_at_hub, send_to_sink, wait_for_room};
    const corinth_bell *const bells[] = {HUB_BELL, ROOM_TO_SINK, ROOM_TO_SINK};
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        pthread_t thread = check_thread(waits[i], NULL);
        until_asleep(bells[i], 1);
        CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
        CHECK_EQUAL(waits_hub_interrupt(&coordinator, 1), CORINTH_OK);
        check_join(thread);
        CHECK_EQUAL(returned, CORINTH_CANCELLED);
        CHECK_EQUAL(waits_hub_wait(hub[1], 0), CORINTH_TIMED_OUT);
        CHECK_EQUAL(waits_hub_wait(hub[0], 0), CORINTH_CANCELLED);
    }
    receive_at_sink();
    receive_at_sink();
    waits_transfer transfer;
    CHECK_EQUAL(waits_sink_receive(sink, &transfer), CORINTH_EMPTY);
}

/* A send that finds room isn't a wait. */
static void run_sends(void)
{
    check_case("a send that needn't wait leaves the interrupt, one that must takes it");
    begin();
    waits_transfer transfer = item_for(WAITS_WORLD_SINK, 1);
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    fill_sink();
    CHECK_EQUAL(waits_hub_try_send(hub[0], &transfer), CORINTH_FULL);
    CHECK_EQUAL(waits_hub_send(hub[0], &transfer), CORINTH_CANCELLED);
    CHECK_EQUAL(waits_hub_send_for(hub[0], &transfer, SHORT_NS), CORINTH_TIMED_OUT);
    waits_hub_to_sink_claim claim;
    CHECK_EQUAL(waits_hub_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_hub_to_sink_reserve(hub[0], 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_CANCELLED);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, 20);
    check_wakeups();
    run_before();
    run_no_such_thread();
    run_three_steps();
    run_passed_on();
    run_asleep();
    run_sends();
    return 0;
}
