/* lane.c - the cold half of lane.h. */
#include <corinth/lane.h>

#include <string.h>

#include "sleeping.h"

CORINTH_BEGIN_DECLARATIONS

/* After a ring: wakes all receivers where it may have chosen one that has closed the lane. */
static void wake_others(const corinth_sender *sender)
{
    CORINTH_ASSERT(sender->bell->threads > 0);
    uint32_t threads = sender->bell->threads;
    if (sender->ends != NULL && !corinth_lane_ends_all_receive(sender->ends, threads)) {
        corinth_bell_ring(sender->bell, threads);
    }
}

void corinth_internal_lane_full(corinth_sender *sender)
{
    CORINTH_ASSERT(sender->claimed == 0);
    corinth_count_full(sender->counters);
    if (sender->bell != NULL) {
        corinth_bell_ring(sender->bell, 1);
        wake_others(sender);
    }
}

void corinth_internal_lane_ring(const corinth_ring_kind *kind, const corinth_sender *sender,
                                size_t capacity, size_t transfers)
{
    CORINTH_ASSERT(transfers <= capacity);
    if (transfers == 0) {
        return;
    }
    /* With the fence in corinth_bells_prepare, where the bell has fences; and a slot that isn't
     * counted here was published behind it, and rings itself. */
    corinth_internal_fence_seq_cst();
    size_t behind = kind->count_behind(&sender->side, capacity, CORINTH_THREADS_MAX);
    corinth_bell_wake(sender->bell, transfers + behind);
    wake_others(sender);
}

/* A ring's end where a sender waits. */
typedef struct room {
    const corinth_ring_kind *kind;
    const corinth_sender *sender;
    size_t capacity;
} room;

/* A wait for one thing tells it by any bit but that of transfers. */
#define ROOM (CORINTH_INBOUND << 1)

static uint64_t find_room(const void *context)
{
    const room *self = (const room *)context;
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(self->capacity));
    return self->kind->has_room(&self->sender->side, self->capacity) ? ROOM : 0;
}

/* Whether the lane takes nothing any more, so that no room is of use. */
static bool takes_no_more(const void *context)
{
    const corinth_sender *sender = ((const room *)context)->sender;
    CORINTH_ASSERT(sender->room != NULL);
    return corinth_lane_is_shut(sender);
}

/* Waits until the sender holds up to `wanted` slots; returns how many, or 0 and a status. */
static size_t wait_for_room(const room *own, corinth_sender *sender, size_t wanted,
                            uint64_t deadline_ns, corinth_status *status)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(sender->index < sender->room->threads);
    corinth_internal_wait wait = {
        &sender->room, 1,   sender->index,         sender->state, find_room,
        takes_no_more, own, sender->room->spin_ns,
    };
    uint64_t found = 0;
    size_t count = 0;
    *status = CORINTH_OK;
    while (count == 0 && *status == CORINTH_OK) {
        *status = corinth_internal_wait_until(&wait, corinth_time_left_ns(deadline_ns), &found);
        if (*status == CORINTH_OK && takes_no_more(own)) {
            *status = CORINTH_CLOSED;
        }
        if (*status == CORINTH_OK) {
            /* 0 where another port of the world was faster. A stop meanwhile isn't looked for: this
             * send began before it. */
            count = own->kind->reserve(&sender->side, own->capacity, wanted);
        }
    }
    return count;
}

void *corinth_lane_reserve_in_time(const corinth_ring_kind *kind, corinth_sender *sender,
                                   size_t capacity, size_t bytes, size_t wanted,
                                   uint64_t timeout_ns, corinth_sending *sending, size_t *count,
                                   corinth_status *status)
{
    CORINTH_ASSERT(sender->claimed == 0);
    CORINTH_ASSERT(*count == 0);
    corinth_internal_enter(sender->busy);
    uint64_t own_ns = sending->is_by_lane ? timeout_ns : sending->timeout_ns;
    if (own_ns > 0) {
        if (sending->begin_ns == 0) {
            sending->begin_ns = corinth_clock_ns();
        }
        uint64_t deadline_ns = corinth_deadline_from_ns(sending->begin_ns, own_ns);
        room own = {kind, sender, capacity};
        *count = wait_for_room(&own, sender, wanted, deadline_ns, status);
    }
    corinth_internal_set_claimed(&sender->claimed, *count);
    corinth_internal_leave(sender->busy);
    return corinth_internal_first_slot(sender->slots, &sender->side, capacity, bytes);
}

bool corinth_lane_take_oldest(const corinth_ring_kind *kind, corinth_sender *sender,
                              size_t capacity, size_t bytes, void *out)
{
    CORINTH_ASSERT(sender->claimed == 0);
    CORINTH_ASSERT(kind->peek_oldest != NULL);
    corinth_internal_enter(sender->busy);
    bool is_taken = kind->peek_oldest(&sender->side, capacity) > 0;
    if (is_taken) {
        memcpy(out, corinth_internal_first_slot(sender->slots, &sender->side, capacity, bytes),
               bytes);
        kind->release(&sender->side, capacity, 1);
        corinth_count_dropped_oldest(sender->counters, 1);
    }
    corinth_internal_leave(sender->busy);
    return is_taken;
}

void *corinth_lane_reserve_again(const corinth_ring_kind *kind, corinth_sender *sender,
                                 size_t capacity, size_t bytes, size_t wanted, size_t *count,
                                 corinth_status *status)
{
    CORINTH_ASSERT(sender->claimed == 0);
    CORINTH_ASSERT(wanted > 0);
    corinth_internal_enter(sender->busy);
    *count = kind->reserve(&sender->side, capacity, wanted);
    *status = *count > 0 ? CORINTH_OK : CORINTH_FULL;
    corinth_internal_set_claimed(&sender->claimed, *count);
    corinth_internal_leave(sender->busy);
    return corinth_internal_first_slot(sender->slots, &sender->side, capacity, bytes);
}

void corinth_internal_lane_ring_room(const corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->room != NULL);
    CORINTH_ASSERT(receiver->room->threads > 0);
    /* All: room is there for any of them, and who finds it taken sleeps again. */
    corinth_internal_bell_ring(receiver->room, receiver->room->threads);
}

void corinth_lane_close_sending(corinth_sender *sender)
{
    CORINTH_ASSERT(sender->ends != NULL);
    CORINTH_ASSERT(sender->claimed == 0);
    corinth_internal_enter(sender->busy);
    bool is_last = corinth_lane_ends_close_sending(sender->ends, sender->index);
    if (is_last && sender->bell != NULL) {
        corinth_bell_ring(sender->bell, sender->bell->threads);
    }
    corinth_internal_leave(sender->busy);
}

void corinth_lane_close_receiving(corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->ends != NULL);
    CORINTH_ASSERT(receiver->claimed == 0);
    corinth_internal_enter(receiver->busy);
    bool is_last = corinth_lane_ends_close_receiving(receiver->ends, receiver->index);
    if (is_last && receiver->room != NULL) {
        corinth_bell_ring(receiver->room, receiver->room->threads);
    }
    corinth_internal_leave(receiver->busy);
}

bool corinth_lane_take_closed(corinth_receiver *receiver, size_t bytes, void *out)
{
    CORINTH_ASSERT(receiver->claimed == 0);
    CORINTH_ASSERT(!corinth_lane_ends_may_receive(receiver->ends, receiver->index));
    corinth_ring_side *side = &receiver->side;
    corinth_internal_enter(receiver->busy);
    /* Of several consumers, each has to take out itself what it has kept. */
    bool may_take = corinth_internal_held(side) > 0;
    may_take = may_take || !corinth_lane_ends_is_received(receiver->ends);
    size_t count = may_take ? receiver->kind->peek(side, receiver->capacity, 1) : 0;
    if (count > 0) {
        const void *slot = corinth_internal_first_slot(
            receiver->slots, side, receiver->capacity, bytes);
        memcpy(out, slot, bytes);
        receiver->kind->release(side, receiver->capacity, 1);
        corinth_count_closed(receiver->counters, 1);
    }
    /* Where none was taken no thread waits for room: the close has woken all. */
    if (count > 0 && receiver->room != NULL) {
        corinth_internal_lane_freed(receiver, receiver->room->threads);
    }
    corinth_internal_leave(receiver->busy);
    return count > 0;
}

bool corinth_lane_is_shut(const corinth_sender *sender)
{
    CORINTH_ASSERT(sender->side.ring != NULL);
    return sender->ends != NULL && !corinth_lane_ends_may_send(sender->ends, sender->index);
}

bool corinth_lane_is_over(const corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->capacity > 0);
    return receiver->ends != NULL
        && (!corinth_lane_ends_may_receive(receiver->ends, receiver->index)
            || corinth_lane_ends_is_over(receiver->ends));
}

void corinth_internal_lane_record_backlog(corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->side.backlog > 0);
    uint64_t epoch = corinth_run_state_epoch(receiver->state);
    corinth_record_high_water(receiver->counters, receiver->side.backlog, epoch);
    receiver->side.backlog = 0;
}

CORINTH_END_DECLARATIONS
