/*
 * priority.c - probabilistic concurrency testing (Burckhardt and others 2010).
 *
 * Threads get random priorities and the highest one that can runs, except that at a few random
 * steps the running thread becomes the lowest. A fault that needs d ordered points is met with a
 * probability of at least 1/(threads × steps^(d-1)) a run.
 */
#include "core.h"

#define CHANGES 3u
#define STEPS_ASSUMED 20u /* of the first execution; later ones know the longest so far */

static uint32_t priority[THREADS];
static uint32_t change_at[CHANGES];
static uint32_t steps_seen = STEPS_ASSUMED;

void priority_begin_execution(void)
{
    if (explorer.mode != MODE_PCT) {
        return;
    }
    if (explorer.steps > steps_seen) {
        steps_seen = explorer.steps;
    }
    for (unsigned i = 1; i < THREADS; i++) {
        priority[i] = CHANGES + 1 + (uint32_t)(choice_random() >> 40);
    }
    for (unsigned i = 0; i < CHANGES; i++) {
        change_at[i] = (uint32_t)(choice_random() % steps_seen);
    }
}

unsigned priority_highest(uint32_t enabled)
{
    for (unsigned i = 0; i < CHANGES; i++) {
        if (change_at[i] == explorer.steps && explorer.last_chosen != MAIN_THREAD) {
            priority[explorer.last_chosen] = i;
        }
    }
    unsigned highest = 0;
    for (unsigned i = 1; i < THREADS; i++) {
        bool is_higher = highest == 0 || priority[i] > priority[highest];
        if ((enabled >> i & 1u) != 0 && is_higher) {
            highest = i;
        }
    }
    return highest;
}
