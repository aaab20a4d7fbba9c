/*
 * Goal: under load from all sides nothing is lost, doubled or invented, and every receiver sees
 * each sender's transfers in the order of sending; counts are exact at the end.
 * Method: eight worlds of eight threads, each of which sends to all others and receives whatever
 * comes. A bit for each transfer that must exist is set by who receives it and may be set once. The
 * last one to arrive stops the coordinator, which ends all waits; a lost wake-up is a hang.
 */
#include "mesh_workers.h"
#include "stress.h"

#define TRANSFERS 8000u /* by each sender */

static uint64_t seed;
static uint64_t total;
static uint64_t arrived_count; /* atomic */

static void *work(void *context)
{
    worker *self = context;
    check_random random = check_random_stream(seed, self->sender);
    corinth_status status = CORINTH_OK;
    while (status != CORINTH_STOPPED) {
        bool has_more = worker_has_more(self);
        size_t moved = 0;
        if (has_more) {
            moved = worker_send(self, &random, &status);
            CHECK(status == CORINTH_OK || status == CORINTH_FULL);
        }
        size_t count = worker_receive(self, &random);
        if (count > 0
            && __atomic_add_fetch(&arrived_count, count, __ATOMIC_ACQ_REL) == total) {
            CHECK_EQUAL(mesh_coordinator_stop(&coordinator), CORINTH_OK);
        }
        moved += count;
        if (moved == 0 && has_more) {
            (void)sched_yield();
        } else if (moved == 0) {
            status = all_calls[self->world].wait(self->port, CORINTH_FOREVER);
        }
    }
    return NULL;
}

static void run_mesh(stress *run)
{
    static const lane_counts nothing;
    pthread_t threads[SENDERS];
    check_case("8 worlds of 8 threads: each transfer arrives exactly once, in its sender's order");
    workers_init((uint32_t)check_scaled(TRANSFERS));
    seed = run->seed;
    total = SENDERS * check_scaled(TRANSFERS);
    arrived_count = 0;
    CHECK_EQUAL(mesh_coordinator_start(&coordinator), CORINTH_OK);
    for (uint32_t i = 0; i < SENDERS; i++) {
        threads[i] = check_thread(work, &workers[i]);
    }
    for (uint32_t i = 0; i < SENDERS; i++) {
        check_join(threads[i]);
    }
    CHECK_EQUAL(arrived_count, total);
    CHECK_EQUAL(workers_check_lanes(&nothing), total);
    CHECK_EQUAL(mesh_coordinator_total_pending(&coordinator), 0);
    workers_check_arrived();
    CHECK_EQUAL(mesh_coordinator_deinit(&coordinator), 0);
    stress_reached(run, "transfers", arrived_count, total);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    check_wakeups();
    while (stress_next_round(&run)) {
        run_mesh(&run);
    }
    return 0;
}
