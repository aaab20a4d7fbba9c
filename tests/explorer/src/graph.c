/*
 * graph.c - how many different executions a search has seen; for checking the search itself.
 *
 * An execution is its graph: what each thread did in order, which store each load read, and each
 * location's stores in modification order. The order in which independent steps ran isn't part of
 * it. Two executions are taken for equal if 64-bit hashes of their graphs are. A reduced search
 * must see as many as one without reduction.
 */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SET_BYTES_FIRST ((size_t)1024 * sizeof(uint64_t))

static uint64_t thread_hash[THREADS];
static uint64_t order_hash; /* a sum over locations, so that their order is irrelevant */
static uint64_t *set;
static size_t set_size; /* entries; a power of two; 0 marks a free one */
static size_t set_used;

static uint64_t mix(uint64_t hash, uint64_t with)
{
    hash ^= with + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ (hash >> 29);
}

void graph_begin_execution(void)
{
    memset(thread_hash, 0, sizeof thread_hash);
    order_hash = 0;
}

/* The current thread did something that its own past doesn't determine. */
void graph_add(operation_kind kind, uintptr_t address, uint64_t source)
{
    if (!explorer.counts_graphs) {
        return;
    }
    uint64_t *own = &thread_hash[explorer.current];
    *own = mix(mix(mix(*own, (uint64_t)kind), address), source);
}

/* Whose store is the n-th of a location. */
void graph_add_store(uintptr_t address, uint32_t sequence, unsigned writer, uint32_t step)
{
    if (explorer.counts_graphs) {
        order_hash += mix(mix(address, sequence), (uint64_t)step * THREADS + writer);
    }
}

static bool insert(uint64_t hash)
{
    size_t at = hash & (set_size - 1);
    while (set[at] != 0 && set[at] != hash) {
        at = (at + 1) & (set_size - 1);
    }
    bool is_new = set[at] == 0;
    set[at] = hash;
    return is_new;
}

static void grow(void)
{
    uint64_t *before = set;
    size_t size_before = set_size;
    set_size = size_before == 0 ? SET_BYTES_FIRST / sizeof *set : size_before * 2;
    set = calloc(set_size, sizeof *set);
    if (set == NULL) {
        perror("explorer: no memory to count executions");
        exit(2);
    }
    for (size_t i = 0; i < size_before; i++) {
        if (before[i] != 0) {
            insert(before[i]);
        }
    }
    free(before);
}

void graph_begin_search(void)
{
    free(set);
    set = NULL;
    set_size = 0;
    set_used = 0;
}

/* Counts the execution that has just ended, if they are counted. */
void graph_end_execution(void)
{
    if (!explorer.counts_graphs) {
        return;
    }
    uint64_t hash = order_hash;
    for (unsigned i = 1; i < explorer.threads; i++) {
        hash = mix(hash, thread_hash[i]);
    }
    if (set_used * 2 >= set_size) {
        grow();
    }
    set_used += insert(hash | 1) ? 1 : 0;
}

size_t graph_count(void)
{
    return set_used;
}
