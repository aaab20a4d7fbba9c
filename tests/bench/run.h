/* run.h - one run of a contender: its threads, what they received, and whether the run counts. */
#ifndef RUN_H
#define RUN_H

#include "bench.h"

#define BENCH_THREADS_MAX (2 * BENCH_PRODUCERS_MAX)

/* The cores that this process may use, as many as there may be threads. */
typedef struct bench_cores {
    uint32_t numbers[BENCH_THREADS_MAX];
    uint32_t count;
} bench_cores;

/* What is run: a contender in a cell. */
typedef struct bench_task {
    const bench_contender *contender;
    uint32_t threads; /* on either side */
    size_t capacity;
    bench_cores cores;
} bench_task;

typedef struct bench_outcome {
    uint64_t ns;
    uint64_t trips_ns[3]; /* round trip: the 50th, 99th and 99.9th percentile */
    bool was_quiet;
} bench_outcome;

bool bench_is_trip(const bench_contender *contender);

/* Ends the process: a figure would be worth nothing. */
_Noreturn void bench_fail(const char *what, const char *name);

bench_cores bench_find_cores(void);

/* Each producer sends so many items; `times_ns` is room for as many round trips. */
bench_outcome bench_run(const bench_task *task, void *queue, uint64_t items, uint64_t *times_ns);

#endif
