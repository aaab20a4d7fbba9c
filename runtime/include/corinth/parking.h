/*
 * parking.h - how a world sleeps until a lane into it has something, and how it is woken.
 *
 * A world has one doorbell, and each of its threads a parker. Senders ring the doorbell after they
 * published; a ring for n transfers wakes up to n of the threads that sleep. Whoever is woken must
 * receive until its lanes are empty, or wait again, which answers at once if something is there.
 *
 *     awake      the parker's bit in `sleeping` is 0
 *     prepared   its thread set the bit and must look at its lanes before it sleeps
 *     parked     prepared, and the lowest bit of `signal` says that the thread is in the kernel
 *     rung       a ringer cleared the bit: it alone will raise `signal` and wake the thread
 *
 * The bit belongs to whoever clears it: the ringer (and then exactly one signal follows), or the
 * thread that withdraws. A thread whose time ran out but whose bit was already cleared was rung: it
 * answers OK, because the ring that chose it will not choose another.
 *
 * No wake-up is lost. Two words and two sequentially consistent fences (store, then load the
 * other):
 *
 *     sender   publish the slot;   fence;   load sleeping
 *     sleeper  set own bit;        fence;   look at the lanes;   sleep
 *
 * One of the fences comes first in their single total order. If the sender's does, the sleeper's
 * look comes after it and sees the slot. If the sleeper's does, the sender's load sees the bit, or
 * that another ringer has cleared it since; then that one wakes the thread, which looks again
 * behind a later fence of its own, and the argument repeats. The same holds for `stop`, which
 * publishes that the coordinator isn't running. Sleeping itself can't miss the signal, for both
 * sides do a read-modify-write on that one word: either the ringer sees the parked bit and wakes
 * the thread, or the thread sees the changed count and doesn't sleep. (The fences: Dekker's
 * argument. A prepare, look, commit interface: Vyukov's and folly's event counts.)
 *
 * Progress: prepare, cancel and ring are wait-free but for the kernel's wake. commit blocks.
 */
#ifndef CORINTH_PARKING_H
#define CORINTH_PARKING_H

#include <corinth/platform.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

/* A time-out in nanoseconds that never comes. */
#define CORINTH_FOREVER UINT64_MAX

/* A world has at most this many threads: two words of bits. */
#define CORINTH_THREADS_MAX 64
#define CORINTH_INTERNAL_BELL_WORDS 2
#define CORINTH_INTERNAL_BELL_WORD_BITS 32
CORINTH_STATIC_ASSERT(
    CORINTH_INTERNAL_BELL_WORDS * CORINTH_INTERNAL_BELL_WORD_BITS == CORINTH_THREADS_MAX,
    "each thread has a bit");

/*
 * Called in the ringing thread when the parker's thread is rung while prepared. It must not block
 * and not call into the port; writing an eventfd is what it is for. It may still be called once
 * after the thread withdrew, so `context` lives until all senders are joined.
 */
typedef void (*corinth_wake_function)(void *context);

/* What a thread sleeps on. The signal counts in steps of 2; its lowest bit is the parked bit. */
typedef struct corinth_parker {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t signal; /* atomic; the futex word */
    corinth_wake_function wake; /* may be NULL; set before the first prepare, then left alone */
    void *context;
} corinth_parker;

/* What senders look at: one bit a thread. Nobody writes its line unless somebody goes to sleep. */
typedef struct corinth_doorbell {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t sleeping[CORINTH_INTERNAL_BELL_WORDS]; /* atomic */
} corinth_doorbell;

/* From one thread, before any other uses it. */
void corinth_doorbell_init(corinth_doorbell *bell, corinth_parker *parkers, uint32_t threads);

/*
 * Sleeper: announces that thread `index` is about to sleep. Answers the key for commit. Between
 * this and commit or cancel the thread looks at its lanes; what it finds it takes after a cancel.
 */
uint32_t corinth_parker_prepare(corinth_doorbell *bell, corinth_parker *parkers, uint32_t index);

/*
 * Sleeper: sleeps until rung, at most `timeout_ns` nanoseconds. OK when it was rung since prepare,
 * TIMED_OUT when not. Afterwards the thread is awake.
 */
corinth_status corinth_parker_commit(corinth_doorbell *bell, corinth_parker *parkers,
                                     uint32_t index, uint32_t key, uint64_t timeout_ns);

/* Sleeper: withdraws. A ring that came meanwhile has been taken; so look at the lanes. */
void corinth_parker_cancel(corinth_doorbell *bell, uint32_t index);

/* The slow half of corinth_doorbell_ring: somebody may be asleep. */
void corinth_internal_doorbell_wake(
    corinth_doorbell *bell, corinth_parker *parkers, size_t transfers);

/* A clock in nanoseconds that only goes forward; the runtime's time-outs are measured by it. */
uint64_t corinth_clock_ns(void);

/* When a time-out that begins now is over, on that clock; CORINTH_FOREVER stays for ever. */
uint64_t corinth_deadline_ns(uint64_t timeout_ns);

/* The time-out that is left until then; 0 when it is over. */
uint64_t corinth_time_left_ns(uint64_t deadline_ns);

/* Sender: after publishing `transfers` transfers, wakes up to as many sleeping threads. */
static inline void corinth_doorbell_ring(
    corinth_doorbell *bell, corinth_parker *parkers, size_t transfers)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(parkers != NULL);
    /* With the fence in corinth_parker_prepare: see the proof above. */
    corinth_internal_fence_seq_cst();
    uint32_t sleeping = 0;
    for (int word = 0; word < CORINTH_INTERNAL_BELL_WORDS; word++) {
        /* Relaxed: the fence orders it behind the publication; what follows acquires. */
        sleeping |= corinth_internal_load_relaxed_u32(&bell->sleeping[word]);
    }
    if (CORINTH_UNLIKELY(sleeping != 0)) {
        corinth_internal_doorbell_wake(bell, parkers, transfers);
    }
}

CORINTH_END_DECLARATIONS

#endif
