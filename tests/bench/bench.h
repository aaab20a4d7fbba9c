/*
 * bench.h - what the harness and the contenders agree on, in C and C++.
 *
 * A contender is one queue used in one way. Its source is compiled once for each size of item, with
 * BENCH_BYTES set, so that its loops are as specialised as a user's would be; it registers itself
 * before main, so that one whose package is absent just isn't linked.
 *
 * All contenders do the same work: the producer writes every word of an item and the consumer reads
 * every word, adds them up and checks the order of each producer's numbers.
 */
#ifndef BENCH_H
#define BENCH_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BENCH_PRODUCERS_MAX 4 /* a power of two */
/* An item's number: its producer above, the count below. */
#define BENCH_PRODUCER_SHIFT 48
/* Failed attempts in a row after which a thread lets another one run, if there are few cores. */
#define BENCH_SPINS 32

/* One thread's part in a run. */
typedef struct bench_side {
    uint32_t thread;                  /* its number among the producers, or the consumers */
    uint64_t items;                   /* that each producer sends */
    uint64_t received;                /* by who receives, as what follows */
    uint64_t sum;                     /* of all words */
    uint64_t next[BENCH_PRODUCERS_MAX]; /* no lower number may come */
    bool is_out_of_order;
    bool is_oversubscribed;           /* there are more threads than cores */
    uint32_t failures;                /* in a row */
    const uint32_t *producers_left;   /* atomic */
    uint64_t *trips_ns;               /* round trip: what each of the items took */
} bench_side;

typedef struct bench_contender {
    const char *name;
    const char *note;     /* how it is used */
    const char *lane;     /* "spsc", "mpmc", or "trip" for a round trip over two queues */
    size_t bulk;          /* the most items that a call moves */
    bool is_in_place;     /* no copy beyond writing and reading the slot itself */
    bool can_sleep;       /* its threads leave their cores when they have to wait */
    size_t bytes;         /* of an item */
    size_t capacity;      /* the only one that it has, or 0 */
    void *(*create)(size_t capacity);
    void (*destroy)(void *queue);
    void (*produce)(void *queue, bench_side *side); /* sends side->items items */
    void (*consume)(void *queue, bench_side *side); /* receives until nothing more will come */
} bench_contender;

/* Keeps a pointer to it. */
void bench_register(const bench_contender *contender);

#define BENCH_REGISTER(contender) \
    __attribute__((constructor)) static void bench_register_it(void) \
    { \
        for (size_t i = 0; i < sizeof(contender) / sizeof((contender)[0]); i++) { \
            bench_register(&(contender)[i]); \
        } \
    } \
    extern int bench_semicolon

static inline void bench_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* The queue was full, or empty: the same for everybody. */
static inline void bench_failed(bench_side *side)
{
    bench_pause();
    side->failures++;
    if (side->is_oversubscribed && side->failures >= BENCH_SPINS) {
        side->failures = 0;
        (void)sched_yield();
    }
}

/* Whether all items were sent. What is received after this was asked is all there is. */
static inline bool bench_all_sent(const bench_side *side)
{
    return __atomic_load_n(side->producers_left, __ATOMIC_ACQUIRE) == 0;
}

static inline uint64_t bench_number(const bench_side *side, uint64_t index)
{
    return (uint64_t)side->thread << BENCH_PRODUCER_SHIFT | index;
}

/* The first of an item's words is its number, the second its number in 32 bits. */
static inline uint32_t bench_check(uint64_t number)
{
    return (uint32_t)number;
}

static inline void bench_write_words(uint64_t *words, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        words[i] = number + i;
    }
}

static inline void bench_read_words(bench_side *side, const uint64_t *words, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += words[i];
    }
    side->sum += sum;
}

static inline void bench_read_header(bench_side *side, uint64_t number, uint32_t check)
{
    uint64_t *next = &side->next[number >> BENCH_PRODUCER_SHIFT & (BENCH_PRODUCERS_MAX - 1)];
    side->is_out_of_order |= number < *next;
    *next = number + 1;
    side->sum += number + check;
    side->received++;
    side->failures = 0;
}

#ifdef BENCH_BYTES

/* The words behind the header. */
#define BENCH_WORDS ((BENCH_BYTES - 16) / 8)

#define BENCH_JOIN(name, bytes) name##_##bytes
#define BENCH_NAMED(name, bytes) BENCH_JOIN(name, bytes)

/*
 * What peers carry: as large as a transfer, and filled like one. Each size is a type of its own by
 * name, or the linker would take one size's instances of a template for all of them.
 */
typedef struct BENCH_NAMED(bench_item, BENCH_BYTES) {
    uint64_t number;
    uint32_t check;
    uint32_t rest; /* a transfer has its worlds, flags and mask here */
#if BENCH_WORDS > 0
    uint64_t words[BENCH_WORDS];
#endif
} bench_item;

static inline void bench_write_item(bench_item *item, const bench_side *side, uint64_t index)
{
    uint64_t number = bench_number(side, index);
    item->number = number;
    item->check = bench_check(number);
    item->rest = side->thread;
#if BENCH_WORDS > 0
    bench_write_words(item->words, BENCH_WORDS, number);
#endif
}

static inline void bench_read_item(bench_side *side, const bench_item *item)
{
    bench_read_header(side, item->number, item->check);
    side->is_out_of_order |= item->rest >= BENCH_PRODUCERS_MAX;
#if BENCH_WORDS > 0
    bench_read_words(side, item->words, BENCH_WORDS);
#endif
}

#endif

#ifdef __cplusplus
}
#endif

#endif
