/* parking.c - the cold half of parking.h: only a thread that sleeps or wakes others runs it. */
#include <corinth/parking.h>

#include "barrier.h"
#include "futex.h"

CORINTH_BEGIN_DECLARATIONS

/* The lowest bit of a signal; the count above it goes in steps of SIGNAL_STEP. */
#define SIGNAL_PARKED 1u
#define SIGNAL_STEP 2u

static uint32_t *word_of(const corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(index < bell->threads);
    return &bell->doorbell->sleeping[index / CORINTH_INTERNAL_BELL_WORD_BITS];
}

static uint32_t bit_of(uint32_t index)
{
    return 1u << (index % CORINTH_INTERNAL_BELL_WORD_BITS);
}

bool corinth_needs_fences(void)
{
    return !corinth_internal_barrier_register();
}

void corinth_bell_init(corinth_bell *bell, corinth_doorbell *doorbell, corinth_parker *parkers,
                       corinth_waker *wakers, uint32_t threads, bool is_shared)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT((uintptr_t)doorbell % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT((uintptr_t)parkers % CORINTH_CACHE_LINE == 0);
    CORINTH_ASSERT(threads >= 1);
    CORINTH_ASSERT(threads <= CORINTH_THREADS_MAX);
    bell->doorbell = doorbell;
    bell->parkers = parkers;
    bell->wakers = wakers;
    bell->threads = threads;
    bell->spin_ns = 0;
    bell->waiting = CORINTH_WAITING_PARK;
    bell->is_shared = is_shared;
    for (uint32_t index = 0; index < threads; index++) {
        wakers[index].function = NULL;
        wakers[index].context = NULL;
        bell->is_fenced[index] = is_shared;
    }
}

void corinth_bell_reset(corinth_bell *bell, bool is_fenced)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(is_fenced || !bell->is_shared);
    /* Relaxed, all: handing the memory to its threads orders them. */
    for (uint32_t word = 0; word < CORINTH_INTERNAL_BELL_WORDS; word++) {
        uint32_t flags = is_fenced && word == 0 ? CORINTH_INTERNAL_BELL_FENCES : 0;
        corinth_internal_store_relaxed_u32(&bell->doorbell->sleeping[word], flags);
    }
    for (uint32_t index = 0; index < bell->threads; index++) {
        corinth_internal_store_relaxed_u32(&bell->parkers[index].signal, 0);
        corinth_internal_store_relaxed_u32(&bell->parkers[index].interrupted, 0);
        bell->is_fenced[index] = is_fenced;
    }
}

bool corinth_bell_is_fenced(const corinth_bell *bell)
{
    CORINTH_ASSERT(bell != NULL);
    /* Relaxed: it is only told. */
    uint32_t first = corinth_internal_load_relaxed_u32(&bell->doorbell->sleeping[0]);
    return (first & CORINTH_INTERNAL_BELL_FENCES) != 0;
}

void corinth_bell_set_wake(
    const corinth_bell *bell, uint32_t index, corinth_wake_function function, void *context)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(index < bell->threads);
    bell->wakers[index].function = function;
    bell->wakers[index].context = context;
}

/* Sleeps for CORINTH_SETTLE_NS, come what may. */
static void settle(void)
{
    uint32_t word = 0; /* No other thread knows it. */
    uint64_t deadline_ns = corinth_deadline_ns(CORINTH_SETTLE_NS);
    uint64_t left_ns = CORINTH_SETTLE_NS;
    while (left_ns > 0) {
        corinth_internal_futex_wait(&word, 0, left_ns, false);
        left_ns = corinth_time_left_ns(deadline_ns);
    }
}

/* The system has begun to refuse barriers: lets senders know that they have to pass fences. */
static void begin_fences(corinth_bell *const *bells, size_t count, uint32_t index)
{
    for (size_t i = 0; i < count; i++) {
        CORINTH_ASSERT(bells[i]->is_fenced[index] || !bells[i]->is_shared);
        /* Relaxed: nothing is handed over by it. Senders see it in finite time; what began before
         * they did has ended when this thread has slept. */
        (void)corinth_internal_fetch_or_relaxed_u32(
            &bells[i]->doorbell->sleeping[0], CORINTH_INTERNAL_BELL_FENCES);
    }
    settle();
    for (size_t i = 0; i < count; i++) {
        bells[i]->is_fenced[index] = true;
    }
}

/* Sets the thread's bit at each of them. */
static void announce(corinth_bell *const *bells, size_t count, uint32_t index)
{
    for (size_t i = 0; i < count; i++) {
        CORINTH_ASSERT(bells[i]->parkers == bells[0]->parkers);
        /* Release: with the acquire in corinth_bell_wake; the ringer sees the key's signal and the
         * wake function as this thread left them. */
        uint32_t before =
            corinth_internal_fetch_or_release_u32(word_of(bells[i], index), bit_of(index));
        CORINTH_ASSERT((before & bit_of(index)) == 0);
        (void)before;
    }
}

/* Has the caller's look at its lanes come after its announcement, as the proof asks for. */
static void separate(corinth_bell *const *bells, size_t count, uint32_t index)
{
    bool needs_fence = false;
    bool needs_barrier = false;
    for (size_t i = 0; i < count; i++) {
        needs_fence |= bells[i]->is_fenced[index];
        needs_barrier |= !bells[i]->is_fenced[index];
    }
    /* The barrier stands for a fence between the publication and the look of
     * corinth_doorbell_is_heard in every sender. */
    if (needs_barrier && !corinth_internal_barrier()) {
        begin_fences(bells, count, index);
        needs_fence = true;
    }
    if (needs_fence) {
        /* With the fence in corinth_internal_bell_ring: as the barrier, but senders pass their own
         * fence. */
        corinth_internal_fence_seq_cst();
    }
}

uint32_t corinth_bells_prepare(corinth_bell *const *bells, size_t count, uint32_t index)
{
    CORINTH_ASSERT(count > 0);
    CORINTH_ASSERT(index < bells[0]->threads);
    /* Relaxed, and before a bit is set: a ringer that finds the bit raises the signal beyond this
     * key. A late ringer of an earlier round makes the next commit return early, no more. If the
     * key counts an interrupt, commit sees its flag: the fence or barrier is between them. */
    uint32_t key = corinth_internal_load_relaxed_u32(&bells[0]->parkers[index].signal);
    CORINTH_ASSERT((key & SIGNAL_PARKED) == 0);
    announce(bells, count, index);
    separate(bells, count, index);
    return key;
}

/* Clears the bit. Returns false if a ringer had cleared it: then that ring was for this thread. */
static bool withdraw(const corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(bell != NULL);
    /* Acquire: with the fence of the ringer that cleared the bit, if one did. This thread then sees
     * in its lanes what that ringer had published. */
    uint32_t before = corinth_internal_fetch_and_acquire_u32(word_of(bell, index), ~bit_of(index));
    return (before & bit_of(index)) != 0;
}

/* The same at each of them. Returns whether a ringer was first at one. */
static bool withdraw_all(corinth_bell *const *bells, size_t count, uint32_t index)
{
    CORINTH_ASSERT(count > 0);
    bool is_rung = false;
    for (size_t i = 0; i < count; i++) {
        is_rung |= !withdraw(bells[i], index);
    }
    return is_rung;
}

void corinth_bells_cancel(corinth_bell *const *bells, size_t count, uint32_t index)
{
    CORINTH_ASSERT(count > 0);
    (void)withdraw_all(bells, count, index);
}

/* Whether a ringer has chosen this thread since it prepared. */
static bool is_rung(corinth_bell *const *bells, size_t count, uint32_t index)
{
    CORINTH_ASSERT(count > 0);
    bool is_asleep = true;
    for (size_t i = 0; i < count; i++) {
        /* Relaxed: it only decides whether to sleep again; withdraw acquires before commit
         * returns. */
        uint32_t sleeping = corinth_internal_load_relaxed_u32(word_of(bells[i], index));
        is_asleep &= (sleeping & bit_of(index)) != 0;
    }
    return !is_asleep;
}

/* Whether an interrupt waits to be taken. */
static bool is_interrupted(const corinth_parker *parker)
{
    CORINTH_ASSERT(parker != NULL);
    /* Relaxed: as in is_rung; taking it acquires. */
    return corinth_internal_load_relaxed_u32(&parker->interrupted) != 0;
}

/* Sleeps until the signal isn't `key` any more or the time is over; it may also return early. */
static void park(corinth_parker *parker, uint32_t key, uint64_t timeout_ns, bool is_shared)
{
    CORINTH_ASSERT(parker != NULL);
    /* Relaxed: both sides do a read-modify-write on this word. Either this thread sees the raised
     * count and doesn't sleep, or the ringer sees the parked bit and wakes it. */
    uint32_t before = corinth_internal_fetch_or_relaxed_u32(&parker->signal, SIGNAL_PARKED);
    CORINTH_ASSERT((before & SIGNAL_PARKED) == 0);
    if (before == key) {
        corinth_internal_futex_wait(&parker->signal, key | SIGNAL_PARKED, timeout_ns, is_shared);
    }
    /* Relaxed: a ringer that still sees the bit makes a wake call without effect. */
    (void)corinth_internal_fetch_and_relaxed_u32(&parker->signal, ~SIGNAL_PARKED);
}

corinth_status corinth_bells_commit(
    corinth_bell *const *bells, size_t count, uint32_t index, uint32_t key, uint64_t timeout_ns)
{
    CORINTH_ASSERT(count > 0);
    CORINTH_ASSERT(index < bells[0]->threads);
    CORINTH_ASSERT((key & SIGNAL_PARKED) == 0);
    corinth_parker *parker = &bells[0]->parkers[index];
    uint64_t deadline_ns = corinth_deadline_ns(timeout_ns);
    uint64_t left_ns = timeout_ns;
    while (left_ns > 0 && !is_rung(bells, count, index) && !is_interrupted(parker)) {
        park(parker, key, left_ns, bells[0]->is_shared);
        /* Acquire: with the release in notify. If the new key includes this round's ring, the look
         * at the bit that follows must see it cleared, or the thread would sleep forever; likewise
         * an interrupt's flag. */
        key = corinth_internal_load_acquire_u32(&parker->signal);
        left_ns = corinth_time_left_ns(deadline_ns);
    }
    /* The bit, not the signal, says whether this thread was rung: a ringer that cleared it may not
     * have raised the signal yet, and doesn't choose another thread for these transfers. */
    if (withdraw_all(bells, count, index)) {
        return CORINTH_OK;
    }
    return is_interrupted(parker) ? CORINTH_CANCELLED : CORINTH_TIMED_OUT;
}

/* Ends the sleep of a thread whose bit the caller has cleared, or whose flag it has set. */
static void notify(const corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(index < bell->threads);
    corinth_parker *parker = &bell->parkers[index];
    const corinth_waker *waker = &bell->wakers[index];
    /* Release: with the acquire in corinth_bells_commit. The bit was cleared, or the flag set,
     * before. */
    uint32_t before = corinth_internal_fetch_add_release_u32(&parker->signal, SIGNAL_STEP);
    if ((before & SIGNAL_PARKED) != 0) {
        corinth_internal_futex_wake(&parker->signal, 1, bell->is_shared);
    }
    if (waker->function != NULL) {
        waker->function(waker->context);
    }
}

void corinth_bell_interrupt(const corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(index < bell->threads);
    /* Release: with the acquire in corinth_bell_take_interrupt; what the caller did comes before
     * the interrupt. */
    corinth_internal_store_release_u32(&bell->parkers[index].interrupted, 1);
    notify(bell, index);
}

bool corinth_bell_take_interrupt(const corinth_bell *bell, uint32_t index)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(index < bell->threads);
    corinth_parker *parker = &bell->parkers[index];
    /* Acquire: with the release in corinth_bell_interrupt. */
    return is_interrupted(parker)
        && corinth_internal_exchange_acquire_u32(&parker->interrupted, 0) != 0;
}

void corinth_bell_wake(const corinth_bell *bell, size_t transfers)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(transfers > 0);
    for (uint32_t word = 0; word * CORINTH_INTERNAL_BELL_WORD_BITS < bell->threads; word++) {
        uint32_t *bits = &bell->doorbell->sleeping[word];
        /* A thread that goes to sleep after this load finds what was published: see the proof. */
        uint32_t sleeping = corinth_internal_load_relaxed_u32(bits);
        sleeping &= ~CORINTH_INTERNAL_BELL_FENCES;
        while (sleeping != 0 && transfers > 0) {
            uint32_t bit = sleeping & (0u - sleeping);
            sleeping &= ~bit;
            /* Acquire: with the release in corinth_bells_prepare. That withdraw, which acquires,
             * sees what was published before this ring, the caller's fence sees to. */
            uint32_t before = corinth_internal_fetch_and_acquire_u32(bits, ~bit);
            if ((before & bit) != 0) {
                uint32_t first = word * CORINTH_INTERNAL_BELL_WORD_BITS;
                notify(bell, first + (uint32_t)__builtin_ctz(bit));
                transfers--;
            }
        }
    }
}

void corinth_internal_bell_ring(const corinth_bell *bell, size_t transfers)
{
    CORINTH_ASSERT(bell != NULL);
    CORINTH_ASSERT(transfers > 0);
    /* With the fence in corinth_bells_prepare, where the doorbell has fences: the sleeper sees what
     * was published, or the look that follows sees its bit. */
    corinth_internal_fence_seq_cst();
    corinth_bell_wake(bell, transfers);
}

CORINTH_END_DECLARATIONS
