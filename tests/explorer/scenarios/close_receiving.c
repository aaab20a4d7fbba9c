/*
 * Goal: where no port receives any more, sends return CLOSED, threads that wait for room as well,
 * and each transfer that was sent was received or is handed over.
 * Method: every execution of senders beside receivers that close: a sender that fails in a full
 * lane; one that waits for room; one that waits for room which another one's open claim keeps, so
 * that no release would wake it; and two receivers, which keep a part of a batch or find nothing.
 * The outcome is whether the last send came before the close, or the last receiver handed over
 * something.
 */
#include "closable.h"

#include "explorer.h"
#include "ledger.h"
#include "closable_ports.h"

enum { FAILS, WAITS, KEPT_OUT, BOTH_CLOSE };

static corinth_status last_status;
static closable_two_to_pool_claim claim;

static corinth_status send_to(uint32_t item)
{
    closable_transfer transfer = numbered(ledger_number(0, item));
    switch (value_of_case()) {
    case FAILS:
        return closable_one_to_sink_send(one, &transfer);
    case BOTH_CLOSE:
        return closable_one_to_team_send(one, &transfer);
    default:
        return closable_two_to_pool_send(two[0], &transfer);
    }
}

static void send(uint32_t item)
{
    last_status = send_to(item);
    if (last_status == CORINTH_OK) {
        ledger_add(&sent[0], ledger_number(0, item));
    }
}

static void sender(void)
{
    if (value_of_case() == BOTH_CLOSE) {
        return; /* The receivers alone make enough executions. */
    }
    send(3);
    bool is_told = last_status == CORINTH_CLOSED;
    bool may_be_full = value_of_case() == FAILS;
    explorer_check(is_told || last_status == CORINTH_OK
                       || (may_be_full && last_status == CORINTH_FULL),
                   "it ends");
    explorer_check(is_told || value_of_case() != KEPT_OUT, "there is no room");
    send(4);
    explorer_check(!is_told || last_status == CORINTH_CLOSED, "for good");
}

static void close_sink(void)
{
    closable_transfer transfer;
    if (closable_one_to_sink_receive(sink, &transfer) == CORINTH_OK) {
        ledger_add(&received[0], number_of(&transfer));
    }
    closable_one_to_sink_close_receiving(sink);
    explorer_check(closable_one_to_sink_receive(sink, &transfer) == CORINTH_CLOSED, "for good");
}

/* Receives one of up to two; the other one it keeps. */
static void close_team(uint32_t index)
{
    closable_one_to_team_batch batch;
    if (closable_one_to_team_peek(team[index], 2, &batch) > 0) {
        ledger_add(&received[index], number_of(&batch.slots[0]));
        closable_one_to_team_release(team[index], &batch, 1);
    }
    closable_one_to_team_close_receiving(team[index]);
}

static void receiver(void)
{
    if (value_of_case() == FAILS) {
        close_sink();
    } else if (value_of_case() == BOTH_CLOSE) {
        close_team(0);
    } else {
        closable_two_to_pool_close_receiving(pool);
    }
}

static void other(void)
{
    if (value_of_case() == BOTH_CLOSE) {
        close_team(1);
    }
}

static void setup(void)
{
    closable_setup();
    if (value_of_case() == KEPT_OUT) {
        explorer_check(closable_two_to_pool_reserve(two[1], 2, &claim) == 2, "it is empty");
    } else {
        send(1);
        send(2);
    }
}

static void finish(void)
{
    if (value_of_case() == KEPT_OUT) {
        closable_two_to_pool_abort(two[1], &claim);
    }
    size_t lanes[] = {CLOSABLE_ONE_TO_SINK_INDEX, CLOSABLE_TWO_TO_POOL_INDEX,
                      CLOSABLE_TWO_TO_POOL_INDEX, CLOSABLE_ONE_TO_TEAM_INDEX};
    closable_check(lanes[value_of_case()]);
    explorer_register(0, (int64_t)ledger_rows(sent));
}

const explorer_program_form explorer_program = {
    .name = "close_receiving",
    .source = "generated coordinator: senders beside receivers that close",
    .threads = {{"sender", sender}, {"receiver", receiver}, {"other", other}},
    .spared = 1u << 0 | 1u << 2, /* sender, other */
    .setup = setup,
    .finish = finish,
    .cases = {{"fails", FAILS},
              {"waits", WAITS},
              {"waits_fences", WAITS | BY_FENCES},
              {"kept_out", KEPT_OUT},
              {"kept_out_fences", KEPT_OUT | BY_FENCES},
              {"both_close", BOTH_CLOSE}},
};
