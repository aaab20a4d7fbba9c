/*
 * stats.h - the counters, who writes each, and how a snapshot reads them.
 *
 * A counter has one writer: the port that sends or receives over the lane. It is an atomic word
 * that any thread may read at any time. It has 64 bits, so it doesn't wrap in practice.
 *
 * `sent` is written before the transfers are published, `received` after their slots are released;
 * so is what was taken out to be handed to a handler: by a sender that makes room (dropped_oldest),
 * by a receiver that closes the lane (closed), by a drain (drained). What a sender drops because
 * there is no room (dropped_newest) is never published: it counts that after `sent`. A snapshot
 * reads first all that left the lane and last what entered it, so it never finds more received and
 * undelivered than sent:
 *
 *     sender    store sent (relaxed)      ->  publish (release)
 *     receiver  take (acquire), release   ->  store received (release)
 *     snapshot  load received (acquire)   ->  load sent (relaxed)
 *
 *     any       take (acquire), release   ->  store dropped_oldest, closed, drained (release)
 *     sender    store sent (relaxed)      ->  store dropped_newest (release)
 *     snapshot  load each (acquire)       ->  load sent (relaxed)
 *
 * A transfer that a snapshot sees in one of the first five was counted in `sent` before that, by
 * its sender, and in no other of them. Through the chain of releases and acquires, the snapshot's
 * last loads, of all senders, read those stores or later ones. A sender has counters of both sorts:
 * so a snapshot looks at all senders twice. When no call is in progress, sent = received + in lane
 * + undelivered exactly.
 *
 * An SPSC ring needs no counter of what is published, for `written` is one, which a commit stores
 * anyway. (A counter beside it would cost a send of one item a third of its time.) It stands in the
 * place of `sent` above: loaded last, it is at least what the receiver acquired.
 *
 * A reset writes no port's counter. It stores for each lane where its counts stand, and advances
 * the epoch; each port restarts its maxima and ticks when it next writes them.
 */
#ifndef CORINTH_STATS_H
#define CORINTH_STATS_H

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* What a port counts of a lane that it sends over. */
typedef struct corinth_sender_counters {
    /* Atomic; transfers committed, unless the ring counts them, and those dropped as newest. */
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_counter sent;
    corinth_counter full; /* atomic; claims and sends that found no free slot */
    corinth_counter dropped_oldest; /* atomic; taken out of the lane to make room */
    corinth_counter dropped_newest; /* atomic; counted in `sent`, too, but never published */
} corinth_sender_counters;

/* What a port counts of a lane that it receives from. */
typedef struct corinth_receiver_counters {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_counter received; /* atomic; transfers released */
    corinth_counter high_water; /* atomic; the most that this port saw ready, in this epoch */
    corinth_counter epoch;      /* atomic; the epoch that high_water belongs to */
    corinth_counter closed;     /* atomic; taken out of the lane when it was closed */
} corinth_receiver_counters;

/* A port's ticks, as the program reported them. */
typedef struct corinth_tick_counters {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_counter ticks; /* atomic */
    corinth_counter total_ns; /* atomic */
    corinth_counter max_ns;   /* atomic */
    corinth_counter epoch;    /* atomic; the epoch that the others belong to */
} corinth_tick_counters;

/* What the coordinator itself counts for a lane, and where the counts stood at the last reset. */
typedef struct corinth_lane_record {
    corinth_counter drained;       /* atomic; taken out of the lane by a drain */
    corinth_counter base_received; /* atomic, as those below; written by a reset */
    corinth_counter base_dropped_oldest;
    corinth_counter base_dropped_newest;
    corinth_counter base_closed;
    corinth_counter base_drained;
    corinth_counter base_full;
} corinth_lane_record;

/*
 * A snapshot of one lane. All but in_lane count since the last reset. The alignment makes this and
 * the next struct the same for tools on targets where a uint64_t is aligned to 4 bytes.
 */
typedef struct corinth_lane_stats {
    /* Committed; what lay in the lane at a reset counts as sent after it. */
    CORINTH_ALIGNAS(8) uint64_t sent;
    uint64_t received;    /* released by the target world */
    uint64_t in_lane;     /* ready or being read */
    uint64_t undelivered; /* handed to a handler, or discarded: the sum of the next four */
    uint64_t dropped_oldest; /* to make room in a full lane */
    uint64_t dropped_newest; /* for want of room */
    uint64_t closed;         /* left in the lane when its target closed it */
    uint64_t drained;        /* left in the lane, and handed over by a drain */
    uint64_t full;           /* how many times a sender found no free slot */
    uint64_t high_water;     /* the most ready transfers that a receiver saw */
} corinth_lane_stats;

/* A snapshot of one world: the ticks that its ports recorded since the last reset. */
typedef struct corinth_world_stats {
    CORINTH_ALIGNAS(8) uint64_t ticks;
    uint64_t tick_ns_total;
    uint64_t tick_ns_max;
    bool is_fenced; /* what is sent to it passes a fence, for want of membarrier: see parking.h */
} corinth_world_stats;

/* Adds to a counter whose only writer is the calling thread. */
CORINTH_INLINE void corinth_internal_count(corinth_counter *counter, uint64_t amount)
{
    CORINTH_ASSERT(counter != NULL);
    /* Relaxed: the publication that follows is what orders it for a reader. */
    corinth_internal_store_relaxed_u64(
        counter, corinth_internal_load_relaxed_u64(counter) + amount);
}

/*
 * Adds to a counter of what left the lane; the rest as above. Release: with a snapshot's acquire,
 * which then sees the `sent` that this thread saw.
 */
CORINTH_INLINE void corinth_internal_count_out(corinth_counter *counter, uint64_t amount)
{
    CORINTH_ASSERT(counter != NULL);
    corinth_internal_store_release_u64(
        counter, corinth_internal_load_relaxed_u64(counter) + amount);
}

/* Sender: called before it publishes. */
CORINTH_INLINE void corinth_count_sent(corinth_sender_counters *counters, size_t transfers)
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

/* Receiver: called after it released. */
CORINTH_INLINE void corinth_count_received(corinth_receiver_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_internal_count_out(&counters->received, transfers);
}

/* Sender: called after it released what it took out to make room. */
static inline void corinth_count_dropped_oldest(
    corinth_sender_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_internal_count_out(&counters->dropped_oldest, transfers);
}

/* Sender: what it drops for want of room; it was sent as well, and nothing publishes it. */
static inline void corinth_count_dropped_newest(
    corinth_sender_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_count_sent(counters, transfers);
    corinth_internal_count_out(&counters->dropped_newest, transfers);
}

/* Receiver: called after it released what it took out because the lane is closed. */
static inline void corinth_count_closed(corinth_receiver_counters *counters, size_t transfers)
{
    CORINTH_ASSERT(counters != NULL);
    corinth_internal_count_out(&counters->closed, transfers);
}

/* Receiver: `ready` transfers were ready at once; keeps the most that were so in this epoch. */
static inline void corinth_record_high_water(
    corinth_receiver_counters *counters, size_t ready, uint64_t epoch)
{
    CORINTH_ASSERT(counters != NULL);
    CORINTH_ASSERT(epoch > 0);
    /* Relaxed, all but the last store: only this thread writes them, and a reader uses the value
     * only if it finds the epoch that is stored after it. */
    bool is_new = corinth_internal_load_relaxed_u64(&counters->epoch) != epoch;
    if (is_new || ready > corinth_internal_load_relaxed_u64(&counters->high_water)) {
        corinth_internal_store_relaxed_u64(&counters->high_water, ready);
    }
    if (CORINTH_UNLIKELY(is_new)) {
        /* Release: with the acquire in corinth_tally_receiver. The value is visible before it. */
        corinth_internal_store_release_u64(&counters->epoch, epoch);
    }
}

/* Port: one tick of its world took `duration_ns`. */
static inline void corinth_count_tick(
    corinth_tick_counters *counters, uint64_t duration_ns, uint64_t epoch)
{
    CORINTH_ASSERT(counters != NULL);
    CORINTH_ASSERT(epoch > 0);
    /* Relaxed, all but the new epoch, as in corinth_record_high_water. */
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
 * A snapshot of a lane in the making; any thread may take one. It calls, in the order that the top
 * of this file explains: begin, then every receiver, and drops for every sender, then every sender,
 * then published where the lane's rings count themselves, then end.
 */
typedef struct corinth_lane_tally {
    corinth_lane_record base; /* the lane's record as read, `drained` included */
    uint64_t received;
    uint64_t dropped_oldest;
    uint64_t dropped_newest;
    uint64_t closed;
    uint64_t sent;
    uint64_t full;
    uint64_t high_water;
    uint64_t epoch;
} corinth_lane_tally;

corinth_lane_tally corinth_tally_begin(const corinth_lane_record *record, uint64_t epoch);
void corinth_tally_receiver(corinth_lane_tally *tally, const corinth_receiver_counters *counters);
void corinth_tally_drops(corinth_lane_tally *tally, const corinth_sender_counters *counters);
void corinth_tally_sender(corinth_lane_tally *tally, const corinth_sender_counters *counters);
/* The lane's ring, or one of its two, has published all slots before that position. */
void corinth_tally_published(corinth_lane_tally *tally, corinth_position published);
corinth_lane_stats corinth_tally_end(const corinth_lane_tally *tally);

/* For a drain, once the lane's senders and receivers are joined: it took `transfers` out. */
static inline void corinth_count_drained(corinth_lane_record *record, size_t transfers)
{
    CORINTH_ASSERT(record != NULL);
    corinth_internal_count_out(&record->drained, transfers);
}

/* Restarts the lane's statistics from what was tallied. Not synchronized: one caller at a time. */
void corinth_tally_reset(const corinth_lane_tally *tally, corinth_lane_record *record);

/*
 * Any thread: adds one port's ticks of `epoch` to its world's. Each value is read whole, but not
 * all of them at one moment.
 */
void corinth_tally_ticks(
    corinth_world_stats *world, const corinth_tick_counters *counters, uint64_t epoch);

CORINTH_END_DECLARATIONS

#endif
