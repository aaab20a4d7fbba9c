/*
 * lane.h - what a port does with a lane: a ring's calls, and what belongs to each of them.
 *
 * A port has a sender for each lane that it sends over and a receiver for each lane that it
 * receives from (two, where the lane has a second ring for transfers with priority). They hold
 * everything that the usual call touches, and no other thread touches them.
 *
 * The calls here add to those of ring.h: a sender looks whether the coordinator runs, counts what
 * it sends before it publishes it, where the ring doesn't, and looks at the target's doorbell
 * afterwards; a receiver counts what it has released. The kind of the ring and its capacity are
 * constants where generated code calls them, so the compiler leaves nothing of the indirection. The
 * file is longer than others because these calls are inline.
 *
 * Thread-safety and progress: calls on one sender or receiver come from one thread at a time, which
 * debug builds check. None blocks; what the ring promises holds.
 */
#ifndef CORINTH_LANE_H
#define CORINTH_LANE_H

#include <corinth/closing.h>
#include <corinth/parking.h>
#include <corinth/prefetch.h>
#include <corinth/ring.h>
#include <corinth/run_state.h>
#include <corinth/stats.h>
#include <corinth/status.h>
#include <corinth/undelivered.h>

CORINTH_BEGIN_DECLARATIONS

/* A port's side of a lane that it sends over. */
typedef struct corinth_sender {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side side;
    void *slots; /* the ring's array, of the type that the lane's slots have */
    corinth_sender_counters *counters;
    const corinth_run_state *state;
    const corinth_doorbell *doorbell; /* the target's, as `bell` has it */
    const corinth_bell *bell; /* this and the last are NULL if its threads don't park */
    corinth_bell *room; /* the lane's, where its senders sleep; else their world's */
    const corinth_undelivered_handler *undelivered; /* NULL where drops are discarded */
    uint32_t *busy;     /* the port's */
    corinth_lane_ends *ends; /* the lane's, which can be closed; or NULL */
    uint32_t claimed;   /* slots of the open claim, in debug builds */
    uint16_t index;     /* the port's */
    bool is_pressed;    /* what corinth_lane_is_pressed returned last */
} corinth_sender;

/* A port's side of a lane that it receives from. */
typedef struct corinth_receiver {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_ring_side side;
    const void *slots;
    corinth_receiver_counters *counters;
    const corinth_run_state *state;
    uint32_t *busy;
    const corinth_bell *room; /* as a sender's: whom a release wakes */
    corinth_lane_ends *ends;  /* likewise */
    const corinth_ring_kind *kind; /* this and the next for waits and drains */
    uint32_t capacity;
    uint32_t weight;     /* how long its turn lasts among the port's lanes */
    uint32_t batch_size; /* the same times this where several are received by a call */
    uint32_t burst;   /* priority transfers since the last other one, where the lane has both */
    uint32_t claimed; /* slots of the open batch, in debug builds */
    uint32_t index;   /* the port's */
} corinth_receiver;

CORINTH_STATIC_ASSERT(CORINTH_CACHE_LINE != 128 || sizeof(corinth_sender) == 128, "one line");
CORINTH_STATIC_ASSERT(CORINTH_CACHE_LINE != 128 || sizeof(corinth_receiver) == 128, "one line");

/* A sender found no free slot: counts it and wakes who may have to pass slots to make room. */
void corinth_internal_lane_full(corinth_sender *sender);

/*
 * A call that sends copies: how long it waits for room at most, in all lanes that it sends over,
 * and how many its last step moved. Its time begins where it first finds a lane full, so that a
 * call which needn't wait looks at no clock.
 */
typedef struct corinth_sending {
    bool is_by_lane; /* it waits in each as long as that lane says, from the same time on */
    uint64_t timeout_ns;
    uint64_t begin_ns; /* 0 until then */
    size_t sent;
    size_t *total; /* of a batch with a lane that drops the newest: all that it moved; or NULL */
} corinth_sending;

CORINTH_INLINE corinth_sending corinth_sending_by_lane(void)
{
    corinth_sending sending = {true, 0, 0, 0, NULL};
    return sending;
}

/* 0 never waits, CORINTH_FOREVER has no end. */
CORINTH_INLINE corinth_sending corinth_sending_within(uint64_t timeout_ns)
{
    corinth_sending sending = {false, timeout_ns, 0, 0, NULL};
    return sending;
}

/*
 * After a reserve that found the lane full: waits until the sender has claimed up to `wanted`
 * slots, as reserve does. 0: `*status` is FULL where it mustn't wait; TIMED_OUT, CANCELLED or
 * STOPPED. `timeout_ns` is the lane's own.
 */
void *corinth_lane_reserve_in_time(const corinth_ring_kind *kind, corinth_sender *sender,
                                   size_t capacity, size_t bytes, size_t wanted,
                                   uint64_t timeout_ns, corinth_sending *sending, size_t *count,
                                   corinth_status *status);

/*
 * After a reserve that found the lane full, where a send drops the oldest: takes it out, copies its
 * `bytes` to `out` and counts it; for corinth_internal_lane_hand_over. False if that makes no room,
 * because a receiver has the oldest already.
 */
bool corinth_lane_take_oldest(const corinth_ring_kind *kind, corinth_sender *sender,
                              size_t capacity, size_t bytes, void *out);

/* After that: claims up to `wanted` slots, as reserve does. 0: `*status` is FULL. */
void *corinth_lane_reserve_again(const corinth_ring_kind *kind, corinth_sender *sender,
                                 size_t capacity, size_t bytes, size_t wanted, size_t *count,
                                 corinth_status *status);

/* A commit handed `transfers` slots to receivers, and a thread may be asleep. */
void corinth_internal_lane_ring(const corinth_ring_kind *kind, const corinth_sender *sender,
                                size_t capacity, size_t transfers);

/* A receiver freed slots, and a sender may be asleep for want of them: wakes all that are. */
void corinth_internal_lane_ring_room(const corinth_receiver *receiver);

/*
 * This port sends no more over the lane, until the next start; of the two rings of a lane with
 * priority it takes either. No claim of it is open. The last port of its world wakes the receivers.
 */
void corinth_lane_close_sending(corinth_sender *sender);

/*
 * This port receives no more from the lane, likewise; no batch of it is open. The last port of its
 * world wakes the senders that wait for room. For what it has to hand over then see the next.
 */
void corinth_lane_close_receiving(corinth_receiver *receiver);

/*
 * After that: takes out what this port has kept or, where no port receives any more, what is in the
 * ring: copies a slot of `bytes` to `out` and counts it as closed. False when nothing is left.
 */
bool corinth_lane_take_closed(corinth_receiver *receiver, size_t bytes, void *out);

/* Sender: whether a send over the lane returns CLOSED. */
bool corinth_lane_is_shut(const corinth_sender *sender);

/* Receiver, before it looks at the lane: whether a look that finds nothing will always. */
bool corinth_lane_is_over(const corinth_receiver *receiver);

/* Keeps the most transfers that were ready at once. */
void corinth_internal_lane_record_backlog(corinth_receiver *receiver);

/* Begins a call on a port. Debug builds abort if another thread's call is in progress. */
CORINTH_INLINE void corinth_internal_enter(uint32_t *busy)
{
#ifndef NDEBUG
    /* Acquire here and release below only keep the compiler from moving the call's work out. */
    CORINTH_ASSERT(corinth_internal_exchange_acquire_u32(busy, 1) == 0);
#else
    (void)busy;
#endif
}

/* Ends the call. */
CORINTH_INLINE void corinth_internal_leave(uint32_t *busy)
{
#ifndef NDEBUG
    /* Release: with the acquire in corinth_internal_enter. The call's work comes first. */
    corinth_internal_store_release_u32(busy, 0);
#else
    (void)busy;
#endif
}

/* Notes in debug builds that a claim or batch of `count` slots is open; 0 ends it. */
CORINTH_INLINE void corinth_internal_set_claimed(uint32_t *claimed, size_t count)
{
#ifndef NDEBUG
    CORINTH_ASSERT(count <= CORINTH_CAPACITY_MAX);
    *claimed = (uint32_t)count;
#else
    (void)claimed;
    (void)count;
#endif
}

/* The slot of the first position that the side holds, of `bytes` each. */
CORINTH_INLINE void *corinth_internal_first_slot(
    const void *slots, const corinth_ring_side *side, size_t capacity, size_t bytes)
{
    size_t index = (size_t)(side->next & (capacity - 1));
    return (unsigned char *)(uintptr_t)slots + index * bytes;
}

/* Ends what corinth_internal_lane_hand_over has begun. */
static inline void corinth_internal_lane_handed_over(corinth_sender **sender)
{
    corinth_internal_set_claimed(&(*sender)->claimed, 0);
}

/*
 * Hands over a transfer that the sender has counted as dropped. No slot is held meanwhile; debug
 * builds abort if the handler sends over this lane. It may throw, if it is in C++: the send ends.
 */
static inline void corinth_internal_lane_hand_over(
    corinth_sender *sender, const void *transfer, corinth_undelivered_reason reason)
{
    CORINTH_ASSERT(sender->claimed == 0);
    corinth_sender *ends __attribute__((cleanup(corinth_internal_lane_handed_over))) = sender;
    corinth_internal_set_claimed(&ends->claimed, 1);
    corinth_internal_hand_over(ends->undelivered, transfer, reason);
}

/*
 * Claims up to `wanted` slots of `bytes` each. Returns the first one; `*count` is how many there
 * are. 0: `*status` is FULL or STOPPED. One claim is open at a time.
 */
CORINTH_INLINE void *corinth_lane_reserve(const corinth_ring_kind *kind, corinth_sender *sender,
                                          size_t capacity, size_t bytes, size_t wanted,
                                          size_t *count, corinth_status *status)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(sender->claimed == 0);
    corinth_internal_enter(sender->busy);
    *count = 0;
    *status = CORINTH_STOPPED;
    if (CORINTH_LIKELY(corinth_run_state_is_running(sender->state))) {
        *count = kind->reserve(&sender->side, capacity, wanted);
        *status = CORINTH_OK;
        if (CORINTH_UNLIKELY(*count == 0)) {
            *status = CORINTH_FULL;
            corinth_internal_lane_full(sender);
        }
    }
    corinth_internal_set_claimed(&sender->claimed, *count);
    corinth_internal_leave(sender->busy);
    void *first = corinth_internal_first_slot(sender->slots, &sender->side, capacity, bytes);
    if (kind->count_free != NULL) {
        /* Of the others a side holds no more than its claim. */
        corinth_internal_prefetch_ahead(first, bytes, corinth_internal_held(&sender->side));
    }
    return first;
}

/*
 * The same over a lane that can be closed: `*status` may be CLOSED, which goes before STOPPED,
 * since a stop that comes later doesn't change it.
 */
CORINTH_INLINE void *corinth_lane_reserve_open(const corinth_ring_kind *kind,
                                               corinth_sender *sender, size_t capacity,
                                               size_t bytes, size_t wanted, size_t *count,
                                               corinth_status *status)
{
    if (CORINTH_UNLIKELY(!corinth_lane_ends_may_send(sender->ends, sender->index))) {
        *count = 0;
        *status = CORINTH_CLOSED;
        return NULL;
    }
    return corinth_lane_reserve(kind, sender, capacity, bytes, wanted, count, status);
}

/*
 * Whether the ring is nearly full: true from three quarters on, until it is less than half full.
 * The only producer looks at the other end again only where what it knows says so. Where there are
 * several, the ring's positions are an estimate, which counts what they have claimed, but not what
 * several consumers have; so it also looks whether a send would find room.
 */
CORINTH_INLINE bool corinth_lane_is_pressed(
    const corinth_ring_kind *kind, corinth_sender *sender, size_t capacity)
{
    size_t most = sender->is_pressed ? capacity / 2 : capacity / 4;
    corinth_internal_enter(sender->busy);
    size_t unused = 0;
    if (kind->count_free != NULL) {
        unused = kind->count_free(&sender->side, capacity, most + 1);
    } else if (corinth_internal_held(&sender->side) > 0
               || kind->has_room(&sender->side, capacity)) {
        unused = capacity - corinth_ring_length(sender->side.ring, capacity);
    }
    CORINTH_ASSERT(unused <= capacity);
    sender->is_pressed = unused <= most;
    corinth_internal_leave(sender->busy);
    return sender->is_pressed;
}

/*
 * Sends the first `count` slots of the claim and ends it. `threads` is how many may sleep there, a
 * constant: 0 where they don't park.
 */
CORINTH_INLINE void corinth_lane_commit(const corinth_ring_kind *kind, corinth_sender *sender,
                                        size_t capacity, uint32_t threads, size_t count)
{
    CORINTH_ASSERT(count <= sender->claimed);
    corinth_internal_enter(sender->busy);
    if (!kind->written_is_count) {
        corinth_count_sent(sender->counters, count);
    }
    size_t transfers = kind->commit(&sender->side, capacity, count);
    if (threads > 0 && corinth_doorbell_is_heard(sender->doorbell, threads)) {
        corinth_internal_lane_ring(kind, sender, capacity, transfers);
    }
    corinth_internal_set_claimed(&sender->claimed, 0);
    corinth_internal_leave(sender->busy);
}

/* After freeing slots: wakes the senders that sleep for want of them. See corinth_lane_release. */
CORINTH_INLINE void corinth_internal_lane_freed(
    const corinth_receiver *receiver, uint32_t room_threads)
{
    CORINTH_ASSERT(room_threads == 0 || receiver->room != NULL);
    if (room_threads > 0 && corinth_doorbell_is_heard(receiver->room->doorbell, room_threads)) {
        corinth_internal_lane_ring_room(receiver);
    }
}

/*
 * Up to `wanted` ready slots of `bytes` each. Returns the first; `*count` is how many there are. A
 * peek may free slots that were skipped; `room_threads` is as in corinth_lane_release.
 */
CORINTH_INLINE const void *corinth_lane_peek(
    const corinth_ring_kind *kind, corinth_receiver *receiver, size_t capacity,
    uint32_t room_threads, size_t bytes, size_t wanted, size_t *count)
{
    CORINTH_ASSERT(wanted > 0);
    CORINTH_ASSERT(receiver->claimed == 0);
    corinth_internal_enter(receiver->busy);
    *count = kind->peek(&receiver->side, capacity, wanted);
    corinth_internal_lane_freed(receiver, room_threads);
    if (kind->sample != NULL && *count > 0) {
        kind->sample(&receiver->side, capacity, *count);
    }
    if (CORINTH_UNLIKELY(receiver->side.backlog > 0)) {
        corinth_internal_lane_record_backlog(receiver);
    }
    corinth_internal_set_claimed(&receiver->claimed, *count);
    corinth_internal_leave(receiver->busy);
    return corinth_internal_first_slot(receiver->slots, &receiver->side, capacity, bytes);
}

/*
 * Returns the first `count` slots of the batch to the senders and ends it. `room_threads` is how
 * many of them may sleep until there is room, a constant: 0 where a send doesn't wait for it.
 */
CORINTH_INLINE void corinth_lane_release(const corinth_ring_kind *kind, corinth_receiver *receiver,
                                         size_t capacity, uint32_t room_threads, size_t count)
{
    CORINTH_ASSERT(count <= receiver->claimed);
    corinth_internal_enter(receiver->busy);
    kind->release(&receiver->side, capacity, count);
    corinth_internal_lane_freed(receiver, room_threads);
    corinth_count_received(receiver->counters, count);
    corinth_internal_set_claimed(&receiver->claimed, 0);
    corinth_internal_leave(receiver->busy);
}

/*
 * The same for a lane with priority, which has a ring of each class: priority transfers as long as
 * fewer than `burst` of them came since the last other one, or where there are no others.
 * `*is_priority` says of which class the batch is.
 */
CORINTH_INLINE const void *corinth_lane_peek_by_class(
    const corinth_ring_kind *kind, corinth_receiver *normal, size_t capacity,
    corinth_receiver *urgent, size_t urgent_capacity, uint32_t room_threads, size_t burst,
    size_t bytes, size_t wanted, size_t *count, bool *is_priority)
{
    CORINTH_ASSERT(burst > 0);
    CORINTH_ASSERT(normal->burst <= burst);
    size_t left = burst - normal->burst;
    const void *first = NULL;
    *count = 0;
    *is_priority = true;
    if (left > 0) {
        size_t most = wanted < left ? wanted : left;
        first = corinth_lane_peek(
            kind, urgent, urgent_capacity, room_threads, bytes, most, count);
    }
    if (*count == 0) {
        first = corinth_lane_peek(kind, normal, capacity, room_threads, bytes, wanted, count);
        *is_priority = *count == 0;
    }
    if (*count == 0) {
        size_t most = wanted < burst ? wanted : burst;
        first = corinth_lane_peek(
            kind, urgent, urgent_capacity, room_threads, bytes, most, count);
    }
    return first;
}

/*
 * Both for lanes that can be closed. `*status` is OK; EMPTY; or CLOSED, when nothing is left and
 * nothing more comes, or this port receives no more.
 */
CORINTH_INLINE const void *corinth_lane_peek_open(
    const corinth_ring_kind *kind, corinth_receiver *receiver, size_t capacity,
    uint32_t room_threads, size_t bytes, size_t wanted, size_t *count, corinth_status *status)
{
    const void *first = NULL;
    *count = 0;
    *status = CORINTH_CLOSED;
    if (CORINTH_LIKELY(corinth_lane_ends_may_receive(receiver->ends, receiver->index))) {
        /* Before the look, as closing.h says. */
        bool is_over = corinth_lane_ends_is_over(receiver->ends);
        first = corinth_lane_peek(kind, receiver, capacity, room_threads, bytes, wanted, count);
        *status = *count > 0 ? CORINTH_OK : is_over ? CORINTH_CLOSED : CORINTH_EMPTY;
    }
    return first;
}

CORINTH_INLINE const void *corinth_lane_peek_by_class_open(
    const corinth_ring_kind *kind, corinth_receiver *normal, size_t capacity,
    corinth_receiver *urgent, size_t urgent_capacity, uint32_t room_threads, size_t burst,
    size_t bytes, size_t wanted, size_t *count, bool *is_priority, corinth_status *status)
{
    const void *first = NULL;
    *count = 0;
    *is_priority = false;
    *status = CORINTH_CLOSED;
    if (CORINTH_LIKELY(corinth_lane_ends_may_receive(normal->ends, normal->index))) {
        /* Before the look, as closing.h says. */
        bool is_over = corinth_lane_ends_is_over(normal->ends);
        first = corinth_lane_peek_by_class(kind, normal, capacity, urgent, urgent_capacity,
                                           room_threads, burst, bytes, wanted, count, is_priority);
        *status = *count > 0 ? CORINTH_OK : is_over ? CORINTH_CLOSED : CORINTH_EMPTY;
    }
    return first;
}

/* The receiver of such a lane has taken `count` transfers, all with priority or all without. */
CORINTH_INLINE void corinth_lane_count_burst(
    corinth_receiver *normal, size_t burst, size_t count, bool is_priority)
{
    CORINTH_ASSERT(normal->burst <= burst);
    size_t taken = normal->burst + count;
    if (is_priority) {
        normal->burst = (uint32_t)(taken < burst ? taken : burst);
    } else if (count > 0) {
        normal->burst = 0;
    }
}

CORINTH_END_DECLARATIONS

#endif
