#define _GNU_SOURCE /* sched_getaffinity() */

#include "run.h"

#include "line.h"
#include "quiet.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct thread_part {
    const bench_contender *contender;
    void *queue;
    bench_side side;
    bool is_producer;
    uint32_t *producers_left; /* atomic */
    uint32_t *waiting;        /* atomic; threads that aren't at the start line yet */
    pthread_barrier_t *end;
    bench_presence presence;
} thread_part;

bool bench_is_trip(const bench_contender *contender)
{
    return strcmp(contender->lane, "trip") == 0;
}

void bench_fail(const char *what, const char *name)
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

bench_cores bench_find_cores(void)
{
    bench_cores cores = {.count = 0};
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 || CPU_COUNT(&allowed) < 2) {
        bench_fail("needs two cores", "this machine");
    }
    for (uint32_t core = 0; core < CPU_SETSIZE && cores.count < BENCH_THREADS_MAX; core++) {
        if (CPU_ISSET(core, &allowed)) {
            cores.numbers[cores.count++] = core;
        }
    }
    return cores;
}

/* Those that are done sleep until all are, so that no thread's end takes time from the others. */
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
    part->presence.begin_ns = clock_of(CLOCK_MONOTONIC);
    if (part->is_producer) {
        part->contender->produce(part->queue, &part->side);
        __atomic_fetch_sub(part->producers_left, 1, __ATOMIC_RELEASE);
    } else {
        part->contender->consume(part->queue, &part->side);
    }
    part->presence.end_ns = clock_of(CLOCK_MONOTONIC);
    part->presence.cpu_ns = clock_of(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
    (void)pthread_barrier_wait(part->end);
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

/* Nothing lost, invented or out of order. */
static void check_received(const thread_part *receivers, const bench_task *task, uint64_t items)
{
    uint64_t received = 0;
    uint64_t sum = 0;
    uint64_t expected = 0;
    for (uint32_t i = 0; i < task->threads; i++) {
        const bench_side *side = &receivers[i].side;
        received += side->received;
        sum += side->sum;
        expected += sum_of(i, items, task->contender->bytes);
        if (side->is_out_of_order) {
            bench_fail("items came out of order", task->contender->name);
        }
    }
    if (received != items * task->threads || sum != expected) {
        bench_fail("items were lost or changed", task->contender->name);
    }
}

/* Starts all parts, producers first, each on its core, and waits for their ends. */
static void run_parts(thread_part *parts, const bench_task *task)
{
    pthread_t handles[BENCH_THREADS_MAX];
    pthread_barrier_t end;
    uint32_t count = 2 * task->threads;
    uint32_t producers_left = task->threads;
    uint32_t waiting = count;
    pthread_barrier_init(&end, NULL, count);
    for (uint32_t i = 0; i < count; i++) {
        thread_part *part = &parts[i];
        part->is_producer = i < task->threads;
        part->producers_left = &producers_left;
        part->waiting = &waiting;
        part->end = &end;
        part->presence.core = task->cores.numbers[i % task->cores.count];
        part->side.thread = i % task->threads;
        part->side.is_oversubscribed = count > task->cores.count;
        part->side.producers_left = &producers_left;
        if (!bench_start(&handles[i], part->presence.core, run_part, part)) {
            bench_fail("can't start a thread", task->contender->name);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        pthread_join(handles[i], NULL);
    }
    pthread_barrier_destroy(&end);
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Sorts the times of the trips, and takes the percentiles from them. */
static void take_percentiles(uint64_t *times_ns, uint64_t count, uint64_t percentiles[3])
{
    static const uint64_t thousandths[3] = {500, 990, 999};
    qsort(times_ns, count, sizeof(*times_ns), compare);
    for (int i = 0; i < 3; i++) {
        percentiles[i] = times_ns[(count - 1) * thousandths[i] / 1000];
    }
}

bench_outcome bench_run(const bench_task *task, void *queue, uint64_t items, uint64_t *times_ns)
{
    thread_part parts[BENCH_THREADS_MAX];
    bench_presence presences[BENCH_THREADS_MAX];
    bench_outcome outcome = {.ns = 0};
    memset(parts, 0, sizeof(parts));
    for (uint32_t i = 0; i < 2 * task->threads; i++) {
        parts[i].contender = task->contender;
        parts[i].queue = queue;
        parts[i].side.items = items;
        parts[i].side.trips_ns = times_ns;
    }
    run_parts(parts, task);
    uint64_t begin_ns = UINT64_MAX;
    uint64_t end_ns = 0;
    for (uint32_t i = 0; i < 2 * task->threads; i++) {
        presences[i] = parts[i].presence;
        begin_ns = presences[i].begin_ns < begin_ns ? presences[i].begin_ns : begin_ns;
        end_ns = presences[i].end_ns > end_ns ? presences[i].end_ns : end_ns;
    }
    check_received(&parts[task->threads], task, items);
    if (bench_is_trip(task->contender)) {
        check_received(&parts[0], task, items);
        take_percentiles(times_ns, items, outcome.trips_ns);
    }
    outcome.ns = end_ns - begin_ns;
    outcome.was_quiet = bench_was_quiet(presences, 2 * task->threads);
    return outcome;
}
