/*
 * line.c - how long a cache line takes from one core to the other and back. It is what all queues
 * wait for; on a virtual machine it changes by a factor of six with where its cores happen to be.
 */
#define _GNU_SOURCE /* pthread_attr_setaffinity_np() */

#include "line.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCHES 8u
#define TRIPS 500u /* a batch */
#define LINE 128

typedef struct shared_line {
    _Alignas(LINE) uint64_t ball; /* atomic; the trip's number, doubled, plus 1 on its way back */
    _Alignas(LINE) double least_ns;
} shared_line;

static void *send_back(void *context)
{
    shared_line *line = context;
    for (uint64_t trip = 1; trip <= BATCHES * TRIPS; trip++) {
        while (__atomic_load_n(&line->ball, __ATOMIC_ACQUIRE) != 2 * trip) {
        }
        __atomic_store_n(&line->ball, 2 * trip + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Takes the fastest batch: in the others, something else had the core for a while. */
static void *send_off(void *context)
{
    shared_line *line = context;
    for (uint64_t batch = 0; batch < BATCHES; batch++) {
        double begin_ns = now_ns();
        for (uint64_t trip = batch * TRIPS + 1; trip <= (batch + 1) * TRIPS; trip++) {
            __atomic_store_n(&line->ball, 2 * trip, __ATOMIC_RELEASE);
            while (__atomic_load_n(&line->ball, __ATOMIC_ACQUIRE) != 2 * trip + 1) {
            }
        }
        double ns = (now_ns() - begin_ns) / TRIPS;
        line->least_ns = batch == 0 || ns < line->least_ns ? ns : line->least_ns;
    }
    return NULL;
}

bool bench_start(pthread_t *thread, uint32_t core, void *(*function)(void *), void *context)
{
    cpu_set_t set;
    pthread_attr_t attributes;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    return pthread_attr_init(&attributes) == 0
        && pthread_attr_setaffinity_np(&attributes, sizeof(set), &set) == 0
        && pthread_create(thread, &attributes, function, context) == 0;
}

double bench_line_ns(uint32_t first_core, uint32_t second_core)
{
    shared_line line;
    pthread_t threads[2];
    memset(&line, 0, sizeof(line));
    if (!bench_start(&threads[0], first_core, send_back, &line)) {
        return 0.0;
    }
    if (!bench_start(&threads[1], second_core, send_off, &line)) {
        abort();
    }
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return line.least_ns;
}
