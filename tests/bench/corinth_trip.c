/*
 * corinth_trip.c - the round trip over two generated lanes, one item a call: copying, and in place.
 */
#include "bench.h"

#include "lanes.h"
#include "loops.h"

/* The calls of the two kinds of lane differ in their names only. */
#if BENCH_IS_MPMC
#define KIND " MPMC"
#define WORLD_CALLER BENCH_WORLD_CALLERS
#define WORLD_ECHO BENCH_WORLD_ECHOES
typedef bench_callers_port caller_port;
typedef bench_echoes_port echo_port;
typedef bench_callers_to_echoes_claim there_claim;
typedef bench_callers_to_echoes_batch there_batch;
typedef bench_echoes_to_callers_claim back_claim;
typedef bench_echoes_to_callers_batch back_batch;
#define caller_open bench_callers_open
#define caller_send bench_callers_send
#define caller_receive bench_callers_receive
#define echo_open bench_echoes_open
#define echo_send bench_echoes_send
#define echo_receive bench_echoes_receive
#define there_reserve bench_callers_to_echoes_reserve
#define there_commit bench_callers_to_echoes_commit
#define there_peek bench_callers_to_echoes_peek
#define there_release bench_callers_to_echoes_release
#define back_reserve bench_echoes_to_callers_reserve
#define back_place bench_echoes_to_callers_place
#define back_commit bench_echoes_to_callers_commit
#define back_peek bench_echoes_to_callers_peek
#define back_release bench_echoes_to_callers_release
#else
#define KIND " SPSC"
#define WORLD_CALLER BENCH_WORLD_CALLER
#define WORLD_ECHO BENCH_WORLD_ECHO
typedef bench_caller_port caller_port;
typedef bench_echo_port echo_port;
typedef bench_caller_to_echo_claim there_claim;
typedef bench_caller_to_echo_batch there_batch;
typedef bench_echo_to_caller_claim back_claim;
typedef bench_echo_to_caller_batch back_batch;
#define caller_open bench_caller_open
#define caller_send bench_caller_send
#define caller_receive bench_caller_receive
#define echo_open bench_echo_open
#define echo_send bench_echo_send
#define echo_receive bench_echo_receive
#define there_reserve bench_caller_to_echo_reserve
#define there_commit bench_caller_to_echo_commit
#define there_peek bench_caller_to_echo_peek
#define there_release bench_caller_to_echo_release
#define back_reserve bench_echo_to_caller_reserve
#define back_place bench_echo_to_caller_place
#define back_commit bench_echo_to_caller_commit
#define back_peek bench_echo_to_caller_peek
#define back_release bench_echo_to_caller_release
#endif

static void call(void *queue, bench_side *side)
{
    caller_port *port = caller_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfer;
    bench_transfer returned;
    bench_transfer_init(&transfer, WORLD_CALLER, WORLD_ECHO);
    uint64_t begin_ns = bench_now_ns();
    for (uint64_t i = 0; i < side->items; i++) {
        write_transfer(&transfer, side, i);
        while (caller_send(port, &transfer) != CORINTH_OK) {
        }
        while (caller_receive(port, &returned) != CORINTH_OK) {
        }
        read_transfer(side, &returned);
        uint64_t end_ns = bench_now_ns();
        side->trips_ns[i] = end_ns - begin_ns;
        begin_ns = end_ns;
    }
}

static void echo(void *queue, bench_side *side)
{
    echo_port *port = echo_open((bench_coordinator *)queue, side->thread);
    bench_transfer transfer;
    for (uint64_t i = 0; i < side->items; i++) {
        while (echo_receive(port, &transfer) != CORINTH_OK) {
        }
        read_transfer(side, &transfer);
        transfer.target = WORLD_CALLER;
        while (echo_send(port, &transfer) != CORINTH_OK) {
        }
    }
}

static void call_in_place(void *queue, bench_side *side)
{
    caller_port *port = caller_open((bench_coordinator *)queue, side->thread);
    there_claim claim;
    back_batch batch;
    uint64_t begin_ns = bench_now_ns();
    for (uint64_t i = 0; i < side->items; i++) {
        while (there_reserve(port, 1, &claim) == 0) {
        }
        write_transfer(&claim.slots[0], side, i);
        there_commit(port, &claim, 1);
        while (back_peek(port, 1, &batch) == 0) {
        }
        read_transfer(side, &batch.slots[0]);
        back_release(port, &batch, 1);
        uint64_t end_ns = bench_now_ns();
        side->trips_ns[i] = end_ns - begin_ns;
        begin_ns = end_ns;
    }
}

/* From the slot in which it came into the one in which it goes back. */
static void echo_in_place(void *queue, bench_side *side)
{
    echo_port *port = echo_open((bench_coordinator *)queue, side->thread);
    there_batch batch;
    back_claim claim;
    for (uint64_t i = 0; i < side->items; i++) {
        while (there_peek(port, 1, &batch) == 0) {
        }
        read_transfer(side, &batch.slots[0]);
        while (back_reserve(port, 1, &claim) == 0) {
        }
        back_place(&claim, 0, &batch.slots[0]);
        back_commit(port, &claim, 1);
        there_release(port, &batch, 1);
    }
}

#define COMMON 1, true, false, BENCH_BYTES, BENCH_CAPACITY, create, destroy
#define COMMON_COPYING 1, false, false, BENCH_BYTES, BENCH_CAPACITY, create, destroy

static const bench_contender contenders[] = {
    {"Corinth in place" KIND, "reserve, commit; peek, release", "trip", COMMON, call_in_place,
     echo_in_place},
    {"Corinth copying" KIND, "send; receive", "trip", COMMON_COPYING, call, echo},
};
BENCH_REGISTER(contenders);
