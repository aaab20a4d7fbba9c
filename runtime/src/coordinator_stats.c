/* coordinator_stats.c - counts what is in a coordinator's lanes, and what went through them. */
#include <string.h>

#include "parts.h"

CORINTH_BEGIN_DECLARATIONS

/* Where the rings of a lane begin: at its index, or behind it by those of priority before it. */
static uint32_t first_ring(const corinth_form *form, uint32_t lane)
{
    CORINTH_ASSERT(lane < form->lane_count);
    uint32_t ring = lane;
    while (form->rings[ring].lane < lane) {
        ring++;
    }
    CORINTH_ASSERT(form->rings[ring].lane == lane);
    return ring;
}

/* How far a ring is published. */
static corinth_position published_of(
    const corinth_coordinator *coordinator, const corinth_ring_form *form)
{
    CORINTH_ASSERT(form->kind->written_is_count);
    /* Relaxed: all that left the lane was acquired before, and no other order is needed. */
    return corinth_internal_load_relaxed(&ring_of(coordinator, form)->written);
}

/* Reads a lane's counters in the order that stats.h explains. */
static corinth_lane_tally tally_of(const corinth_coordinator *coordinator, uint32_t lane)
{
    const corinth_form *form = coordinator->form;
    uint64_t epoch = corinth_run_state_epoch(&coordinator->shared->state);
    corinth_lane_tally tally = corinth_tally_begin(record_of(coordinator, lane), epoch);
    uint32_t first = first_ring(form, lane);
    for (uint32_t i = first; i < form->ring_count && form->rings[i].lane == lane; i++) {
        for (uint32_t port = 0; port < form->rings[i].consumers; port++) {
            corinth_tally_receiver(&tally, receiver_counters(coordinator, &form->rings[i], port));
        }
        for (uint32_t port = 0; port < form->rings[i].producers; port++) {
            corinth_tally_drops(&tally, sender_counters(coordinator, &form->rings[i], port));
        }
    }
    for (uint32_t i = first; i < form->ring_count && form->rings[i].lane == lane; i++) {
        for (uint32_t port = 0; port < form->rings[i].producers; port++) {
            corinth_tally_sender(&tally, sender_counters(coordinator, &form->rings[i], port));
        }
        if (form->rings[i].kind->written_is_count) {
            corinth_tally_published(&tally, published_of(coordinator, &form->rings[i]));
        }
    }
    CORINTH_ASSERT(tally.received <= tally.sent);
    return tally;
}

static corinth_lane_stats lane_stats(const corinth_coordinator *coordinator, uint32_t lane)
{
    corinth_lane_tally tally = tally_of(coordinator, lane);
    return corinth_tally_end(&tally);
}

static void tally_world(
    const corinth_coordinator *coordinator, uint32_t world, corinth_world_stats *stats)
{
    CORINTH_ASSERT(world < coordinator->form->world_count);
    const corinth_world_form *form = &coordinator->form->worlds[world];
    uint64_t epoch = corinth_run_state_epoch(&coordinator->shared->state);
    stats->is_fenced = corinth_bell_is_fenced(bell_of(coordinator, world));
    for (uint32_t index = 0; index < form->threads; index++) {
        corinth_tally_ticks(stats, ticks_of(coordinator, form->first + index), epoch);
    }
}

void corinth_coordinator_snapshot(const corinth_coordinator *coordinator, corinth_lane_stats *lanes,
                                  corinth_world_stats *worlds, size_t world_ids)
{
    const corinth_form *form = coordinator->form;
    for (uint32_t lane = 0; lane < form->lane_count; lane++) {
        lanes[lane] = lane_stats(coordinator, lane);
    }
    memset(worlds, 0, world_ids * sizeof(*worlds));
    for (uint32_t world = 0; world < form->world_count; world++) {
        CORINTH_ASSERT(form->worlds[world].id < world_ids);
        tally_world(coordinator, world, &worlds[form->worlds[world].id]);
    }
}

void corinth_coordinator_reset_stats(corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(corinth_run_state_epoch(&coordinator->shared->state) > 0);
    for (uint32_t lane = 0; lane < coordinator->form->lane_count; lane++) {
        corinth_lane_tally tally = tally_of(coordinator, lane);
        corinth_tally_reset(&tally, record_of(coordinator, lane));
    }
    corinth_run_state_advance_epoch(&coordinator->shared->state);
}

uint64_t corinth_coordinator_pending(const corinth_coordinator *coordinator, uint32_t id)
{
    const corinth_form *form = coordinator->form;
    CORINTH_ASSERT(form->ring_count >= form->lane_count);
    uint64_t pending = 0;
    for (uint32_t ring = 0; ring < form->ring_count; ring++) {
        bool is_first = ring == 0 || form->rings[ring].lane != form->rings[ring - 1].lane;
        if (is_first && form->worlds[form->rings[ring].target].id == id) {
            pending += lane_stats(coordinator, form->rings[ring].lane).in_lane;
        }
    }
    return pending;
}

uint64_t corinth_coordinator_total_pending(const corinth_coordinator *coordinator)
{
    CORINTH_ASSERT(coordinator->form->ring_count >= coordinator->form->lane_count);
    uint64_t pending = 0;
    for (uint32_t lane = 0; lane < coordinator->form->lane_count; lane++) {
        pending += lane_stats(coordinator, lane).in_lane;
    }
    return pending;
}

CORINTH_END_DECLARATIONS
