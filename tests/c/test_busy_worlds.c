/*
 * Goal: a world that spins or yields waits like one that parks, with the same statuses, and nothing
 * that is sent to it looks at a doorbell; who waits for room sleeps only after a look or two, and
 * at once where the process may use one processor only.
 * Method: its waits, sends and wait_for, by one thread and by several, to the end of each; a send
 * that looked at a doorbell would look at none. Sleepers show in the doorbells.
 */
#define _GNU_SOURCE

#include "waits_ports.h"

#define ITEMS 1000u
#define LONG_NS UINT64_C(10000000000)

static corinth_status returned;
static uint64_t found;

static void send_to_spinner(uint32_t number)
{
    waits_transfer transfer = item_for(WAITS_WORLD_SPINNER, number);
    CHECK_EQUAL(waits_source_send(source[1], &transfer), CORINTH_OK);
}

static void fill_yielder(void)
{
    for (uint32_t i = 0; i < WAITS_SPINNER_TO_YIELDER_CAPACITY; i++) {
        waits_transfer transfer = item_for(WAITS_WORLD_YIELDER, i);
        CHECK_EQUAL(waits_spinner_send(spinner, &transfer), CORINTH_OK);
    }
}

static void run_alone(void)
{
    check_case("statuses of a world that spins, and of one that yields");
    begin();
    waits_transfer transfer;
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(waits_spinner_wait(spinner, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_spinner_wait(spinner, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_yielder_wait(yielder, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= 2 * SHORT_NS);
    CHECK_EQUAL(waits_coordinator_wait(&coordinator, WAITS_WORLD_SPINNER, 0), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_coordinator_prepare_wait(&coordinator, WAITS_WORLD_SPINNER), 0);
    corinth_status none = waits_coordinator_commit_wait(&coordinator, WAITS_WORLD_SPINNER, 0, 0);
    CHECK_EQUAL(none, CORINTH_BAD_WORLD);
    waits_coordinator_cancel_wait(&coordinator, WAITS_WORLD_SPINNER);
    CHECK_EQUAL(waits_spinner_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_wait(spinner, CORINTH_FOREVER), CORINTH_CANCELLED);
    CHECK_EQUAL(waits_spinner_wait(spinner, 0), CORINTH_TIMED_OUT);
    send_to_spinner(1);
    CHECK_EQUAL(waits_spinner_wait(spinner, CORINTH_FOREVER), CORINTH_OK);
    send_to_spinner(2);
    /* A lane that is full wakes no thread that passes slots: there is no doorbell. */
    transfer = item_for(WAITS_WORLD_SPINNER, 3);
    CHECK_EQUAL(waits_source_send(source[1], &transfer), CORINTH_FULL);
    CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_wait(spinner, CORINTH_FOREVER), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_wait(spinner, CORINTH_FOREVER), CORINTH_STOPPED);
    CHECK_EQUAL(waits_yielder_wait(yielder, CORINTH_FOREVER), CORINTH_STOPPED);
}

static void run_room(void)
{
    check_case("its sends wait for room in time");
    begin();
    waits_transfer transfer = item_for(WAITS_WORLD_YIELDER, 9);
    fill_yielder();
    CHECK_EQUAL(waits_spinner_try_send(spinner, &transfer), CORINTH_FULL);
    CHECK_EQUAL(waits_spinner_send_for(spinner, &transfer, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK_EQUAL(waits_spinner_interrupt(&coordinator, 0), CORINTH_OK);
    CHECK_EQUAL(waits_spinner_send(spinner, &transfer), CORINTH_CANCELLED);
    CHECK_EQUAL(waits_yielder_receive(yielder, &transfer), CORINTH_OK);
    transfer = item_for(WAITS_WORLD_YIELDER, 9);
    CHECK_EQUAL(waits_spinner_send(spinner, &transfer), CORINTH_OK);
    transfer = item_for(WAITS_WORLD_SINK, 9);
    CHECK_EQUAL(waits_yielder_send(yielder, &transfer), CORINTH_OK);
    CHECK_EQUAL(waits_yielder_send(yielder, &transfer), CORINTH_OK);
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(waits_yielder_send(yielder, &transfer), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= WAITS_YIELDER_TO_SINK_DEADLINE_NS);
    /* By the world of run time: those that don't wait send as ever. */
    transfer.source = WAITS_WORLD_YIELDER;
    CHECK_EQUAL(waits_coordinator_try_send(&coordinator, &transfer), CORINTH_FULL);
    CHECK_EQUAL(waits_coordinator_send_for(&coordinator, &transfer, 1), CORINTH_TIMED_OUT);
    transfer.source = WAITS_WORLD_SINK;
    CHECK_EQUAL(waits_coordinator_try_send(&coordinator, &transfer), CORINTH_NO_LANE);
    transfer = item_for(WAITS_WORLD_HUB, 9);
    transfer.source = WAITS_WORLD_SOURCE;
    CHECK_EQUAL(waits_coordinator_try_send(&coordinator, &transfer), CORINTH_OK);
    CHECK_EQUAL(waits_coordinator_send_for(&coordinator, &transfer, 1), CORINTH_OK);
}

static void *wait_for_either(void *context)
{
    (void)context;
    uint64_t both = WAITS_SPINNER_INBOUND | WAITS_SPINNER_ROOM_TO_YIELDER;
    returned = waits_spinner_wait_for(spinner, both, CORINTH_FOREVER, &found);
    return NULL;
}

static void *wait_to_send(void *context)
{
    waits_transfer transfer = item_for(WAITS_WORLD_YIELDER, 9);
    (void)context;
    returned = waits_spinner_send(spinner, &transfer);
    return NULL;
}

static void *wait_inbound(void *context)
{
    (void)context;
    returned = waits_spinner_wait(spinner, CORINTH_FOREVER);
    return NULL;
}

/* Each of its waits, in a thread of its own, ended by each of those that may end it. */
static void run_ended(void)
{
    check_case("waits in progress are ended by a stop and by an interrupt");
    void *(*const waits[])(void *) = {wait_for_either, wait_to_send, wait_inbound};
    for (size_t i = 0; i < 2 * sizeof(waits) / sizeof(waits[0]); i++) {
        begin();
        fill_yielder();
        pthread_t thread = check_thread(waits[i / 2], NULL);
        if (i % 2 == 0) {
            CHECK_EQUAL(waits_spinner_interrupt(&coordinator, 0), CORINTH_OK);
        } else {
            CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
        }
        check_join(thread);
        CHECK_EQUAL(returned, i % 2 == 0 ? CORINTH_CANCELLED : CORINTH_STOPPED);
    }
    begin();
    fill_yielder();
    pthread_t thread = check_thread(wait_for_either, NULL);
    send_to_spinner(1);
    check_join(thread);
    CHECK_EQUAL(returned, CORINTH_OK);
    CHECK_EQUAL(found, WAITS_SPINNER_INBOUND);
    waits_transfer transfer;
    CHECK_EQUAL(waits_spinner_receive(spinner, &transfer), CORINTH_OK);
    thread = check_thread(wait_for_either, NULL);
    CHECK_EQUAL(waits_yielder_receive(yielder, &transfer), CORINTH_OK);
    check_join(thread);
    CHECK_EQUAL(found, WAITS_SPINNER_ROOM_TO_YIELDER);
}

static void *spin_on(void *context)
{
    waits_transfer transfer;
    (void)context;
    while (waits_spinner_wait(spinner, CORINTH_FOREVER) == CORINTH_OK) {
        while (waits_spinner_receive(spinner, &transfer) == CORINTH_OK) {
            transfer.target = WAITS_WORLD_YIELDER;
            CHECK_EQUAL(waits_spinner_send(spinner, &transfer), CORINTH_OK);
        }
    }
    return NULL;
}

static void *yield_on(void *context)
{
    waits_transfer transfer;
    (void)context;
    while (waits_yielder_wait(yielder, CORINTH_FOREVER) == CORINTH_OK) {
        while (waits_yielder_receive(yielder, &transfer) == CORINTH_OK) {
            transfer.target = WAITS_WORLD_SINK;
            CHECK_EQUAL(waits_yielder_send_for(yielder, &transfer, CORINTH_FOREVER), CORINTH_OK);
        }
    }
    return NULL;
}

static void *source_on(void *context)
{
    uint32_t items = (uint32_t)check_scaled(ITEMS);
    unsigned attempts = 0;
    (void)context;
    for (uint32_t i = 0; i < items; i++) {
        waits_transfer transfer = item_for(WAITS_WORLD_SPINNER, i);
        while (waits_source_send(source[0], &transfer) != CORINTH_OK) {
            check_relax(&attempts);
        }
    }
    return NULL;
}

static void run_chain(void)
{
    check_case("from a world that parks over two that don't to another that does");
    begin();
    uint32_t items = (uint32_t)check_scaled(ITEMS);
    pthread_t threads[] = {check_thread(spin_on, NULL), check_thread(yield_on, NULL),
                           check_thread(source_on, NULL)};
    for (uint32_t i = 0; i < items; i++) {
        waits_transfer transfer;
        while (waits_sink_receive(sink, &transfer) != CORINTH_OK) {
            CHECK_EQUAL(waits_sink_wait(sink, CORINTH_FOREVER), CORINTH_OK);
        }
        CHECK_EQUAL(number_of(&transfer), i);
    }
    CHECK_EQUAL(waits_coordinator_stop(&coordinator), CORINTH_OK);
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        check_join(threads[i]);
    }
}

static void *send_to_sink(void *context)
{
    waits_transfer transfer = item_for(WAITS_WORLD_SINK, 9);
    uint64_t timeout_ns = *(const uint64_t *)context;
    returned = waits_hub_send_for(hub[1], &transfer, timeout_ns);
    return NULL;
}

static bool is_asleep(const corinth_bell *bell)
{
    uint32_t sleeping = __atomic_load_n(&bell->doorbell->sleeping[0], __ATOMIC_RELAXED);
    return (sleeping & ~CORINTH_INTERNAL_BELL_FENCES) != 0;
}

/* By the time for which it looks, which is stretched here so that it can be seen. */
static void run_looks_first(void)
{
    check_case("a sender looks for room before it sleeps, for a while and within its own time");
    uint64_t timeout_ns = CORINTH_FOREVER;
    begin();
    CHECK(ROOM_TO_SINK->spin_ns == CORINTH_SPIN_NS || ROOM_TO_SINK->spin_ns == 0);
    CHECK_EQUAL(HUB_BELL->spin_ns, 0);
    ROOM_TO_SINK->spin_ns = UINT32_MAX;
    fill_sink();
    pthread_t thread = check_thread(send_to_sink, &timeout_ns);
    while (waits_coordinator_stats(&coordinator).lanes[WAITS_HUB_TO_SINK_INDEX].full == 0) {
        (void)sched_yield();
    }
    uint64_t until_ns = corinth_deadline_ns(SHORT_NS);
    while (corinth_time_left_ns(until_ns) > 0) {
        CHECK(!is_asleep(ROOM_TO_SINK));
    }
    receive_at_sink();
    check_join(thread);
    CHECK_EQUAL(returned, CORINTH_OK);
    timeout_ns = SHORT_NS;
    uint64_t before_ns = corinth_clock_ns();
    (void)send_to_sink(&timeout_ns);
    CHECK_EQUAL(returned, CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns < UINT32_MAX);
    ROOM_TO_SINK->spin_ns = 1;
    timeout_ns = LONG_NS;
    thread = check_thread(send_to_sink, &timeout_ns);
    until_asleep(ROOM_TO_SINK, 1);
    receive_at_sink();
    check_join(thread);
    CHECK_EQUAL(returned, CORINTH_OK);
}

/* Last, as it changes what this process may use. */
static void run_one_processor(void)
{
    check_case("where there is one processor only it sleeps at once");
    cpu_set_t before;
    CHECK_EQUAL(sched_getaffinity(0, sizeof(before), &before), 0);
    begin();
    CHECK_EQUAL(ROOM_TO_SINK->spin_ns, CPU_COUNT(&before) > 1 ? CORINTH_SPIN_NS : 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (size_t i = 0; CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &before)) {
            CPU_SET(i, &one);
        }
    }
    CHECK_EQUAL(sched_setaffinity(0, sizeof(one), &one), 0);
    begin();
    CHECK_EQUAL(ROOM_TO_SINK->spin_ns, 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, 60);
    check_wakeups();
    run_alone();
    run_room();
    run_ended();
    run_chain();
    run_looks_first();
    run_one_processor();
    return 0;
}
