/*
 * Goal: a world that has sent something is served before another one had more than a turn, which
 * lasts as many transfers as its lane's weight says; and EMPTY is not returned meanwhile.
 * Method: every execution of two worlds that send and one that receives, one by one or in batches.
 * The senders say how much they have sent; what the receiver knows of before it receives must come
 * in time. The outcome is how many transfers of the other world either one had to wait for.
 */
#include "turns.h"

#include "explorer.h"
#include "ledger.h"

enum { HEAVY, LIGHT, SOURCES };
enum { ONE_BY_ONE, IN_BATCHES };

#define HEAVY_ITEMS 3u
#define LIGHT_ITEMS 2u
#define RECEIVES 4u
#define RECEIVED_AT_ONCE 2u

CORINTH_STATIC_ASSERT(TURNS_HEAVY_TO_MIDDLE_BATCH_SIZE == 1, "a turn is as long in batches");
CORINTH_STATIC_ASSERT(TURNS_LIGHT_TO_MIDDLE_BATCH_SIZE == 1, "a turn is as long in batches");

static const uint32_t turn_length[SOURCES] = {
    TURNS_HEAVY_TO_MIDDLE_WEIGHT, TURNS_LIGHT_TO_MIDDLE_WEIGHT};

static turns_coordinator coordinator;
static turns_heavy_port *heavy;
static turns_light_port *light;
static turns_middle_port *middle;
static uint32_t sent_so_far[SOURCES]; /* atomic */
static uint32_t arrived[SOURCES];     /* the receiver's, as the following */
static uint32_t waits[SOURCES];       /* received of the other one while this one was known of */
static uint32_t longest_wait[SOURCES];

static turns_transfer item_of(uint32_t source, uint32_t item)
{
    turns_transfer transfer;
    turns_transfer_init(&transfer, TURNS_ROUTE_NONE, TURNS_WORLD_MIDDLE);
    turns_transfer_pack_item(&transfer, &(turns_item){.number = ledger_number(source, item)});
    return transfer;
}

static void note_sent(uint32_t source, uint32_t item, corinth_status status)
{
    explorer_check(status == CORINTH_OK, "there is room");
    ledger_add(&sent[source], ledger_number(source, item));
    __atomic_store_n(&sent_so_far[source], item, __ATOMIC_RELEASE);
}

static void heavy_sender(void)
{
    for (uint32_t item = 1; item <= HEAVY_ITEMS; item++) {
        turns_transfer transfer = item_of(HEAVY, item);
        note_sent(HEAVY, item, turns_heavy_send(heavy, &transfer));
    }
}

static void light_sender(void)
{
    for (uint32_t item = 1; item <= LIGHT_ITEMS; item++) {
        turns_transfer transfer = item_of(LIGHT, item);
        note_sent(LIGHT, item, turns_light_send(light, &transfer));
    }
}

static uint32_t number_of(const turns_transfer *transfer)
{
    const turns_item *item = turns_transfer_unpack_item(transfer);
    explorer_check(item != NULL && item->number < ledger_number(SOURCES, 0), "it was sent");
    return item->number;
}

/* Judges one transfer that arrived; `known` is how many each had sent before it was asked for. */
static void take(const turns_transfer *transfer, const uint32_t known[SOURCES])
{
    uint32_t number = number_of(transfer);
    uint32_t source = number / 10;
    uint32_t other = source == HEAVY ? LIGHT : HEAVY;
    ledger_add(&received[0], number);
    arrived[source]++;
    waits[source] = 0;
    waits[other] = known[other] > arrived[other] ? waits[other] + 1 : 0;
    explorer_check(waits[other] <= turn_length[source], "no lane waits longer than a turn");
    if (waits[other] > longest_wait[other]) {
        longest_wait[other] = waits[other];
    }
}

static size_t receive(turns_transfer *out)
{
    if (explorer_value() == IN_BATCHES) {
        return turns_middle_receive_batch(middle, out, RECEIVED_AT_ONCE);
    }
    return turns_middle_receive(middle, out) == CORINTH_OK ? 1 : 0;
}

static void receiver(void)
{
    for (unsigned i = 0; i < RECEIVES; i++) {
        turns_transfer out[RECEIVED_AT_ONCE];
        uint32_t known[SOURCES];
        for (unsigned source = 0; source < SOURCES; source++) {
            known[source] = __atomic_load_n(&sent_so_far[source], __ATOMIC_ACQUIRE);
        }
        size_t count = receive(out);
        bool is_one_known = known[HEAVY] > arrived[HEAVY] || known[LIGHT] > arrived[LIGHT];
        explorer_check(count > 0 || !is_one_known, "not EMPTY while there is something");
        for (size_t j = 0; j < count; j++) {
            take(&out[j], known);
        }
    }
}

static void setup(void)
{
    ledger_clear();
    for (unsigned source = 0; source < SOURCES; source++) {
        sent_so_far[source] = 0;
        arrived[source] = 0;
        waits[source] = 0;
        longest_wait[source] = 0;
    }
    turns_coordinator_init(&coordinator);
    heavy = turns_heavy_open(&coordinator, 0);
    light = turns_light_open(&coordinator, 0);
    middle = turns_middle_open(&coordinator, 0);
    turns_coordinator_start(&coordinator);
}

static void keep(void *context, const turns_transfer *transfer)
{
    (void)context;
    ledger_add(&drained, number_of(transfer));
}

static void finish(void)
{
    (void)turns_coordinator_drain(&coordinator, keep, NULL);
    ledger_check();
    explorer_register(0, longest_wait[HEAVY]);
    explorer_register(1, longest_wait[LIGHT]);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_turns",
    .source = "generated coordinator: 2 senders whose lanes weigh 2 and 1, 1 receiver",
    .threads = {{"heavy", heavy_sender}, {"light", light_sender}, {"receiver", receiver}},
    .spared = 1u << 2, /* receiver */
    .setup = setup,
    .finish = finish,
    .cases = {{"one_by_one", ONE_BY_ONE}, {"in_batches", IN_BATCHES}},
    .must_see = {"0 0", "0 1", "0 2", "1 0", "1 1", "1 2"},
};
