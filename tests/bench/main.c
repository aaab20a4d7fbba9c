/*
 * main.c - runs contenders and prints one line of JSON for each: what its runs reached.
 *
 * usage: bench LANE THREADS BYTES CAPACITY RUNS
 *
 * THREADS producers and as many consumers, 1 or 2, all on the first two cores that this process may
 * use: producer i and consumer i on different ones. Runs are short and interleaved: every contender
 * once, then all of them again, so that what else happens on the machine hits all of them alike. A
 * run in which a thread was kept from its core for more than 1.5% of the time is rejected (with two
 * pairs of threads there are more threads than cores, and nothing to reject).
 */
#define _GNU_SOURCE /* sched_getaffinity() */

#include "bench.h"
#include "line.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONTENDERS_MAX 512
#define CELL_MAX 32
#define RUNS_MAX 1000
#define RUN_NS 12000000
#define FIRST_ITEMS 20000
#define LEAST_CPU_SHARE 0.985
/* Attempts per wanted run before a busy machine is taken as it is. */
#define ATTEMPTS_PER_RUN 4
#define CORES 2

typedef struct thread_part {
    const bench_contender *contender;
    void *queue;
    bench_side side;
    bool is_producer;
    uint32_t *producers_left; /* atomic */
    uint32_t *waiting;        /* atomic; threads that aren't at the start line yet */
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t cpu_ns;
} thread_part;

/* A contender in a cell of the table. */
typedef struct entry {
    const bench_contender *contender;
    void *queue;
    uint64_t items;
    double runs[RUNS_MAX]; /* million items a second */
    double lines[RUNS_MAX]; /* nanoseconds that a cache line took there and back, beside each */
    uint32_t accepted;
    uint32_t rejected;
} entry;

static const bench_contender *registered[CONTENDERS_MAX];
static size_t registered_count;

void bench_register(const bench_contender *contender)
{
    if (registered_count < CONTENDERS_MAX) {
        registered[registered_count++] = contender;
    }
}

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "bench: %s: %s\n", what, name);
    exit(1);
}

static uint64_t clock_of(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The number of the process's core at `index`; there are at least CORES. */
static int core_at(int index)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 || CPU_COUNT(&allowed) < CORES) {
        fail("needs two cores", "this machine");
    }
    for (int core = 0;; core++) {
        if (CPU_ISSET(core, &allowed) && index-- == 0) {
            return core;
        }
    }
}

static void *run_part(void *context)
{
    thread_part *part = context;
    __atomic_fetch_sub(part->waiting, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(part->waiting, __ATOMIC_ACQUIRE) > 0) {
        if (part->side.is_oversubscribed) {
            (void)sched_yield();
        }
    }
    uint64_t cpu_ns = clock_of(CLOCK_THREAD_CPUTIME_ID);
    part->begin_ns = clock_of(CLOCK_MONOTONIC);
    if (part->is_producer) {
        part->contender->produce(part->queue, &part->side);
        __atomic_fetch_sub(part->producers_left, 1, __ATOMIC_RELEASE);
    } else {
        part->contender->consume(part->queue, &part->side);
    }
    part->end_ns = clock_of(CLOCK_MONOTONIC);
    part->cpu_ns = clock_of(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
    return NULL;
}

/* What the words of a producer's items add up to. */
static uint64_t sum_of(uint32_t thread, uint64_t items, size_t bytes)
{
    uint64_t words = (bytes - 16) / 8;
    uint64_t base = (uint64_t)thread << BENCH_PRODUCER_SHIFT;
    uint64_t indices = items % 2 == 0 ? items / 2 * (items - 1) : (items - 1) / 2 * items;
    uint64_t numbers = items * base + indices;
    uint64_t steps = words * (words - 1) / 2 * (words > 0);
    return numbers + indices + words * numbers + items * steps;
}

/* Nothing lost, invented or out of order: else the figure would be worth nothing. */
static void check_run(const thread_part *parts, uint32_t threads, const entry *self)
{
    uint64_t received = 0;
    uint64_t sum = 0;
    uint64_t expected = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const bench_side *side = &parts[threads + i].side;
        received += side->received;
        sum += side->sum;
        expected += sum_of(i, parts[i].side.items, self->contender->bytes);
        if (side->is_out_of_order) {
            fail("items came out of order", self->contender->name);
        }
    }
    if (received != self->items / threads * threads || sum != expected) {
        fail("items were lost or changed", self->contender->name);
    }
}

/* One run; returns its nanoseconds, and the least share of its time that a thread had a core. */
static uint64_t run_once(entry *self, uint32_t threads, double *cpu_share)
{
    thread_part parts[2 * BENCH_PRODUCERS_MAX];
    pthread_t handles[2 * BENCH_PRODUCERS_MAX];
    uint32_t producers_left = threads;
    uint32_t waiting = 2 * threads;
    memset(parts, 0, sizeof(parts));
    for (uint32_t i = 0; i < 2 * threads; i++) {
        thread_part *part = &parts[i];
        uint32_t thread = i % threads;
        part->contender = self->contender;
        part->queue = self->queue;
        part->is_producer = i < threads;
        part->producers_left = &producers_left;
        part->waiting = &waiting;
        int core = core_at((int)(part->is_producer ? thread : thread + 1) % CORES);
        part->side.thread = thread;
        part->side.items = self->items / threads;
        part->side.is_oversubscribed = 2 * threads > CORES;
        part->side.producers_left = &producers_left;
        if (!bench_start(&handles[i], core, run_part, part)) {
            fail("can't start a thread", self->contender->name);
        }
    }
    uint64_t begin_ns = UINT64_MAX;
    uint64_t end_ns = 0;
    *cpu_share = 1.0;
    for (uint32_t i = 0; i < 2 * threads; i++) {
        pthread_join(handles[i], NULL);
        const thread_part *part = &parts[i];
        double share = (double)part->cpu_ns / (double)(part->end_ns - part->begin_ns);
        *cpu_share = share < *cpu_share ? share : *cpu_share;
        begin_ns = part->begin_ns < begin_ns ? part->begin_ns : begin_ns;
        end_ns = part->end_ns > end_ns ? part->end_ns : end_ns;
    }
    check_run(parts, threads, self);
    return end_ns - begin_ns;
}

/* Makes the queue, warms it up, and finds how many items fill a run. */
static void prepare(entry *self, uint32_t threads, size_t capacity)
{
    double share;
    self->queue = self->contender->create(capacity);
    if (self->queue == NULL) {
        fail("can't make the queue", self->contender->name);
    }
    self->items = FIRST_ITEMS;
    uint64_t ns = run_once(self, threads, &share);
    for (int step = 0; step < 8 && ns < RUN_NS / 3; step++) {
        self->items *= 2;
        ns = run_once(self, threads, &share);
    }
    self->items = (uint64_t)((double)self->items * RUN_NS / (double)ns);
    self->items = self->items < FIRST_ITEMS ? FIRST_ITEMS : self->items;
}

static void print_entry(const entry *self, uint32_t threads, size_t capacity)
{
    const bench_contender *contender = self->contender;
    printf("{\"lane\": \"%s\", \"threads\": \"%" PRIu32 "x%" PRIu32 "\", \"bytes\": %zu, "
           "\"capacity\": %zu, \"name\": \"%s\", \"note\": \"%s\", \"in_place\": %s, "
           "\"rejected\": %" PRIu32 ", \"runs\": [",
           contender->lane, threads, threads, contender->bytes, capacity, contender->name,
           contender->note, contender->is_in_place ? "true" : "false", self->rejected);
    for (uint32_t i = 0; i < self->accepted; i++) {
        printf("%s%.3f", i > 0 ? ", " : "", self->runs[i]);
    }
    printf("], \"line_ns\": [");
    for (uint32_t i = 0; i < self->accepted; i++) {
        printf("%s%.0f", i > 0 ? ", " : "", self->lines[i]);
    }
    printf("]}\n");
}

/* All contenders in turn, as often as it takes until each has its runs. */
static void run_cell(entry *entries, size_t count, uint32_t threads, uint32_t runs)
{
    for (uint32_t attempt = 0; attempt < ATTEMPTS_PER_RUN * runs; attempt++) {
        double line_ns = bench_line_ns(core_at(0), core_at(1));
        for (size_t i = 0; i < count; i++) {
            entry *self = &entries[i];
            if (self->accepted == runs) {
                continue;
            }
            double share;
            uint64_t ns = run_once(self, threads, &share);
            if (2 * threads <= CORES && share < LEAST_CPU_SHARE) {
                self->rejected++;
                continue;
            }
            double items = (double)(self->items / threads * threads);
            self->lines[self->accepted] = line_ns;
            self->runs[self->accepted++] = items * 1000.0 / (double)ns;
        }
    }
}

int main(int argc, char **argv)
{
    static entry entries[CELL_MAX];
    if (argc != 6) {
        fail("usage", "bench LANE THREADS BYTES CAPACITY RUNS");
    }
    uint32_t threads = (uint32_t)strtoul(argv[2], NULL, 10);
    size_t bytes = strtoul(argv[3], NULL, 10);
    size_t capacity = strtoul(argv[4], NULL, 10);
    uint32_t runs = (uint32_t)strtoul(argv[5], NULL, 10);
    if (threads < 1 || threads > BENCH_PRODUCERS_MAX || runs < 1 || runs > RUNS_MAX) {
        fail("out of range", "THREADS or RUNS");
    }
    size_t count = 0;
    for (size_t i = 0; i < registered_count && count < CELL_MAX; i++) {
        const bench_contender *contender = registered[i];
        bool is_wanted = strcmp(contender->lane, argv[1]) == 0 && contender->bytes == bytes
            && (contender->capacity == 0 || contender->capacity == capacity);
        if (is_wanted) {
            entries[count].contender = contender;
            prepare(&entries[count++], threads, capacity);
        }
    }
    run_cell(entries, count, threads, runs);
    for (size_t i = 0; i < count; i++) {
        print_entry(&entries[i], threads, capacity);
        entries[i].contender->destroy(entries[i].queue);
    }
    return 0;
}
