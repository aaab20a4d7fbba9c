/* closing.c - see closing.h: what is done once by each port, or by a start. */
#include <corinth/closing.h>

CORINTH_BEGIN_DECLARATIONS

static corinth_port_bits first_bits(uint32_t ports)
{
    CORINTH_ASSERT(ports > 0);
    CORINTH_ASSERT(ports <= CORINTH_THREADS_MAX);
    return ~(corinth_port_bits)0 >> (CORINTH_THREADS_MAX - ports);
}

void corinth_lane_ends_init(corinth_lane_ends *ends)
{
    CORINTH_ASSERT((uintptr_t)ends % CORINTH_CACHE_LINE == 0);
    /* Relaxed: handing the coordinator to its threads orders it. */
    corinth_internal_store_relaxed_u32(&ends->ended, 0);
}

void corinth_lane_ends_open(corinth_lane_ends *ends, uint32_t producers, uint32_t consumers)
{
    CORINTH_ASSERT((uintptr_t)ends % CORINTH_CACHE_LINE == 0);
    /* Relaxed, both: what makes the start known to other threads orders them. */
    corinth_internal_store_relaxed_u64(&ends->sending, first_bits(producers));
    corinth_internal_store_relaxed_u64(&ends->receiving, first_bits(consumers));
}

bool corinth_lane_ends_all_receive(const corinth_lane_ends *ends, uint32_t consumers)
{
    CORINTH_ASSERT(ends != NULL);
    /* Relaxed: the ring acquired from the port whose bit matters. */
    return corinth_internal_load_relaxed_u64(&ends->receiving) == first_bits(consumers);
}

bool corinth_lane_ends_close_sending(corinth_lane_ends *ends, uint32_t index)
{
    CORINTH_ASSERT(ends != NULL);
    corinth_port_bits bit = corinth_internal_port_bit(index);
    /* Release: with the acquire in corinth_lane_ends_is_over. What this port sent comes before. */
    corinth_port_bits before = corinth_internal_fetch_and_release_u64(&ends->sending, ~bit);
    if (before == bit) {
        /* Release: with the acquire in corinth_lane_ends_count. The last bit was cleared before. */
        (void)corinth_internal_fetch_add_release_u32(&ends->ended, 1);
    }
    return (before & ~bit) == 0;
}

bool corinth_lane_ends_close_receiving(corinth_lane_ends *ends, uint32_t index)
{
    CORINTH_ASSERT(ends != NULL);
    corinth_port_bits bit = corinth_internal_port_bit(index);
    /* Relaxed: nothing is handed over by it. */
    corinth_port_bits before = corinth_internal_fetch_and_relaxed_u64(&ends->receiving, ~bit);
    return (before & ~bit) == 0;
}

CORINTH_END_DECLARATIONS
