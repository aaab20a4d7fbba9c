/*
 * closing.h - which ports still use a lane that can be closed.
 *
 * Each end of such a lane has a word with a bit for each of its ports, which is cleared when that
 * port closes its end. Both words lie in one line, which is written only then. Who clears the last
 * bit of a word has closed that end:
 *
 *     sending is 0      nothing more comes; when nothing is left, a receive returns CLOSED
 *     receiving is 0    a send returns CLOSED, and what is in the lane is handed over by the port
 *                       that closed last
 *
 * Nothing is lost before a CLOSED, for the receiver loads the word before it looks at the lane:
 *
 *     sender      publish the slots;            clear own bit of sending (release)
 *     receiver    load sending (acquire): 0;    look at the lane, find nothing;  CLOSED
 *
 * Each bit was cleared by a read-modify-write, so the load that finds 0 acquires from all of them
 * (a release sequence), and the look sees all that was sent. A look that came first could miss what
 * was sent between the two. A port ends its claim before it closes, so no slot is hidden.
 *
 * No thread sleeps forever, for the port that clears the last bit then rings all that may sleep:
 * at the target's doorbell, or at the lane's room. This is the publication, and a thread's look
 * includes the word, as parking.h's proof wants it.
 *
 * Where several lanes lead into a world, one that ends is no reason for its receivers to end, but
 * one to look: their program learns of it from the lane. So the port that clears the last bit of
 * `sending` also counts it in `ended`, before it rings. A receiver adds this up over its lanes, and
 * compares the sum with the one that its program was last told of. Opening the lane again leaves
 * the count alone: the sum only grows, so an end is missed neither beside a start nor for one that
 * lies between two looks. What a thread is told may be over by then, and no lane CLOSED.
 *
 *     sender      clear own bit of sending: the last;  add 1 to ended (release);  ring
 *     receiver    load ended (acquire): another sum;   wake, told;  load sending: 0
 *
 * A port that has closed its end may still sleep at its world's doorbell, for other lanes, and be
 * chosen by a ring for this one, which it doesn't take. So who rings for a lane of which a port
 * receives no more looks at the word after the ring, and rings all if it is so. That port cleared
 * its bit before it set the one in the doorbell, from which the ringer acquired, so the ringer sees
 * it.
 *
 * Nothing is handed over by a cleared bit of receiving, so it is relaxed: a send that overlaps the
 * last close may still return OK. Its transfer then lies in the lane, where a drain finds it.
 *
 * Progress: wait-free.
 */
#ifndef CORINTH_CLOSING_H
#define CORINTH_CLOSING_H

#include <corinth/parking.h>
#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* Bit i stands for port i of the world at that end. As a counter, it is atomic everywhere. */
typedef corinth_counter corinth_port_bits;
CORINTH_STATIC_ASSERT(
    CORINTH_THREADS_MAX <= 8 * sizeof(corinth_port_bits), "each port has a bit");

/* Both ends of a lane. No pointer is in it. */
typedef struct corinth_lane_ends {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) corinth_port_bits sending; /* atomic; who still sends */
    corinth_port_bits receiving; /* atomic; who still receives */
    uint32_t ended; /* atomic; how often the last one that sent has closed; a start leaves it */
} corinth_lane_ends;

CORINTH_INLINE corinth_port_bits corinth_internal_port_bit(uint32_t index)
{
    CORINTH_ASSERT(index < CORINTH_THREADS_MAX);
    return (corinth_port_bits)1 << index;
}

/* Makes them; for an open to follow. */
void corinth_lane_ends_init(corinth_lane_ends *ends);

/* All ports use the lane: `producers` of them send, `consumers` receive. */
void corinth_lane_ends_open(corinth_lane_ends *ends, uint32_t producers, uint32_t consumers);

/* Port `index` sends no more. Returns whether none does. */
bool corinth_lane_ends_close_sending(corinth_lane_ends *ends, uint32_t index);

/* Port `index` receives no more. Returns whether none does. */
bool corinth_lane_ends_close_receiving(corinth_lane_ends *ends, uint32_t index);

/* Sender: whether port `index` may send, and there is still one that receives. */
CORINTH_INLINE bool corinth_lane_ends_may_send(const corinth_lane_ends *ends, uint32_t index)
{
    CORINTH_ASSERT(ends != NULL);
    /* Relaxed, both: its own bit only this thread clears; of the others see the top. */
    corinth_port_bits sending = corinth_internal_load_relaxed_u64(&ends->sending);
    corinth_port_bits receiving = corinth_internal_load_relaxed_u64(&ends->receiving);
    return receiving != 0 && (sending & corinth_internal_port_bit(index)) != 0;
}

/* Receiver: whether port `index` may receive. */
CORINTH_INLINE bool corinth_lane_ends_may_receive(const corinth_lane_ends *ends, uint32_t index)
{
    CORINTH_ASSERT(ends != NULL);
    /* Relaxed: only this thread clears its bit. */
    corinth_port_bits receiving = corinth_internal_load_relaxed_u64(&ends->receiving);
    return (receiving & corinth_internal_port_bit(index)) != 0;
}

/* Any thread: whether a port receives. */
CORINTH_INLINE bool corinth_lane_ends_is_received(const corinth_lane_ends *ends)
{
    CORINTH_ASSERT(ends != NULL);
    /* Relaxed: as above. */
    return corinth_internal_load_relaxed_u64(&ends->receiving) != 0;
}

/* Who rings, after the ring: whether all of the `consumers` ports receive. */
bool corinth_lane_ends_all_receive(const corinth_lane_ends *ends, uint32_t consumers);

/* Receiver: how often the lane has ended. If it ended once more, is_over sees it. */
CORINTH_INLINE uint32_t corinth_lane_ends_count(const corinth_lane_ends *ends)
{
    CORINTH_ASSERT(ends != NULL);
    /* Acquire: with the release in corinth_lane_ends_close_sending. The word was cleared before. */
    return corinth_internal_load_acquire_u32(&ends->ended);
}

/* Receiver, before it looks at the lane: whether nothing more is sent. */
CORINTH_INLINE bool corinth_lane_ends_is_over(const corinth_lane_ends *ends)
{
    CORINTH_ASSERT(ends != NULL);
    /* Acquire: with the release in corinth_lane_ends_close_sending. The look that follows sees what
     * was sent. */
    return corinth_internal_load_acquire_u64(&ends->sending) == 0;
}

CORINTH_END_DECLARATIONS

#endif
