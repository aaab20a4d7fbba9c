/*
 * process.h - a process for each contender of a cell, which makes its queue and runs it when it is
 * told to. One that stands still is ended with its threads, and the others don't notice.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "run.h"

#include <sys/types.h>

/* A usual run takes 50 ms at most, with four threads a side on two cores. */
#ifndef BENCH_STANDSTILL_MS /* its test has less */
#define BENCH_STANDSTILL_MS 20000
#endif

typedef struct bench_process {
    pid_t id; /* 0 if it was ended */
    int socket;
} bench_process;

typedef enum bench_ending {
    BENCH_DONE,
    BENCH_STOOD_STILL,
    BENCH_OUT_OF_TIME, /* of what all runs may take together */
} bench_ending;

/* The task is kept by the process as it is now. */
bench_process bench_process_start(const bench_task *task);

/* One run of so many items of each producer. One that isn't done in time ends the process. */
bench_ending bench_process_run(
    bench_process *self, uint64_t items, uint64_t left_ms, bench_outcome *outcome);

/* Of one that waits for a run, or was ended already. */
void bench_process_end(bench_process *self);

#endif
