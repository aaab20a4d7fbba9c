#include "compute.h"

#include "bounds.h"
#include "server_coordinator.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

bool compute_init(compute_world *compute, server_coordinator *coordinator)
{
    *compute = (compute_world){
        .coordinator = coordinator,
        .port = server_compute_open(coordinator, 0),
    };
    return handler_init(&compute->handler, coordinator);
}

void compute_deinit(compute_world *compute)
{
    handler_deinit(&compute->handler);
}

/* Room for an answer. None once the coordinator has stopped: then no client waits for one. */
static bool reserve(compute_world *compute, server_compute_to_io_claim *claim)
{
    if (server_compute_to_io_reserve(compute->port, 1, claim) == 1) {
        return true;
    }
    if (claim->status != CORINTH_STOPPED) {
        /* io never has more requests on their way than fit into the lane back. */
        fprintf(stderr, "http_server: no room for an answer: io's credits are wrong\n");
        abort();
    }
    return false;
}

/*
 * Handles one request, in place: from its slot into that of the answer. False when there is none,
 * or no client waits for the answer; then the request stays in its lane.
 */
static bool answer_one(compute_world *compute)
{
    server_io_to_compute_batch ready;
    server_compute_to_io_claim claim;
    if (server_io_to_compute_peek(compute->port, 1, &ready) == 0) {
        return false;
    }
    if (!reserve(compute, &claim)) {
        server_io_to_compute_release(compute->port, &ready, 0);
        return false;
    }
    const server_request *request = server_transfer_unpack_request(&ready.slots[0]);
    assert(request != NULL);
    claim.slots[0].entity = ready.slots[0].entity;
    claim.slots[0].generation = ready.slots[0].generation;
    handler_answer(&compute->handler, request, server_transfer_add_response(&claim.slots[0]));
    /* In this order: where io sees an answer, it also sees the room that the request has left. It
     * sends what waits for room upon an answer, and upon nothing else. */
    server_io_to_compute_release(compute->port, &ready, 1);
    server_compute_to_io_commit(compute->port, &claim, 1);
    return true;
}

void *compute_main(void *argument)
{
    compute_world *compute = argument;
    while (server_coordinator_is_running(compute->coordinator)) {
        uint64_t begin_ns = corinth_clock_ns();
        uint32_t answered = 0;
        while (answered < LIMIT_BATCH && answer_one(compute)) {
            answered++;
        }
        if (answered == 0) {
            server_compute_wait(compute->port, CORINTH_FOREVER);
        } else {
            server_compute_record_tick(compute->port, corinth_clock_ns() - begin_ns);
        }
    }
    return NULL;
}
