/*
 * Goal: a priority transfer that is there comes before normal ones, except those that follow a
 * burst; a normal one that is there waits for no more than a burst; EMPTY is not returned
 * meanwhile; and each class keeps its order.
 * Method: every execution of two threads that send, one of each class, and one that receives, one
 * by one or in batches. The senders say how much they have sent; what the receiver knows of before
 * it receives is there. The outcome: how many priority transfers a normal one had to wait for, and
 * whether a normal one came before a priority transfer that was there.
 */
#include "priority.h"

#include "explorer.h"
#include "ledger.h"

enum { PRIORITY, NORMAL, CLASSES };
enum { ONE_BY_ONE, IN_BATCHES };

#define PRIORITY_ITEMS 3u
#define NORMAL_ITEMS 2u
#define RECEIVES 4u
#define BATCHES 3u
#define RECEIVED_AT_ONCE 2u
#define BURST PRIORITY_SOURCE_TO_TARGET_PRIORITY_BURST

static priority_coordinator coordinator;
static priority_source_port *sources[PRIORITY_SOURCE_THREADS];
static priority_target_port *target;
static uint32_t sent_so_far[CLASSES]; /* atomic */
static uint32_t arrived[CLASSES];     /* the receiver's, as the following */
static uint32_t burst;                /* priority transfers since the last normal one */
static uint32_t waited;               /* those of them that came while a normal one was there */
static uint32_t longest_wait;
static bool is_behind_normal;         /* the one before, of the same batch, was a normal one */
static bool was_overtaken;            /* a normal one came while a priority transfer was there */

static void send(uint32_t class, uint32_t items)
{
    for (uint32_t item = 1; item <= items; item++) {
        priority_transfer transfer;
        priority_transfer_init(&transfer, PRIORITY_WORLD_SOURCE, PRIORITY_WORLD_TARGET);
        transfer.flags = class == PRIORITY ? PRIORITY_TRANSFER_PRIORITY : 0;
        uint32_t number = ledger_number(class, item);
        priority_transfer_pack_item(&transfer, &(priority_item){.number = number});
        corinth_status status = priority_source_send(sources[class], &transfer);
        explorer_check(status == CORINTH_OK, "there is room");
        ledger_add(&sent[class], number);
        __atomic_store_n(&sent_so_far[class], item, __ATOMIC_RELEASE);
    }
}

static void priority_sender(void)
{
    send(PRIORITY, PRIORITY_ITEMS);
}

static void normal_sender(void)
{
    send(NORMAL, NORMAL_ITEMS);
}

static uint32_t number_of(const priority_transfer *transfer)
{
    const priority_item *item = priority_transfer_unpack_item(transfer);
    explorer_check(item != NULL && item->number < ledger_number(CLASSES, 0), "it was sent");
    return item->number;
}

/*
 * Judges one transfer that arrived; `known` is how many of each class were sent before it was asked
 * for. In a batch all normal ones that are in a row come together.
 */
static void take(const priority_transfer *transfer, const uint32_t known[CLASSES])
{
    uint32_t number = number_of(transfer);
    bool is_priority_there = known[PRIORITY] > arrived[PRIORITY];
    bool is_normal_there = known[NORMAL] > arrived[NORMAL];
    ledger_add(&received[0], number);
    arrived[number / 10]++;
    if (number / 10 == NORMAL) {
        bool is_turn = burst >= BURST || is_behind_normal;
        explorer_check(!is_priority_there || is_turn, "priority comes first");
        is_behind_normal = true;
        was_overtaken = was_overtaken || is_priority_there;
        burst = 0;
        waited = 0;
        return;
    }
    explorer_check(!is_normal_there || burst < BURST, "a normal one comes after a burst");
    is_behind_normal = false;
    burst++;
    waited += is_normal_there ? 1u : 0u;
    longest_wait = waited > longest_wait ? waited : longest_wait;
}

static size_t receive(priority_transfer *out)
{
    if (explorer_value() == IN_BATCHES) {
        return priority_target_receive_batch(target, out, RECEIVED_AT_ONCE);
    }
    return priority_target_receive(target, out) == CORINTH_OK ? 1 : 0;
}

static void receiver(void)
{
    unsigned calls = explorer_value() == IN_BATCHES ? BATCHES : RECEIVES;
    for (unsigned i = 0; i < calls; i++) {
        priority_transfer out[RECEIVED_AT_ONCE];
        uint32_t known[CLASSES];
        for (unsigned class = 0; class < CLASSES; class++) {
            known[class] = __atomic_load_n(&sent_so_far[class], __ATOMIC_ACQUIRE);
        }
        is_behind_normal = false;
        size_t count = receive(out);
        bool is_one_there = known[PRIORITY] > arrived[PRIORITY] || known[NORMAL] > arrived[NORMAL];
        explorer_check(count > 0 || !is_one_there, "not EMPTY while there is something");
        for (size_t j = 0; j < count; j++) {
            take(&out[j], known);
        }
    }
}

static void setup(void)
{
    ledger_clear();
    for (unsigned class = 0; class < CLASSES; class++) {
        sent_so_far[class] = 0;
        arrived[class] = 0;
    }
    burst = 0;
    waited = 0;
    longest_wait = 0;
    was_overtaken = false;
    priority_coordinator_init(&coordinator);
    for (uint32_t index = 0; index < PRIORITY_SOURCE_THREADS; index++) {
        sources[index] = priority_source_open(&coordinator, index);
    }
    target = priority_target_open(&coordinator, 0);
    priority_coordinator_start(&coordinator);
}

static void keep(void *context, const priority_transfer *transfer)
{
    (void)context;
    ledger_add(&drained, number_of(transfer));
}

static void finish(void)
{
    (void)priority_coordinator_drain(&coordinator, keep, NULL);
    ledger_check();
    explorer_register(0, longest_wait);
    explorer_register(1, was_overtaken ? 1 : 0);
}

const explorer_program_form explorer_program = {
    .name = "coordinator_priority",
    .source = "generated coordinator: 2 senders, one with priority, 1 receiver, bursts of 2",
    .threads = {{"priority", priority_sender}, {"normal", normal_sender},
                {"receiver", receiver}},
    .spared = 1u << 2, /* receiver */
    .setup = setup,
    .finish = finish,
    .cases = {{"one_by_one", ONE_BY_ONE}, {"in_batches", IN_BATCHES}},
    .must_see = {"0 0", "0 1", "1 0", "1 1", "2 0", "2 1"},
};
