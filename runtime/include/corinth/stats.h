/*
 * stats.h - what is counted, by whom, and how a snapshot is taken.
 *
 * A counter has one writer: the port that sends or receives over the lane. It is an atomic word
 * that anyone may read at any time. 64 bits wide, it doesn't wrap in practice.
 *
 * sent is written before the transfers are published, received after their slots are released. A
 * snapshot reads what left a lane first and what entered it last, and so never finds more received
 * than sent:
 *
 *     sender    store sent (relaxed)      ->  publish (release)
 *     receiver  take (acquire), release   ->  store received (release)
 *     snapshot  load received (acquire)   ->  load sent (relaxed)
 *
 * What a snapshot sees received was published, so its sent was stored before; the chain of releases
 * and acquires makes that store, or a later one, what the last load reads. When no call is in
 * progress sent = received + in lane + undelivered exactly.
 *
 * Resetting writes no port's counter: it only remembers where the count stood, per lane, and moves
 * the epoch, upon which each port starts its maxima and ticks anew the next time that it writes
 * them.
 */
#ifndef CORINTH_STATS_H
#define CORINTH_STATS_H

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* A port's side of a lane that it sends over. */
typedef struct corinth_sender_counters {
    corinth_counter sent; /* atomic; transfers committed */
    corinth_counter full; /* atomic; claims and sends that found no free slot */
} corinth_sender_counters;

/* A port's side of a lane that it receives from. */
typedef struct corinth_receiver_counters {
    corinth_counter received;   /* atomic; transfers released */
    corinth_counter high_water; /* atomic; the most that this port saw ready, in this epoch */
    corinth_counter epoch;      /* atomic; the one that high_water is of */
} corinth_receiver_counters;

/* A port's ticks, as the program reported them. */
typedef struct corinth_tick_counters {
    corinth_counter ticks;    /* atomic */
    corinth_counter total_ns; /* atomic */
    corinth_counter max_ns;   /* atomic */
    corinth_counter epoch;    /* atomic; the one that the others are of */
} corinth_tick_counters;

/* What the coordinator itself counts of a lane, and where the counts stood at the last reset. */
typedef struct corinth_lane_record {
    corinth_counter undelivered;      /* atomic; handed to a handler, written by who drains */
    corinth_counter base_received;    /* atomic, as the others: written by who resets */
    corinth_counter base_undelivered;
    corinth_counter base_full;
} corinth_lane_record;

/* A snapshot of one lane: since the last reset, but for in_lane. */
typedef struct corinth_lane_stats {
    uint64_t sent;        /* committed; what was in the lane at the reset counts as sent after it */
    uint64_t received;    /* released by the target world */
    uint64_t in_lane;     /* ready or being read */
    uint64_t undelivered; /* handed to a handler instead of the target */
    uint64_t full;        /* times that a sender found no free slot */
    uint64_t high_water;  /* the most ready transfers that a receiver saw */
} corinth_lane_stats;

/* A snapshot of one world: what its ports recorded as ticks since the last reset. */
typedef struct corinth_world_stats {
    uint64_t ticks;
    uint64_t tick_ns_total;
    uint64_t tick_ns_max;
} corinth_world_stats;

/* Adds to a counter whose only writer is the calling thread. */
static inline void corinth_internal_count(corinth_counter *counter, uint64_t amount)
{
    CORINTH_ASSERT(counter != NULL);
    /* Relaxed: what a reader may conclude from it comes from the publication that follows. */
    corinth_internal_store_relaxed_u64(
        counter, corinth_internal_load_relaxed_u64(counter) + amount);
}

/* Sender: before publishing. */
static inline void corinth_count_sent(corinth_sender_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_internal_count(&counters->sent, transfers);
}

/* Sender: a claim found no free slot. */
static inline void corinth_count_full(corinth_sender_counters *counters)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_internal_count(&counters->full, 1);
}

/* Receiver: after releasing. */
static inline void corinth_count_received(corinth_receiver_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    /* Release: with the acquire of a snapshot, which thereby sees what this thread saw: sent. */
    corinth_internal_store_release_u64(
        &counters->received,
        corinth_internal_load_relaxed_u64(&counters->received) + transfers);
}

/* Receiver: `ready` transfers were seen at once. */
static inline void corinth_record_high_water(
    corinth_receiver_counters *counters, size_t ready, uint64_t epoch)
{
    CORINTH_ASSERT(counters != NULL);
    /* Relaxed, all but the last store: only this thread writes them, and a reader believes the
     * value because of the epoch that follows it. */
    bool is_new = corinth_internal_load_relaxed_u64(&counters->epoch) != epoch;
    if (is_new || ready > corinth_internal_load_relaxed_u64(&counters->high_water)) {
        corinth_internal_store_relaxed_u64(&counters->high_water, ready);
    }
    if (CORINTH_UNLIKELY(is_new)) {
        /* Release: with the acquire in corinth_tally_receiver; an epoch shows after its value. */
        corinth_internal_store_release_u64(&counters->epoch, epoch);
    }
}

/* Port: one tick of its world took `duration_ns`. */
static inline void corinth_count_tick(
    corinth_tick_counters *counters, uint64_t duration_ns, uint64_t epoch)
{
    CORINTH_ASSERT(counters != NULL);
    /* Relaxed, all but the new epoch: as in corinth_record_high_water. */
    if (CORINTH_UNLIKELY(corinth_internal_load_relaxed_u64(&counters->epoch) != epoch)) {
        corinth_internal_store_relaxed_u64(&counters->ticks, 0);
        corinth_internal_store_relaxed_u64(&counters->total_ns, 0);
        corinth_internal_store_relaxed_u64(&counters->max_ns, 0);
        /* Release: with the acquire in corinth_tally_ticks. */
        corinth_internal_store_release_u64(&counters->epoch, epoch);
    }
    corinth_internal_count(&counters->ticks, 1);
    corinth_internal_count(&counters->total_ns, duration_ns);
    if (duration_ns > corinth_internal_load_relaxed_u64(&counters->max_ns)) {
        corinth_internal_store_relaxed_u64(&counters->max_ns, duration_ns);
    }
}

/*
 * A snapshot of a lane in the making, from any thread. The order of the calls is the order that the
 * top of this file asks for: begin, then add every receiver, then every sender, then end.
 */
typedef struct corinth_lane_tally {
    corinth_lane_record base; /* as read, `undelivered` included */
    uint64_t received;
    uint64_t sent;
    uint64_t full;
    uint64_t high_water;
    uint64_t epoch;
} corinth_lane_tally;

corinth_lane_tally corinth_tally_begin(const corinth_lane_record *record, uint64_t epoch);
void corinth_tally_receiver(corinth_lane_tally *tally, const corinth_receiver_counters *counters);
void corinth_tally_sender(corinth_lane_tally *tally, const corinth_sender_counters *counters);
corinth_lane_stats corinth_tally_end(const corinth_lane_tally *tally);

/* Who drains a lane, with its senders and receivers joined: `transfers` went to a handler. */
static inline void corinth_count_undelivered(corinth_lane_record *record, size_t transfers)
{
    CORINTH_ASSERT(record != NULL);
    /* Release: with the acquire in corinth_tally_begin, which thereby sees that they were sent. */
    corinth_internal_store_release_u64(
        &record->undelivered,
        corinth_internal_load_relaxed_u64(&record->undelivered) + transfers);
}

/* Makes the lane's statistics start anew at what was tallied. One thread at a time. */
void corinth_tally_reset(const corinth_lane_tally *tally, corinth_lane_record *record);

/* Any thread: adds one port's ticks of `epoch` to its world's. Each value is whole by itself. */
void corinth_tally_ticks(
    corinth_world_stats *world, const corinth_tick_counters *counters, uint64_t epoch);

CORINTH_END_DECLARATIONS

#endif
