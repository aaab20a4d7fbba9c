/* lane.c - the cold half of lane.h. */
#include <corinth/lane.h>

CORINTH_BEGIN_DECLARATIONS

void corinth_internal_lane_full(corinth_sender *sender)
{
    CORINTH_ASSERT(sender->claimed == 0);
    corinth_count_full(sender->counters);
    corinth_bell_ring(sender->bell, 1);
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
}

void corinth_internal_lane_record_backlog(corinth_receiver *receiver)
{
    CORINTH_ASSERT(receiver->side.backlog > 0);
    uint64_t epoch = corinth_run_state_epoch(receiver->state);
    corinth_record_high_water(receiver->counters, receiver->side.backlog, epoch);
    receiver->side.backlog = 0;
}

CORINTH_END_DECLARATIONS
