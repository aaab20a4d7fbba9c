/* spsc.c - the slow halves of spsc.h: the side doesn't hold what the call wants. */
#include <corinth/spsc.h>

CORINTH_BEGIN_DECLARATIONS

/* The side holds `count` slots, as far as they lie before the end of the array. Returns those. */
static size_t hold(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= capacity);
    size_t to_end = corinth_internal_slots_to_end(capacity, side->next);
    size_t held = count < to_end ? count : to_end;
    side->limit = side->next + (corinth_position)held;
    return held;
}

size_t corinth_internal_spsc_find_room(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > corinth_internal_held(side));
    CORINTH_ASSERT(side->next - side->seen <= (corinth_position)capacity);
    size_t room = capacity - (size_t)(side->next - side->seen);
    size_t to_end = corinth_internal_slots_to_end(capacity, side->next);
    if (room < wanted && room < to_end) {
        /* Acquire: with the release in corinth_spsc_release. The consumer has read these slots
         * before they are overwritten. */
        side->seen = corinth_internal_load_acquire(&side->ring->read);
        room = capacity - (size_t)(side->next - side->seen);
    }
    return hold(side, capacity, room);
}

size_t corinth_internal_spsc_find_ready(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > corinth_internal_held(side));
    CORINTH_ASSERT(side->seen - side->next <= (corinth_position)capacity);
    size_t ready = (size_t)(side->seen - side->next);
    size_t to_end = corinth_internal_slots_to_end(capacity, side->next);
    if (ready < wanted && ready < to_end) {
        /* Acquire: with the release in corinth_spsc_commit. These slots are filled. */
        side->seen = corinth_internal_load_acquire(&side->ring->written);
        ready = (size_t)(side->seen - side->next);
        side->backlog = ready;
    }
    return hold(side, capacity, ready);
}

CORINTH_END_DECLARATIONS
