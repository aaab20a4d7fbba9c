/*
 * Goal: nothing is lost, doubled or invented while a coordinator is stopped, started and drained
 * under load: of each lane, what was sent is exactly what was received, is in it still, or was
 * handed to the drain; and no thread gets a sender's transfers in another order.
 * Method: eight worlds of eight threads send to each other in phases. In each the coordinator is
 * stopped and started while all are at work, and then stopped; the threads meet, whatever they were
 * about to do. With no call in progress the statistics must be what was counted apart from them.
 * After every other phase what is left is drained, after the others it is received in the next
 * phase.
 */
#include "mesh_workers.h"
#include "stress.h"

#define PHASES 100u
#define STOPS_MAX 5u
/* Transfers from one stop to the next, at most. */
#define BETWEEN_STOPS_MAX 4000u
/* How often others run while the coordinator is stopped, at most. */
#define YIELDS_MAX 8u
/* A thread goes to sleep after one call in so many. */
#define CALLS_PER_NAP 64u
#define NAP_NS_MAX 100000u

static uint64_t seed;
static uint64_t sent_count;       /* atomic */
static uint32_t is_phase_over;    /* atomic */
static bool is_test_over;         /* read when all have met */
static pthread_barrier_t meeting;

/* What the drain was handed, of each lane, and last from a sender by each lane. */
static struct drained {
    lane_counts counts;
    int64_t last_number[WORLDS][SENDERS];
} drained;

static void meet(void)
{
    int answer = pthread_barrier_wait(&meeting);
    CHECK(answer == 0 || answer == PTHREAD_BARRIER_SERIAL_THREAD);
}

/* Sends and receives until the phase is over, while others stop and start the coordinator. */
static void work_for_a_phase(worker *self, check_random *random)
{
    while (corinth_internal_load_relaxed_u32(&is_phase_over) == 0) {
        corinth_status status = CORINTH_OK;
        size_t sent = worker_send(self, random, &status);
        CHECK(status == CORINTH_OK || status == CORINTH_FULL || status == CORINTH_STOPPED);
        __atomic_fetch_add(&sent_count, sent, __ATOMIC_RELAXED);
        size_t received = worker_receive(self, random);
        if (check_random_below(random, CALLS_PER_NAP) == 0) {
            uint64_t nap_ns = check_random_below(random, NAP_NS_MAX);
            status = all_calls[self->world].wait(self->port, nap_ns);
            CHECK(status == CORINTH_OK || status == CORINTH_TIMED_OUT
                  || status == CORINTH_STOPPED);
        } else if (sent + received == 0) {
            (void)sched_yield();
        }
    }
}

static void *work(void *context)
{
    worker *self = context;
    check_random random = check_random_stream(seed, self->sender);
    for (;;) {
        meet();
        if (is_test_over) {
            return NULL;
        }
        work_for_a_phase(self, &random);
        meet();
    }
}

static void await_some_transfers(check_random *random)
{
    uint64_t all = (uint64_t)SENDERS * TRANSFERS_MAX;
    uint64_t enough = __atomic_load_n(&sent_count, __ATOMIC_RELAXED)
                      + check_random_below(random, BETWEEN_STOPS_MAX);
    enough = enough < all ? enough : all;
    while (__atomic_load_n(&sent_count, __ATOMIC_RELAXED) < enough) {
        (void)sched_yield();
    }
}

/* Returns how often the coordinator was stopped. */
static uint32_t lead_a_phase(check_random *random)
{
    uint32_t stops = 1 + check_random_below(random, STOPS_MAX);
    corinth_internal_store_relaxed_u32(&is_phase_over, 0);
    CHECK_EQUAL(mesh_coordinator_start(&coordinator), CORINTH_OK);
    meet();
    for (uint32_t stop = 1; stop < stops; stop++) {
        await_some_transfers(random);
        CHECK_EQUAL(mesh_coordinator_stop(&coordinator), CORINTH_OK);
        for (uint32_t i = check_random_below(random, YIELDS_MAX); i > 0; i--) {
            (void)sched_yield();
        }
        CHECK_EQUAL(mesh_coordinator_start(&coordinator), CORINTH_OK);
    }
    await_some_transfers(random);
    CHECK_EQUAL(mesh_coordinator_stop(&coordinator), CORINTH_OK);
    corinth_internal_store_relaxed_u32(&is_phase_over, 1);
    meet();
    return stops;
}

static void take_drained(void *context, const mesh_transfer *transfer)
{
    struct drained *self = context;
    CHECK(mesh_world_is_valid(transfer->target));
    note_arrival(transfer, self->last_number[transfer->target]);
    self->counts.of[transfer->source][transfer->target]++;
}

/* What is in the lanes goes to the drain, all of it, and they are empty then. */
static void drain_all(void)
{
    uint64_t pending = mesh_coordinator_total_pending(&coordinator);
    size_t count = mesh_coordinator_drain(&coordinator, take_drained, &drained);
    CHECK_EQUAL(count, pending);
    (void)workers_check_lanes(&drained.counts);
    CHECK_EQUAL(mesh_coordinator_total_pending(&coordinator), 0);
    workers_check_arrived();
}

static void workers_start(pthread_t threads[SENDERS])
{
    CHECK_EQUAL(pthread_barrier_init(&meeting, NULL, SENDERS + 1), 0);
    for (uint32_t i = 0; i < SENDERS; i++) {
        threads[i] = check_thread(work, &workers[i]);
    }
}

static void workers_join(const pthread_t threads[SENDERS])
{
    is_test_over = true;
    meet();
    for (uint32_t i = 0; i < SENDERS; i++) {
        check_join(threads[i]);
    }
    CHECK_EQUAL(pthread_barrier_destroy(&meeting), 0);
}

static void run_phases(stress *run)
{
    check_case("8 worlds of 8 threads, stopped, started and drained: each lane adds up");
    workers_init(TRANSFERS_MAX);
    memset(&drained, 0, sizeof(drained));
    memset(drained.last_number, 0xff, sizeof(drained.last_number)); /* -1: none */
    seed = run->seed;
    sent_count = 0;
    is_test_over = false;
    check_random random = check_random_stream(seed, SENDERS);
    stress_budget budget = stress_budget_of(run);
    uint64_t phases = 0;
    uint64_t stops = 0;
    uint64_t left = 0;
    pthread_t threads[SENDERS];
    workers_start(threads);
    while (phases < check_scaled(PHASES) && stress_now_ms() < budget.end_ms) {
        stops += lead_a_phase(&random);
        CHECK_EQUAL(workers_check_lanes(&drained.counts), sent_count);
        left += mesh_coordinator_total_pending(&coordinator);
        phases++;
        if (phases % 2 == 0) {
            drain_all();
        }
    }
    workers_join(threads);
    drain_all();
    CHECK_EQUAL(mesh_coordinator_deinit(&coordinator), 0);
    printf("  %" PRIu64 " transfers, %" PRIu64 " stops, %" PRIu64 " left at the ends of phases\n",
           sent_count, stops, left);
    stress_reached(run, "phases", phases, check_scaled(PHASES));
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    while (stress_next_round(&run)) {
        run_phases(&run);
    }
    return 0;
}
