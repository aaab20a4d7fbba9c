/*
 * Goal: a send into a full lane that waits for room sleeps as long as it may and no longer, is
 * woken by a release and by a stop, and moves what it says it moved.
 * Method: small lanes. Times are checked from below only, so that a busy machine is no
 * fault; a wake-up that is lost shows as a time-out of many seconds. Then senders and a receiver
 * sleep in turns, at random offsets.
 */
#include "stress.h"

#include "rooms.h"

#define MILLISECOND_NS UINT64_C(1000000)
#define SHORT_NS (5 * MILLISECOND_NS)
/* So long a wait lasts only if it was forgotten. */
#define LONG_NS (8000 * MILLISECOND_NS)
#define SLOTS 4u
#define BATCH 40u
#define PAUSE_MAX 200u
#define MOVED 100000u
#define SENDERS ROOMS_SOURCE_THREADS

static rooms_coordinator coordinator;
static rooms_source_port *sources[SENDERS];
static rooms_patient_port *patient;
static rooms_hasty_port *hasty;
static rooms_mixed_port *mixed;

static void begin(bool is_fenced)
{
    CHECK_EQUAL(rooms_coordinator_init(&coordinator), CORINTH_OK);
    if (is_fenced) {
        rooms_coordinator_use_fences(&coordinator);
    }
    for (uint32_t index = 0; index < SENDERS; index++) {
        sources[index] = rooms_source_open(&coordinator, index);
    }
    patient = rooms_patient_open(&coordinator, 0);
    hasty = rooms_hasty_open(&coordinator, 0);
    mixed = rooms_mixed_open(&coordinator, 0);
    CHECK_EQUAL(rooms_coordinator_start(&coordinator), CORINTH_OK);
}

static rooms_transfer item(rooms_world target, uint32_t number)
{
    rooms_transfer transfer;
    rooms_transfer_init(&transfer, ROOMS_WORLD_SOURCE, target);
    rooms_transfer_pack_item(&transfer, &(rooms_item){.sender = 0, .number = number});
    return transfer;
}

static void fill(rooms_world target)
{
    for (uint32_t number = 0; number < SLOTS; number++) {
        rooms_transfer transfer = item(target, number);
        CHECK_EQUAL(rooms_source_try_send(sources[0], &transfer), CORINTH_OK);
    }
}

static void run_times(void)
{
    check_case("a send waits as long as it is told, or as its lane says");
    begin(false);
    fill(ROOMS_WORLD_PATIENT);
    rooms_transfer transfer = item(ROOMS_WORLD_PATIENT, SLOTS);
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(rooms_source_try_send(sources[0], &transfer), CORINTH_FULL);
    CHECK_EQUAL(rooms_source_to_patient_try_send(sources[0], &transfer), CORINTH_FULL);
    CHECK_EQUAL(rooms_source_send_for(sources[0], &transfer, 0), CORINTH_FULL);
    CHECK_EQUAL(rooms_source_send_for(sources[0], &transfer, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= SHORT_NS);
    CHECK_EQUAL(
        rooms_source_to_patient_send_for(sources[0], &transfer, SHORT_NS), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= 2 * SHORT_NS);

    fill(ROOMS_WORLD_HASTY);
    rooms_source_to_hasty_claim claim;
    transfer = item(ROOMS_WORLD_HASTY, SLOTS);
    before_ns = corinth_clock_ns();
    CHECK_EQUAL(rooms_source_send(sources[0], &transfer), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= ROOMS_SOURCE_TO_HASTY_DEADLINE_NS);
    CHECK_EQUAL(rooms_source_to_hasty_reserve(sources[0], 1, &claim), 0);
    CHECK_EQUAL(claim.status, CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= 2 * ROOMS_SOURCE_TO_HASTY_DEADLINE_NS);
}

static void run_classes(void)
{
    check_case("of a lane with priority the class waits that says so");
    begin(false);
    fill(ROOMS_WORLD_MIXED);
    rooms_transfer transfer = item(ROOMS_WORLD_MIXED, SLOTS);
    CHECK_EQUAL(rooms_source_send(sources[0], &transfer), CORINTH_FULL);
    CHECK_EQUAL(rooms_source_send_for(sources[0], &transfer, LONG_NS), CORINTH_FULL);
    transfer.flags = ROOMS_TRANSFER_PRIORITY;
    for (uint32_t i = 0; i < ROOMS_SOURCE_TO_MIXED_PRIORITY_CAPACITY; i++) {
        CHECK_EQUAL(rooms_source_send(sources[0], &transfer), CORINTH_OK);
    }
    uint64_t before_ns = corinth_clock_ns();
    CHECK_EQUAL(rooms_source_send(sources[0], &transfer), CORINTH_TIMED_OUT);
    CHECK(corinth_clock_ns() - before_ns >= ROOMS_SOURCE_TO_MIXED_DEADLINE_NS);
    CHECK_EQUAL(rooms_mixed_receive(mixed, &transfer), CORINTH_OK);
    CHECK_EQUAL(transfer.flags, ROOMS_TRANSFER_PRIORITY);
    transfer.target = ROOMS_WORLD_MIXED;
    CHECK_EQUAL(rooms_source_send(sources[0], &transfer), CORINTH_OK);
}

/* Another thread's send, which waits. */
typedef struct waiting {
    uint32_t index; /* of its port */
    rooms_world target;
    corinth_status status;
    bool is_woken; /* before its time was over: a last look finds room even then */
} waiting;

static void *wait_in_send(void *context)
{
    waiting *own = (waiting *)context;
    rooms_transfer transfer = item(own->target, SLOTS);
    uint64_t before_ns = corinth_clock_ns();
    own->status = rooms_source_send_for(sources[own->index], &transfer, LONG_NS);
    own->is_woken = corinth_clock_ns() - before_ns < LONG_NS;
    return NULL;
}

/* So long that the other thread usually sleeps by then. */
static void linger(void)
{
    const struct timespec pause = {0, (long)SHORT_NS};
    (void)nanosleep(&pause, NULL);
}

static void run_wakes(bool is_fenced)
{
    check_case("a release wakes who waits for that lane, and a stop all");
    begin(is_fenced);
    fill(ROOMS_WORLD_PATIENT);
    fill(ROOMS_WORLD_HASTY);
    rooms_transfer transfer;
    waiting own = {1, ROOMS_WORLD_HASTY, CORINTH_OK, false};
    pthread_t thread = check_thread(wait_in_send, &own);
    linger();
    CHECK_EQUAL(rooms_hasty_receive(hasty, &transfer), CORINTH_OK);
    check_join(thread);
    CHECK_EQUAL(own.status, CORINTH_OK);
    CHECK(own.is_woken);

    own.target = ROOMS_WORLD_PATIENT;
    thread = check_thread(wait_in_send, &own);
    linger();
    CHECK_EQUAL(rooms_patient_receive(patient, &transfer), CORINTH_OK);
    check_join(thread);
    CHECK_EQUAL(own.status, CORINTH_OK);
    CHECK(own.is_woken);

    thread = check_thread(wait_in_send, &own);
    linger();
    CHECK_EQUAL(rooms_coordinator_stop(&coordinator), CORINTH_OK);
    check_join(thread);
    CHECK_EQUAL(own.status, CORINTH_STOPPED);
    CHECK(own.is_woken);
}

static void run_wakes_all(bool is_fenced)
{
    check_case("a release of several slots wakes all who wait for them");
    begin(is_fenced);
    fill(ROOMS_WORLD_PATIENT);
    waiting own[SENDERS];
    pthread_t threads[SENDERS];
    for (uint32_t index = 0; index < SENDERS; index++) {
        own[index] = (waiting){index, ROOMS_WORLD_PATIENT, CORINTH_FULL, false};
        threads[index] = check_thread(wait_in_send, &own[index]);
    }
    linger();
    rooms_source_to_patient_batch batch;
    CHECK_EQUAL(rooms_source_to_patient_peek(patient, SLOTS, &batch), SLOTS);
    rooms_source_to_patient_release(patient, &batch, SLOTS);
    for (uint32_t index = 0; index < SENDERS; index++) {
        check_join(threads[index]);
        CHECK_EQUAL(own[index].status, CORINTH_OK);
        CHECK(own[index].is_woken);
    }
}

static void *receive_slowly(void *context)
{
    uint32_t *is_done = (uint32_t *)context;
    rooms_transfer transfer;
    while (__atomic_load_n(is_done, __ATOMIC_ACQUIRE) == 0) {
        const struct timespec pause = {0, (long)(ROOMS_SOURCE_TO_HASTY_DEADLINE_NS / 2)};
        (void)nanosleep(&pause, NULL);
        (void)rooms_hasty_receive(hasty, &transfer);
    }
    return NULL;
}

/* If each part had its own, all of them would move: room comes before it is over. */
static void run_one_deadline(void)
{
    check_case("a batch has one deadline");
    begin(false);
    fill(ROOMS_WORLD_HASTY);
    rooms_transfer transfers[BATCH];
    for (uint32_t i = 0; i < BATCH; i++) {
        transfers[i] = item(ROOMS_WORLD_HASTY, SLOTS + i);
    }
    uint32_t is_done = 0;
    size_t sent = 0;
    pthread_t thread = check_thread(receive_slowly, &is_done);
    corinth_status status = rooms_source_send_batch(sources[0], transfers, BATCH, &sent);
    __atomic_store_n(&is_done, 1, __ATOMIC_RELEASE);
    check_join(thread);
    CHECK_EQUAL(status, CORINTH_TIMED_OUT);
    CHECK(sent < BATCH);
    rooms_coordinator_snapshot stats = rooms_coordinator_stats(&coordinator);
    CHECK_EQUAL(stats.lanes[ROOMS_SOURCE_TO_HASTY_INDEX].sent, SLOTS + sent);
}

/* Room in one lane, and later in another. */
typedef struct releases {
    uint32_t is_done; /* atomic; nothing waits for the later one any more */
    bool is_hasty_first;
} releases;

static void *release_in_turns(void *context)
{
    releases *own = (releases *)context;
    rooms_transfer transfer;
    linger();
    (void)(own->is_hasty_first ? rooms_hasty_receive(hasty, &transfer)
                               : rooms_patient_receive(patient, &transfer));
    /* One deadline and more; or so long that a wait which ends by this was forgotten. */
    uint64_t later_ns = own->is_hasty_first ? 2 * ROOMS_SOURCE_TO_HASTY_DEADLINE_NS : LONG_NS;
    uint64_t until_ns = corinth_deadline_ns(later_ns);
    while (corinth_time_left_ns(until_ns) > 0
           && __atomic_load_n(&own->is_done, __ATOMIC_ACQUIRE) == 0) {
        linger();
    }
    (void)(own->is_hasty_first ? rooms_patient_receive(patient, &transfer)
                               : rooms_hasty_receive(hasty, &transfer));
    return NULL;
}

static corinth_status send_to_both(bool is_hasty_first, size_t *sent)
{
    begin(false);
    fill(ROOMS_WORLD_PATIENT);
    fill(ROOMS_WORLD_HASTY);
    const rooms_transfer transfers[2] = {
        item(is_hasty_first ? ROOMS_WORLD_HASTY : ROOMS_WORLD_PATIENT, SLOTS),
        item(is_hasty_first ? ROOMS_WORLD_PATIENT : ROOMS_WORLD_HASTY, SLOTS),
    };
    releases own = {0, is_hasty_first};
    pthread_t thread = check_thread(release_in_turns, &own);
    corinth_status status = rooms_source_send_batch(sources[0], transfers, 2, sent);
    __atomic_store_n(&own.is_done, 1, __ATOMIC_RELEASE);
    check_join(thread);
    return status;
}

/* Which lane is found full first doesn't matter. */
static void run_deadlines_of_lanes(void)
{
    check_case("a batch waits in each lane as long as that lane says");
    size_t sent = 0;
    CHECK_EQUAL(send_to_both(false, &sent), CORINTH_TIMED_OUT);
    CHECK_EQUAL(sent, 1);
    corinth_status status = CORINTH_TIMED_OUT;
    sent = 0;
    while (sent == 0) {
        /* On a busy machine the first one's time may be over before there is room. */
        status = send_to_both(true, &sent);
    }
    CHECK_EQUAL(status, CORINTH_OK);
    CHECK_EQUAL(sent, 2);
}

/* A sender that sends as long as there is time, and how often it moved something. */
typedef struct sending {
    const stress *run;
    uint32_t index;
    uint32_t moved;
    bool has_ended;
} sending;

static void *send_all(void *context)
{
    sending *own = (sending *)context;
    check_random random = check_random_stream(own->run->seed, own->index);
    stress_budget budget = stress_budget_of(own->run);
    uint32_t steps = 0;
    uint32_t most = (uint32_t)check_scaled(MOVED);
    while (own->moved < most && stress_has_time(&budget, &steps)) {
        rooms_transfer transfer;
        rooms_transfer_init(&transfer, ROOMS_WORLD_SOURCE, ROOMS_WORLD_PATIENT);
        rooms_transfer_pack_item(
            &transfer, &(rooms_item){.sender = own->index, .number = own->moved + 1});
        CHECK_EQUAL(rooms_source_send(sources[own->index], &transfer), CORINTH_OK);
        own->moved++;
        check_linger(&random, PAUSE_MAX);
    }
    __atomic_store_n(&own->has_ended, true, __ATOMIC_RELEASE);
    return NULL;
}

static bool has_ended(const sending *own)
{
    return __atomic_load_n(&own->has_ended, __ATOMIC_ACQUIRE);
}

static void run_stress(stress *run, bool is_fenced)
{
    check_case(is_fenced ? "senders and a receiver sleep in turns, by fences"
                         : "senders and a receiver sleep in turns");
    begin(is_fenced);
    sending own[SENDERS];
    pthread_t threads[SENDERS];
    uint32_t last[SENDERS] = {0};
    uint64_t received = 0;
    for (uint32_t index = 0; index < SENDERS; index++) {
        own[index] = (sending){run, index, 0, false};
        threads[index] = check_thread(send_all, &own[index]);
    }
    check_random random = check_random_stream(run->seed, SENDERS);
    bool is_over = false;
    while (!is_over) {
        /* Before the look, which then finds all that they sent. */
        bool has_all = true;
        for (uint32_t index = 0; index < SENDERS; index++) {
            has_all = has_all && has_ended(&own[index]);
        }
        rooms_transfer transfer;
        if (rooms_patient_receive(patient, &transfer) == CORINTH_OK) {
            const rooms_item *got = rooms_transfer_unpack_item(&transfer);
            CHECK(got != NULL && got->sender < SENDERS);
            CHECK_EQUAL(got->number, last[got->sender] + 1);
            last[got->sender] = got->number;
            received++;
            check_linger(&random, PAUSE_MAX);
        } else {
            is_over = has_all;
            (void)rooms_patient_wait(patient, SHORT_NS);
        }
    }
    for (uint32_t index = 0; index < SENDERS; index++) {
        check_join(threads[index]);
        CHECK_EQUAL(last[index], own[index].moved);
    }
    stress_reached(run, "transfers", received, received);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    run_times();
    run_classes();
    run_wakes(false);
    run_wakes(true);
    run_wakes_all(false);
    run_wakes_all(true);
    run_one_deadline();
    run_deadlines_of_lanes();
    while (stress_next_round(&run)) {
        run_stress(&run, false);
        run_stress(&run, true);
    }
    return 0;
}
