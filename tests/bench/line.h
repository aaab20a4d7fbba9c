/* line.h - a thread on a core of its own, and how far apart two cores are. */
#ifndef LINE_H
#define LINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Starts a thread that never runs on another core. False when it can't. */
bool bench_start(pthread_t *thread, uint32_t core, void *(*function)(void *), void *context);

/* Nanoseconds of a cache line's way there and back; 0 when there can't be a thread. */
double bench_line_ns(uint32_t first_core, uint32_t second_core);

#endif
