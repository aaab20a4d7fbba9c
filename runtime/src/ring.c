/* ring.c - making a ring and its sides. */
#include <corinth/marks.h>
#include <corinth/ring.h>

CORINTH_BEGIN_DECLARATIONS

void corinth_ring_init(
    corinth_ring *ring, corinth_mark *marks, size_t capacity, corinth_position start)
{
    CORINTH_ASSERT((uintptr_t)ring % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT((uintptr_t)marks % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(CORINTH_IS_POWER_OF_TWO(capacity));
    CORINTH_ASSERT(capacity <= CORINTH_CAPACITY_MAX);
    CORINTH_ASSERT(capacity >= 2);
    /* Relaxed, these and the marks: handing the ring to its threads orders them. */
    corinth_internal_store_relaxed(&ring->written, start);
    corinth_internal_store_relaxed(&ring->read, start);
    for (size_t i = 0; marks != NULL && i < capacity; i++) {
        corinth_position position = start + (corinth_position)i;
        corinth_internal_store_relaxed_u32(
            corinth_internal_mark_at(marks, capacity, position),
            corinth_internal_mark(capacity, position, CORINTH_INTERNAL_MARK_FREE));
    }
}

static void init_side(corinth_ring_side *side, corinth_ring *ring, corinth_mark *marks)
{
    CORINTH_ASSERT(ring != NULL);
    side->ring = ring;
    side->marks = marks;
    side->backlog = 0;
}

void corinth_ring_init_producer(corinth_ring_side *side, corinth_ring *ring, corinth_mark *marks)
{
    CORINTH_ASSERT(side != NULL);
    init_side(side, ring, marks);
    /* Relaxed, both: the ring is quiet, and this thread knows of all that was done to it. */
    side->next = corinth_internal_load_relaxed(&ring->written);
    side->limit = side->next;
    side->seen = corinth_internal_load_relaxed(&ring->read);
}

void corinth_ring_init_consumer(corinth_ring_side *side, corinth_ring *ring, corinth_mark *marks)
{
    CORINTH_ASSERT(side != NULL);
    init_side(side, ring, marks);
    /* Relaxed, both: as above. */
    side->next = corinth_internal_load_relaxed(&ring->read);
    side->limit = side->next;
    side->seen = corinth_internal_load_relaxed(&ring->written);
}

CORINTH_END_DECLARATIONS
