/*
 * Goal: a world that receives until it is told CLOSED has received all that was sent, and one that
 * waits learns of the close.
 * Method: every execution of one thread that sends and then closes, and of one that receives: it
 * looks again and again, waits, or sleeps by the three steps; of two senders it only looks. The
 * outcome is whether it was told EMPTY before, or rung while it slept.
 */
#include "closable.h"

#include "explorer.h"
#include "ledger.h"
#include "closable_ports.h"

enum { ONE_POLLED, ONE_WAITS, ONE_COMMITS, TWO_POLLED };

static bool is_late;

static bool is_of_two(void)
{
    return value_of_case() == TWO_POLLED;
}

static corinth_status receive(void)
{
    closable_transfer transfer;
    corinth_status status = is_of_two() ? closable_pool_receive(pool, &transfer)
                                        : closable_sink_receive(sink, &transfer);
    if (status == CORINTH_OK) {
        ledger_add(&received[0], number_of(&transfer));
    }
    return status;
}

static void send_alone(void)
{
    closable_transfer transfer = numbered(ledger_number(0, 1));
    explorer_check(closable_one_to_sink_send(one, &transfer) == CORINTH_OK, "there is room");
    ledger_add(&sent[0], ledger_number(0, 1));
    closable_one_to_sink_close_sending(one);
}

static void send_beside(uint32_t index)
{
    closable_transfer transfer = numbered(ledger_number(index, 1));
    explorer_check(closable_two_to_pool_send(two[index], &transfer) == CORINTH_OK, "it has room");
    ledger_add(&sent[index], ledger_number(index, 1));
    closable_two_to_pool_close_sending(two[index]);
}

static void first(void)
{
    if (is_of_two()) {
        send_beside(0);
    } else {
        send_alone();
    }
}

static void second(void)
{
    if (is_of_two()) {
        send_beside(1);
    }
}

static void poll(void)
{
    corinth_status status = receive();
    while (status != CORINTH_CLOSED) {
        if (status == CORINTH_EMPTY) {
            is_late = true;
            explorer_pause();
        }
        status = receive();
    }
}

static corinth_status sleep_by_steps(void)
{
    uint32_t key = closable_sink_prepare_wait(sink);
    if (closable_sink_is_ready(sink) || closable_sink_is_closed(sink)) {
        closable_sink_cancel_wait(sink);
        return closable_sink_wait(sink, 0);
    }
    return closable_sink_commit_wait(sink, key, CORINTH_FOREVER);
}

static corinth_status wait_once(void)
{
    if (value_of_case() == ONE_COMMITS) {
        return sleep_by_steps();
    }
    return closable_sink_wait(sink, CORINTH_FOREVER);
}

static void wait_and_receive(void)
{
    corinth_status status = wait_once();
    while (status == CORINTH_OK) {
        while (receive() == CORINTH_OK) {
        }
        status = wait_once();
    }
    explorer_check(status == CORINTH_CLOSED, "the wait ends only by the close");
    explorer_check(receive() == CORINTH_CLOSED, "it stays closed");
}

static void receiver(void)
{
    if (value_of_case() == ONE_POLLED || value_of_case() == TWO_POLLED) {
        poll();
    } else {
        wait_and_receive();
    }
    explorer_check(received[0].rows == (is_of_two() ? 2u : 1u), "all came before the close");
}

static void note_ring(void *context)
{
    *(bool *)context = true;
}

static void setup(void)
{
    closable_setup();
    is_late = false;
    closable_sink_set_wake(sink, note_ring, &is_late);
}

static void finish(void)
{
    closable_check(is_of_two() ? CLOSABLE_TWO_TO_POOL_INDEX : CLOSABLE_ONE_TO_SINK_INDEX);
    explorer_check(drained.rows == 0, "nothing was left");
    explorer_register(0, is_late ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "close_sending",
    .source = "generated coordinator: senders that close, and a world that receives until CLOSED",
    .threads = {{"receiver", receiver}, {"first", first}, {"second", second}},
    .spared = 1u << 0 | 1u << 2, /* receiver, second */
    .setup = setup,
    .finish = finish,
    .cases = {{"one_polled", ONE_POLLED},
              {"one_waits", ONE_WAITS},
              {"one_waits_fences", ONE_WAITS | BY_FENCES},
              {"one_commits", ONE_COMMITS},
              {"two_polled", TWO_POLLED}},
    .must_see = {"0", "1"},
};
