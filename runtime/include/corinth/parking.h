/*
 * parking.h - an eventcount: a world's threads sleep until a lane into it has something.
 *
 * A world has one doorbell, and each of its threads has a parker. Senders ring the doorbell after
 * they published; a ring for n transfers wakes up to n sleeping threads. A woken thread must
 * receive until its lanes are empty, or wait again; the wait returns at once if a lane isn't empty.
 *
 *     awake      the parker's bit in `sleeping` is 0
 *     prepared   its thread set the bit and must look at its lanes before it sleeps
 *     parked     prepared, and the lowest bit of `signal` says that the thread is in the kernel
 *     rung       a ringer cleared the bit; that ringer alone raises `signal` and wakes the thread
 *
 * Either a ringer clears the bit, and then exactly one signal follows, or the thread itself clears
 * it and so withdraws. A thread whose time ran out after a ringer had cleared its bit was rung: its
 * wait returns OK, because the ring that chose it doesn't choose another thread instead.
 *
 * No wake-up is lost. There are two words and two sequentially consistent fences; each side stores
 * one of the words, then loads the other:
 *
 *     sender   publish the slot;   fence;   load sleeping
 *     sleeper  set own bit;        fence;   look at the lanes;   sleep
 *
 * One of the fences comes first in their single total order. If it is the sender's, the sleeper's
 * look comes after it and sees the slot. If it is the sleeper's, the sender's load sees the bit, or
 * sees that another ringer has cleared it since. In that case the other ringer wakes the thread,
 * which looks again after a later fence of its own, and the argument repeats. The same holds for
 * `stop`, which publishes that the coordinator isn't running. Sleeping itself can't miss the
 * signal, because both sides do a read-modify-write on that one word: either the ringer sees the
 * parked bit and wakes the thread, or the thread sees the changed count and doesn't sleep. (The
 * fences: Dekker's argument. The prepare, look, commit interface: Vyukov's and folly's
 * eventcounts.)
 *
 * Progress: prepare, cancel and ring are wait-free, except for the kernel's wake. commit blocks.
 */
#ifndef CORINTH_PARKING_H
#define CORINTH_PARKING_H

#include <corinth/platform.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

/* A time-out in nanoseconds that never ends. */
#define CORINTH_FOREVER UINT64_MAX

/* A world has at most this many threads: two words of bits. */
#define CORINTH_THREADS_MAX 64
#define CORINTH_INTERNAL_BELL_WORDS 2
#define CORINTH_INTERNAL_BELL_WORD_BITS 32
CORINTH_STATIC_ASSERT(
    CORINTH_INTERNAL_BELL_WORDS * CORINTH_INTERNAL_BELL_WORD_BITS == CORINTH_THREADS_MAX,
    "each thread has a bit");

/*
 * Called in the ringing thread when it rings a prepared thread. It must not block or call into the
 * port; it is meant for writing to an eventfd. It may still be called once after that thread
 * withdrew, so `context` must live until all senders are joined.
 */
typedef void (*corinth_wake_function)(void *context);

/* What a thread sleeps on. The signal counts in steps of 2; its lowest bit is the parked bit. */
typedef struct corinth_parker {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t signal; /* atomic; the futex word */
    corinth_wake_function wake; /* may be NULL; set before the first prepare, not changed later */
    void *context;
} corinth_parker;

/* What senders look at: one bit per thread. No thread writes it unless one goes to sleep. */
typedef struct corinth_doorbell {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t sleeping[CORINTH_INTERNAL_BELL_WORDS]; /* atomic */
} corinth_doorbell;

/* Called from one thread, before any other thread uses the doorbell. */
void corinth_doorbell_init(corinth_doorbell *bell, corinth_parker *parkers, uint32_t threads);

/*
 * Sleeper: announces that thread `index` is about to sleep. Returns the key for commit. The thread
 * then looks at its lanes: if one has something, it cancels and receives; otherwise it commits.
 */
uint32_t corinth_parker_prepare(corinth_doorbell *bell, corinth_parker *parkers, uint32_t index);

/*
 * Sleeper: sleeps until it is rung, at most `timeout_ns` nanoseconds. Returns OK if it was rung
 * since prepare, otherwise TIMED_OUT. The thread is awake afterwards.
 */
corinth_status corinth_parker_commit(corinth_doorbell *bell, corinth_parker *parkers,
                                     uint32_t index, uint32_t key, uint64_t timeout_ns);

/* Sleeper: withdraws. This may use up a ring that came since prepare, so look at the lanes. */
void corinth_parker_cancel(corinth_doorbell *bell, uint32_t index);

/* The slow half of corinth_doorbell_ring: a thread may be asleep. */
void corinth_internal_doorbell_wake(
    corinth_doorbell *bell, corinth_parker *parkers, size_t transfers);

/* A clock in nanoseconds that never goes back; the runtime measures its time-outs by it. */
uint64_t corinth_clock_ns(void);

/* The time on that clock at which a time-out that begins now ends; CORINTH_FOREVER never ends. */
uint64_t corinth_deadline_ns(uint64_t timeout_ns);

/* How much of the time-out is left before that deadline; 0 when it has passed. */
uint64_t corinth_time_left_ns(uint64_t deadline_ns);

/* Sender: after publishing `transfers` transfers, wakes up to as many sleeping threads. */
static inline void corinth_doorbell_ring(
    corinth_doorbell *bell, corinth_parker *parkers, size_t transfers)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(parkers != NULL);
    CORINTH_ASSERT(transfers > 0);
    /* With the fence in corinth_parker_prepare: see the proof above. */
    corinth_internal_fence_seq_cst();
    uint32_t sleeping = 0;
    for (int word = 0; word < CORINTH_INTERNAL_BELL_WORDS; word++) {
        /* Relaxed: the fence puts it after the publication; the slow half acquires. */
        sleeping |= corinth_internal_load_relaxed_u32(&bell->sleeping[word]);
    }
    if (CORINTH_UNLIKELY(sleeping != 0)) {
        corinth_internal_doorbell_wake(bell, parkers, transfers);
    }
}

CORINTH_END_DECLARATIONS

#endif
