/* peer_mutex.c - what a program without a library has: a ring, a mutex and two conditions. */
#include "bench.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct ring {
    pthread_mutex_t mutex;
    pthread_cond_t not_full;
    pthread_cond_t not_empty;
    size_t capacity; /* a power of two */
    uint64_t sent;
    uint64_t received;
    bench_item slots[];
} ring;

static void *create(size_t capacity)
{
    ring *self = malloc(sizeof(*self) + capacity * sizeof(bench_item));
    if (self != NULL) {
        pthread_mutex_init(&self->mutex, NULL);
        pthread_cond_init(&self->not_full, NULL);
        pthread_cond_init(&self->not_empty, NULL);
        self->capacity = capacity;
        self->sent = 0;
        self->received = 0;
    }
    return self;
}

static void destroy(void *queue)
{
    ring *self = queue;
    pthread_cond_destroy(&self->not_empty);
    pthread_cond_destroy(&self->not_full);
    pthread_mutex_destroy(&self->mutex);
    free(self);
}

static void produce(void *queue, bench_side *side)
{
    ring *self = queue;
    bench_item item;
    for (uint64_t sent = 0; sent < side->items; sent++) {
        bench_write_item(&item, side, sent);
        pthread_mutex_lock(&self->mutex);
        while (self->sent - self->received == self->capacity) {
            pthread_cond_wait(&self->not_full, &self->mutex);
        }
        self->slots[self->sent++ & (self->capacity - 1)] = item;
        pthread_mutex_unlock(&self->mutex);
        pthread_cond_signal(&self->not_empty);
    }
}

static void consume(void *queue, bench_side *side)
{
    ring *self = queue;
    bench_item item;
    for (uint64_t received = 0; received < side->items; received++) {
        pthread_mutex_lock(&self->mutex);
        while (self->sent == self->received) {
            pthread_cond_wait(&self->not_empty, &self->mutex);
        }
        item = self->slots[self->received++ & (self->capacity - 1)];
        pthread_mutex_unlock(&self->mutex);
        pthread_cond_signal(&self->not_full);
        bench_read_item(side, &item);
    }
}

static const bench_contender contenders[] = {
    {"mutex and condition", "lock, wait, copy, unlock, signal", "spsc", 1, false, true, BENCH_BYTES,
     0, create, destroy, produce, consume},
};
BENCH_REGISTER(contenders);
