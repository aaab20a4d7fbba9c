/* results.h - what the accepted runs of a contender reached, and how it is printed. */
#ifndef RESULTS_H
#define RESULTS_H

#include "process.h"

#define BENCH_RUNS_MAX 1000

/* A contender in a cell of the table. */
typedef struct bench_entry {
    bench_task task;
    bench_process process;
    uint64_t items;                         /* that each producer sends in a run */
    double rates[BENCH_RUNS_MAX];           /* million items a second */
    uint64_t trips_ns[BENCH_RUNS_MAX][3];   /* round trip: its 50th, 99th and 99.9th percentile */
    double lines_ns[BENCH_RUNS_MAX];        /* of a cache line, there and back, beside each run */
    uint32_t accepted;
    uint32_t rejected;
    bool stood_still; /* since when it isn't run any more */
} bench_entry;

/* A line of JSON. */
void bench_print(const bench_entry *entry);

#endif
