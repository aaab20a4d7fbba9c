/*
 * quiet.h - whether a run counts: whether the machine left its cores to the run's threads.
 *
 * No thread of a run ever sleeps, so that on a quiet machine the threads of a core have it all the
 * time, from the first one's begin to the last one's end, however many they are: the kernel counts
 * what it takes to switch between them as theirs. What is missing is what something else took.
 */
#ifndef QUIET_H
#define QUIET_H

#include <stdbool.h>
#include <stdint.h>

#define BENCH_LEAST_SHARE 0.985

/* When a thread ran, and for how long it had its core. */
typedef struct bench_presence {
    uint32_t core;
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t cpu_ns;
} bench_presence;

/* The share of a core's time that the threads on it had together; 1 if there is none. */
static inline double bench_share_of(uint32_t core, const bench_presence *threads, uint32_t count)
{
    uint64_t begin_ns = UINT64_MAX;
    uint64_t end_ns = 0;
    uint64_t cpu_ns = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (threads[i].core == core) {
            begin_ns = threads[i].begin_ns < begin_ns ? threads[i].begin_ns : begin_ns;
            end_ns = threads[i].end_ns > end_ns ? threads[i].end_ns : end_ns;
            cpu_ns += threads[i].cpu_ns;
        }
    }
    return end_ns > begin_ns ? (double)cpu_ns / (double)(end_ns - begin_ns) : 1.0;
}

/* Whether each core was its threads' own for almost all of the time. */
static inline bool bench_was_quiet(const bench_presence *threads, uint32_t count)
{
    bool was_quiet = true;
    for (uint32_t i = 0; i < count; i++) {
        was_quiet &= bench_share_of(threads[i].core, threads, count) >= BENCH_LEAST_SHARE;
    }
    return was_quiet;
}

#endif
