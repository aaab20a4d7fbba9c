/* stats.c - snapshots: reads counters that other threads write at the same time. */
#include <corinth/stats.h>

CORINTH_BEGIN_DECLARATIONS

corinth_lane_tally corinth_tally_begin(const corinth_lane_record *record, uint64_t epoch)
{
    CORINTH_ASSERT(record != NULL);
    CORINTH_ASSERT(epoch > 0);
    corinth_lane_tally tally;
    /* Acquire: with the release in corinth_tally_reset. Counters that are read after a base are at
     * least what they were when the reset stored it. */
    tally.base.base_received = corinth_internal_load_acquire_u64(&record->base_received);
    tally.base.base_dropped_oldest =
        corinth_internal_load_acquire_u64(&record->base_dropped_oldest);
    tally.base.base_dropped_newest =
        corinth_internal_load_acquire_u64(&record->base_dropped_newest);
    tally.base.base_closed = corinth_internal_load_acquire_u64(&record->base_closed);
    tally.base.base_drained = corinth_internal_load_acquire_u64(&record->base_drained);
    tally.base.base_full = corinth_internal_load_acquire_u64(&record->base_full);
    /* Acquire: with the release in corinth_count_drained. What it counts was counted as sent. */
    tally.base.drained = corinth_internal_load_acquire_u64(&record->drained);
    CORINTH_ASSERT(tally.base.base_drained <= tally.base.drained);
    tally.received = 0;
    tally.dropped_oldest = 0;
    tally.dropped_newest = 0;
    tally.closed = 0;
    tally.sent = 0;
    tally.full = 0;
    tally.high_water = 0;
    tally.epoch = epoch;
    return tally;
}

void corinth_tally_receiver(corinth_lane_tally *tally, const corinth_receiver_counters *counters)
{
    CORINTH_ASSERT(tally != NULL);
    CORINTH_ASSERT(counters != NULL);
    CORINTH_ASSERT(tally->sent == 0);
    /* Acquire: with the release in corinth_count_received. All senders are read after this. */
    tally->received += corinth_internal_load_acquire_u64(&counters->received);
    /* Acquire: with the release in corinth_count_closed; likewise. */
    tally->closed += corinth_internal_load_acquire_u64(&counters->closed);
    /* Acquire: with the release in corinth_record_high_water. */
    if (corinth_internal_load_acquire_u64(&counters->epoch) == tally->epoch) {
        uint64_t high_water = corinth_internal_load_relaxed_u64(&counters->high_water);
        tally->high_water = high_water > tally->high_water ? high_water : tally->high_water;
    }
}

void corinth_tally_drops(corinth_lane_tally *tally, const corinth_sender_counters *counters)
{
    CORINTH_ASSERT(tally != NULL);
    CORINTH_ASSERT(counters != NULL);
    CORINTH_ASSERT(tally->sent == 0);
    /* Acquire, both: with the releases in corinth_count_dropped_oldest and _newest. What they count
     * was counted as sent, and the `sent` of all senders is read after this. */
    tally->dropped_oldest += corinth_internal_load_acquire_u64(&counters->dropped_oldest);
    tally->dropped_newest += corinth_internal_load_acquire_u64(&counters->dropped_newest);
}

void corinth_tally_sender(corinth_lane_tally *tally, const corinth_sender_counters *counters)
{
    CORINTH_ASSERT(tally != NULL);
    CORINTH_ASSERT(counters != NULL);
    /* Relaxed: all that left the lane was acquired before, and no other order is needed. */
    tally->sent += corinth_internal_load_relaxed_u64(&counters->sent);
    tally->full += corinth_internal_load_relaxed_u64(&counters->full);
}

void corinth_tally_published(corinth_lane_tally *tally, corinth_position published)
{
    CORINTH_ASSERT(tally != NULL);
    /* A producer that took out what is oldest would be a second consumer. */
    CORINTH_ASSERT(tally->dropped_oldest == 0);
    tally->sent += published;
}

/*
 * A difference of counters; 0 where it would be negative. It never is, unless a program broke the
 * rules of ports in a release build, and then a count near 2^64 would only spread the harm.
 */
static uint64_t count_above(uint64_t count, uint64_t base)
{
    return count > base ? count - base : 0;
}

corinth_lane_stats corinth_tally_end(const corinth_lane_tally *tally)
{
    CORINTH_ASSERT(tally != NULL);
    const corinth_lane_record *base = &tally->base;
    uint64_t undelivered =
        tally->dropped_oldest + tally->dropped_newest + tally->closed + base->drained;
    uint64_t base_undelivered = base->base_dropped_oldest + base->base_dropped_newest
                                + base->base_closed + base->base_drained;
    CORINTH_ASSERT(tally->received + undelivered <= tally->sent);
    CORINTH_ASSERT(base->base_received <= tally->received);
    CORINTH_ASSERT(base_undelivered <= undelivered);
    CORINTH_ASSERT(base->base_full <= tally->full);
    corinth_lane_stats stats;
    stats.sent = count_above(tally->sent, base->base_received + base_undelivered);
    stats.received = count_above(tally->received, base->base_received);
    stats.in_lane = count_above(tally->sent, tally->received + undelivered);
    stats.dropped_oldest = count_above(tally->dropped_oldest, base->base_dropped_oldest);
    stats.dropped_newest = count_above(tally->dropped_newest, base->base_dropped_newest);
    stats.closed = count_above(tally->closed, base->base_closed);
    stats.drained = count_above(base->drained, base->base_drained);
    stats.undelivered =
        stats.dropped_oldest + stats.dropped_newest + stats.closed + stats.drained;
    stats.full = count_above(tally->full, base->base_full);
    stats.high_water = tally->high_water;
    return stats;
}

void corinth_tally_reset(const corinth_lane_tally *tally, corinth_lane_record *record)
{
    CORINTH_ASSERT(tally != NULL);
    CORINTH_ASSERT(record != NULL);
    CORINTH_ASSERT(tally->received >= tally->base.base_received);
    /* Release: with the acquire in corinth_tally_begin. */
    corinth_internal_store_release_u64(&record->base_received, tally->received);
    corinth_internal_store_release_u64(&record->base_dropped_oldest, tally->dropped_oldest);
    corinth_internal_store_release_u64(&record->base_dropped_newest, tally->dropped_newest);
    corinth_internal_store_release_u64(&record->base_closed, tally->closed);
    corinth_internal_store_release_u64(&record->base_drained, tally->base.drained);
    corinth_internal_store_release_u64(&record->base_full, tally->full);
}

void corinth_tally_ticks(
    corinth_world_stats *world, const corinth_tick_counters *counters, uint64_t epoch)
{
    CORINTH_ASSERT(world != NULL);
    CORINTH_ASSERT(counters != NULL);
    CORINTH_ASSERT(epoch > 0);
    /* Acquire: with the release in corinth_count_tick. */
    if (corinth_internal_load_acquire_u64(&counters->epoch) != epoch) {
        return;
    }
    /* Relaxed, all three: the epoch was acquired before, and each value is read whole. */
    world->ticks += corinth_internal_load_relaxed_u64(&counters->ticks);
    world->tick_ns_total += corinth_internal_load_relaxed_u64(&counters->total_ns);
    uint64_t max_ns = corinth_internal_load_relaxed_u64(&counters->max_ns);
    world->tick_ns_max = max_ns > world->tick_ns_max ? max_ns : world->tick_ns_max;
}

CORINTH_END_DECLARATIONS
