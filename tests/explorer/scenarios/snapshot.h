/*
 * snapshot.h - one transfer goes through a lane of a generated coordinator beside a snapshot.
 *
 * Who includes it has included the coordinator's header, and defines NAMED and CONSTANT: what its
 * names begin with, in small and in capital letters.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "explorer.h"

static NAMED(coordinator) coordinator;
static NAMED(source_port) *source;
static NAMED(target_port) *target;

static void sender(void)
{
    NAMED(transfer) transfer;
    NAMED(transfer_init)(&transfer, CONSTANT(WORLD_SOURCE), CONSTANT(WORLD_TARGET));
    explorer_check(NAMED(source_send)(source, &transfer) == CORINTH_OK, "there is room");
}

static void receiver(void)
{
    NAMED(transfer) transfer;
    (void)NAMED(target_receive)(target, &transfer);
}

static void reader(void)
{
    NAMED(coordinator_snapshot) stats = NAMED(coordinator_stats)(&coordinator);
    const corinth_lane_stats *lane = &stats.lanes[CONSTANT(SOURCE_TO_TARGET_INDEX)];
    explorer_check(lane->received <= lane->sent, "what was received was sent");
    explorer_check(lane->in_lane == lane->sent - lane->received, "and is somewhere");
    explorer_check(lane->sent <= 1, "there is one transfer");
}

static void setup(void)
{
    NAMED(coordinator_init)(&coordinator);
    source = NAMED(source_open)(&coordinator, 0);
    target = NAMED(target_open)(&coordinator, 0);
    NAMED(coordinator_start)(&coordinator);
}

#endif
