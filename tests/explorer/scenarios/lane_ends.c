/*
 * Goal: a world that waits is told that one of the lanes into it has ended, and finds it closed
 * then, with all that was sent received; it is told again where the lane ends after a next start;
 * and after the last end no wait sleeps.
 * Method: every execution of a receiver that waits beside a sender that sends and closes, one that
 * starts the coordinator again and closes, or two that close a lane each. The outcome is whether
 * the receiver was rung while it slept.
 */
#include "ending.h"

#include "explorer.h"
#include "modes.h"

enum { ONE_ENDS, ENDS_AGAIN, BOTH_END };

static ending_coordinator coordinator;
static ending_first_port *first_port;
static ending_second_port *second_port;
static ending_sink_port *sink;
static uint32_t rings; /* atomic: two may ring at the same time */
static uint32_t received;

static void first(void)
{
    if (value_of_case() == ONE_ENDS) {
        ending_transfer transfer;
        ending_transfer_init(&transfer, ENDING_WORLD_FIRST, ENDING_WORLD_SINK);
        explorer_check(ending_first_send(first_port, &transfer) == CORINTH_OK, "there is room");
    } else if (value_of_case() == ENDS_AGAIN) {
        explorer_check(ending_coordinator_start(&coordinator) == CORINTH_OK, "as ever");
    }
    ending_first_to_sink_close_sending(first_port);
}

static void second(void)
{
    if (value_of_case() == BOTH_END) {
        ending_second_to_sink_close_sending(second_port);
    }
}

static corinth_status receive_first(void)
{
    ending_transfer transfer;
    corinth_status status = ending_first_to_sink_receive(sink, &transfer);
    while (status == CORINTH_OK) {
        received++;
        status = ending_first_to_sink_receive(sink, &transfer);
    }
    return status;
}

/* Waits and looks until the first lane is closed; from before a start on. */
static void await_first(void)
{
    corinth_status status = CORINTH_EMPTY;
    while (status != CORINTH_CLOSED) {
        corinth_status woken = ending_sink_wait(sink, CORINTH_FOREVER);
        bool is_early = woken == CORINTH_STOPPED && value_of_case() == ENDS_AGAIN;
        explorer_check(is_early || woken == CORINTH_OK, "the lane isn't the last");
        if (is_early) {
            explorer_pause();
        } else {
            status = receive_first();
        }
    }
}

static void await_both(void)
{
    uint32_t told = 0;
    while (ending_sink_wait(sink, CORINTH_FOREVER) == CORINTH_OK) {
        told++;
    }
    explorer_check(told <= 1, "of the last one it is told by CLOSED");
    explorer_check(receive_first() == CORINTH_CLOSED, "all are");
    explorer_check(ending_sink_is_closed(sink), "for good");
}

static void receiver(void)
{
    if (value_of_case() == BOTH_END) {
        await_both();
    } else {
        await_first();
        explorer_check(received == (value_of_case() == ONE_ENDS ? 1u : 0u), "all came before");
    }
}

static void note_ring(void *context)
{
    (void)__atomic_fetch_add((uint32_t *)context, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
    rings = 0;
    received = 0;
    ending_coordinator_init(&coordinator);
    if (is_by_fences()) {
        ending_coordinator_use_fences(&coordinator);
    }
    first_port = ending_first_open(&coordinator, 0);
    second_port = ending_second_open(&coordinator, 0);
    sink = ending_sink_open(&coordinator, 0);
    ending_sink_set_wake(sink, note_ring, &rings);
    ending_coordinator_start(&coordinator);
    if (value_of_case() == ENDS_AGAIN) {
        ending_first_to_sink_close_sending(first_port);
        explorer_check(ending_sink_wait(sink, 0) == CORINTH_OK, "it is told");
        ending_coordinator_stop(&coordinator);
        explorer_check(ending_sink_wait(sink, 0) == CORINTH_STOPPED, "once");
    }
}

static void finish(void)
{
    bool is_last = value_of_case() == BOTH_END;
    corinth_status expected = is_last ? CORINTH_CLOSED : CORINTH_TIMED_OUT;
    /* Where it found the lane closed beside a transfer it is told by the next wait. */
    (void)ending_sink_wait(sink, 0);
    explorer_check(ending_sink_wait(sink, 0) == expected, "it is told once");
    explorer_register(0, rings > 0 ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "lane_ends",
    .source = "generated coordinator: two lanes into a world that waits, which end by themselves",
    .threads = {{"receiver", receiver}, {"first", first}, {"second", second}},
    /* receiver; and second, which does something by fences only */
    .spared = 1u << 0 | 1u << 2,
    .setup = setup,
    .finish = finish,
    .cases = {{"one_ends", ONE_ENDS},
              {"one_ends_fences", ONE_ENDS | BY_FENCES},
              {"ends_again", ENDS_AGAIN},
              {"ends_again_fences", ENDS_AGAIN | BY_FENCES},
              {"both_end_fences", BOTH_END | BY_FENCES}},
    .must_see = {"0", "1"},
};
