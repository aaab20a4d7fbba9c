/*
 * parking.h - an eventcount: a world's threads sleep until a lane has something for them.
 *
 * A world has a doorbell, for what comes into it, and each of its threads a parker. A sender looks
 * at the doorbell after each publication and rings it if a thread is asleep; a ring for n transfers
 * wakes up to n of the threads that sleep. A thread that was woken must receive until its lanes are
 * empty, or wait again, which returns at once if something is there. (An eventcount: prepare, look,
 * commit. After Vyukov's and folly's.)
 *
 * A lane whose senders wait for room has a doorbell too: there its source's threads sleep, on the
 * same parkers, and a receiver that has freed slots is the one who rings. What follows calls sender
 * who publishes and rings, and lanes what a sleeper looks at. A thread may sleep at several
 * doorbells at once.
 *
 *     awake      the parker's bit in `sleeping` is 0
 *     prepared   its thread set the bit and must look at its lanes before it sleeps
 *     parked     prepared, and the lowest bit of `signal` says that the thread is in the kernel
 *     rung       a ringer cleared the bit; that ringer alone raises `signal` and wakes the thread
 *
 * The bit belongs to the thread that clears it: the ringer, and then exactly one signal follows, or
 * the sleeper that withdraws. A sleeper whose time ran out but whose bit was already cleared was
 * rung: it returns OK, because the ring that chose it will not choose another.
 *
 * An interrupt is for one thread, wherever it sleeps. It clears no bit: it sets the parker's flag
 * and then raises the signal. The flag stays until the thread takes it, so an interrupt that comes
 * while the thread is awake ends its next sleep.
 *
 * No wake-up is lost. Each side stores to one word and then loads the other's:
 *
 *     sender    publish the slot;  (compiler fence)   load sleeping
 *     sleeper   set own bit;       barrier;           look at the lanes;  sleep
 *
 * On both sides the load must not be taken before the store. A fence on both sides would see to
 * that, but senders would pay for it with each send. So the fences are asymmetric: the sender keeps
 * only its compiler from swapping the two, and the sleeper, which is about to spend microseconds
 * anyway, makes the operating system run a full fence in every other thread of the process
 * (barrier.h). That fence falls somewhere in the sender's program:
 *
 *     behind the publication    the sleeper's look comes after the barrier and sees the slot
 *     before the publication    the sender's load comes after the fence, and with it after the bit
 *                               was set: it sees the bit, or that a ringer has cleared it since
 *
 * In the second case the ringer that cleared the bit wakes the thread, which looks again behind a
 * later barrier of its own, and the argument repeats. The same holds for `stop`, which publishes
 * that the coordinator isn't running. (Asymmetric fences: Dice, Huang and Yang 2001; C++ P1202.)
 *
 * Where the system refuses barriers, both sides pass a seq_cst fence, one of which comes first in
 * their single total order (Dekker's argument). The doorbell says so by a bit of the word that
 * senders look at: it is never 0 then, and every look ends in the slow path, which begins with the
 * fence. A barrier can also fail later, when a program installs a filter for system calls while it
 * runs. Then the sleeper sets that bit, sleeps for CORINTH_SETTLE_NS once, in which every send that
 * hasn't seen the bit comes to its end, and relies on fences from then on.
 *
 * Doorbell and parkers hold no pointer, so that they may lie in memory that several processes map.
 * Each process then has a corinth_bell of its own, which knows where they are in that process, and
 * which wake functions it calls. A barrier doesn't reach the threads of another process, so a bell
 * that processes share has fences from the start.
 *
 * Sleeping itself can't miss the signal, for both sides do a read-modify-write on that one word:
 * either the ringer sees the parked bit and wakes the thread, or the thread sees the changed count
 * and doesn't sleep.
 *
 * Progress: prepare, cancel and ring are wait-free, except for the system's calls. commit blocks.
 */
#ifndef CORINTH_PARKING_H
#define CORINTH_PARKING_H

#include <corinth/os/clock.h>
#include <corinth/platform.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

/* A world has at most this many threads. The words of its doorbell hold 31 bits of theirs each. */
#define CORINTH_THREADS_MAX 64
#define CORINTH_INTERNAL_BELL_WORDS 3
#define CORINTH_INTERNAL_BELL_WORD_BITS 31
CORINTH_STATIC_ASSERT(
    CORINTH_INTERNAL_BELL_WORDS * CORINTH_INTERNAL_BELL_WORD_BITS >= CORINTH_THREADS_MAX,
    "each thread has a bit");

/* In the first word: senders have to pass a fence before they know whether a thread sleeps. */
#define CORINTH_INTERNAL_BELL_FENCES (1u << CORINTH_INTERNAL_BELL_WORD_BITS)

/* How long a sleeper waits for sends that began before they could see that bit. */
#define CORINTH_SETTLE_NS 10000000u

/* How long a sender looks for room again and again before it sleeps, where that can be of use. */
#define CORINTH_SPIN_NS 2000u

/* How a thread waits. */
typedef enum corinth_waiting {
    CORINTH_WAITING_PARK = 0, /* it sleeps until it is rung */
    CORINTH_WAITING_YIELD,    /* it looks again and again, and lets others run between two looks */
    CORINTH_WAITING_SPIN      /* it looks again and again, and keeps its core */
} corinth_waiting;

/*
 * What a thread waits for is a set of bits. This one is for transfers into its world; rooms have
 * the others.
 */
#define CORINTH_INBOUND UINT64_C(1)

/* What a thread sleeps on. The signal counts in steps of 2; its lowest bit is the parked bit. */
typedef struct corinth_parker {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t signal; /* atomic; the futex word */
    uint32_t interrupted; /* atomic; 1 until the thread takes it */
} corinth_parker;

/* What senders look at: a bit a thread. Its line is written only when a thread goes to sleep. */
typedef struct corinth_doorbell {
    CORINTH_ALIGNAS(CORINTH_CACHE_LINE) uint32_t sleeping[CORINTH_INTERNAL_BELL_WORDS]; /* atomic */
} corinth_doorbell;

/*
 * Called in the ringing thread when it rings a prepared thread. It must not block or call into the
 * port; it is meant for writing to an eventfd. It may still be called once after that thread
 * withdrew, so `context` must live until all senders are joined.
 */
typedef void (*corinth_wake_function)(void *context);

/* What one process knows of a thread that sleeps, here or in another process. */
typedef struct corinth_waker {
    corinth_wake_function function; /* may be NULL */
    void *context;
} corinth_waker;

/* One process's handle on a doorbell. Any of its threads may use it once it is made. */
typedef struct corinth_bell {
    corinth_doorbell *doorbell;
    corinth_parker *parkers; /* one a thread; all doorbells of these threads have the same ones */
    corinth_waker *wakers;   /* likewise */
    uint32_t threads;
    uint32_t spin_ns; /* CORINTH_SPIN_NS, or 0: how long a sender looks before it sleeps here */
    corinth_waiting waiting; /* if its threads don't park, no thread sleeps here and none rings */
    bool is_shared; /* sleepers and senders may be of several processes */
    bool is_fenced[CORINTH_THREADS_MAX]; /* each thread's own: it has to rely on fences here */
} corinth_bell;

/*
 * Asks the system for barriers. Returns whether senders must pass fences instead, because it has
 * none or refuses them. Once or more often in a process, from any thread.
 */
bool corinth_needs_fences(void);

/*
 * Makes the handle of threads that park at once, with fences if the bell is shared, and this
 * process's wakers, without a wake function. It leaves doorbell and parkers alone, which another
 * process may be using.
 */
void corinth_bell_init(corinth_bell *bell, corinth_doorbell *doorbell, corinth_parker *parkers,
                       corinth_waker *wakers, uint32_t threads, bool is_shared);

/*
 * Makes doorbell and parkers: no thread sleeps. `is_fenced` is what corinth_needs_fences returned,
 * or true; a shared bell's is true. While no other thread, of any process, uses the bell.
 */
void corinth_bell_reset(corinth_bell *bell, bool is_fenced);

/* Whether senders pass fences by now, for want of barriers. Any thread. */
bool corinth_bell_is_fenced(const corinth_bell *bell);

/*
 * Sets what this process's rings call for thread `index`; NULL is nothing. That thread sets it
 * before its first prepare, or another process before it rings; it isn't changed later.
 */
void corinth_bell_set_wake(
    const corinth_bell *bell, uint32_t index, corinth_wake_function function, void *context);

/*
 * Sleeper: announces at `count` doorbells, at least one, that thread `index` is about to sleep.
 * Returns the key for commit. Between this and commit or cancel the thread looks at its lanes; what
 * it finds it takes after a cancel.
 */
uint32_t corinth_bells_prepare(corinth_bell *const *bells, size_t count, uint32_t index);

/*
 * Sleeper: sleeps until it is rung at one of them, at most `timeout_ns` nanoseconds. The thread is
 * awake at all of them afterwards. OK if it was rung since prepare; otherwise CANCELLED if it was
 * interrupted, which it still has to take, or TIMED_OUT.
 */
corinth_status corinth_bells_commit(
    corinth_bell *const *bells, size_t count, uint32_t index, uint32_t key, uint64_t timeout_ns);

/* Sleeper: withdraws. This may use up rings that came since prepare, so look at the lanes. */
void corinth_bells_cancel(corinth_bell *const *bells, size_t count, uint32_t index);

/* The same three for one doorbell. */
static inline uint32_t corinth_bell_prepare(corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(index < bell->threads);
    return corinth_bells_prepare(&bell, 1, index);
}

static inline corinth_status corinth_bell_commit(
    corinth_bell *bell, uint32_t index, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(index < bell->threads);
    return corinth_bells_commit(&bell, 1, index, key, timeout_ns);
}

static inline void corinth_bell_cancel(corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(index < bell->threads);
    corinth_bells_cancel(&bell, 1, index);
}

/*
 * Any thread: ends the sleep that thread `index` is in, or its next one. `bell` is any that has its
 * parker. The thread's wake function is called, whether it is prepared or not.
 */
void corinth_bell_interrupt(const corinth_bell *bell, uint32_t index);

/* Thread `index`: whether it was interrupted since it took the last interrupt. Takes it. */
bool corinth_bell_take_interrupt(const corinth_bell *bell, uint32_t index);

/*
 * Sender: wakes up to `transfers` sleeping threads; for one that corinth_doorbell_is_heard told to.
 * It passes corinth_internal_fence_seq_cst before this and before it counts what to ring for.
 */
void corinth_bell_wake(const corinth_bell *bell, size_t transfers);

/* The whole slow half of corinth_bell_ring. */
void corinth_internal_bell_ring(const corinth_bell *bell, size_t transfers);

/*
 * Sender: after publishing, whether there may be a thread to wake among the first `threads`, which
 * is the same number as the bell's and best a constant. If so, ring or wake. It is apart from the
 * bell, so that a sender may keep the doorbell's address with what else it looks at.
 */
CORINTH_INLINE bool corinth_doorbell_is_heard(const corinth_doorbell *doorbell, uint32_t threads)
{
    CORINTH_ASSERT(threads >= 1);
    CORINTH_ASSERT(threads <= CORINTH_THREADS_MAX);
    /* The compiler keeps the loads behind the publication; for the processor the sleeper's barrier
     * in corinth_bells_prepare does: see the proof above. */
    corinth_internal_fence_signal();
    uint32_t heard = 0;
    for (uint32_t word = 0; word * CORINTH_INTERNAL_BELL_WORD_BITS < threads; word++) {
        /* Relaxed: the barrier orders it behind the publication; what follows acquires. */
        heard |= corinth_internal_load_relaxed_u32(&doorbell->sleeping[word]);
    }
    return CORINTH_UNLIKELY(heard != 0);
}

/* Sender: after publishing `transfers` transfers, wakes up to as many sleeping threads. */
static inline void corinth_bell_ring(const corinth_bell *bell, size_t transfers)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(transfers > 0);
    if (corinth_doorbell_is_heard(bell->doorbell, bell->threads)) {
        corinth_internal_bell_ring(bell, transfers);
    }
}

CORINTH_END_DECLARATIONS

#endif
