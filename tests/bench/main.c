/*
 * main.c - runs contenders and prints one line of JSON for each: what its runs reached.
 *
 * usage: bench LANE THREADS BYTES CAPACITY RUNS MILLISECONDS
 *
 * LANE is spsc, mpmc, or trip for round trips. There are THREADS producers and as many consumers,
 * spread over the cores that this process may use, and never moved. Runs are short and interleaved:
 * every contender once, then all of them again, so that what else happens on the machine hits all
 * of them alike. A run counts only if the machine was quiet (quiet.h); a run of a contender whose
 * threads sleep counts if all the others of its round do. It ends when each contender has RUNS of
 * them, or after MILLISECONDS, whatever comes first.
 */
#include "bench.h"
#include "line.h"
#include "results.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONTENDERS_MAX 1024
#define CELL_MAX 64
/* What a run takes, for each of the threads that share a core. */
#define RUN_NS 12000000u
#define FIRST_ITEMS 4000
/* The most runs to find how many items fill a run. */
#define STEPS 20

static const bench_contender *registered[CONTENDERS_MAX];
static size_t registered_count;
static uint64_t deadline_ms;

void bench_register(const bench_contender *contender)
{
    if (registered_count == CONTENDERS_MAX) {
        bench_fail("too many contenders", contender->name);
    }
    registered[registered_count++] = contender;
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static uint64_t left_ms(void)
{
    uint64_t now = now_ms();
    return now < deadline_ms ? deadline_ms - now : 0;
}

static uint64_t wanted_ns(const bench_task *task)
{
    return RUN_NS * ((2 * task->threads + task->cores.count - 1) / task->cores.count);
}

/* Whether the run was done. If it wasn't, this contender has no more. */
static bool run_entry(bench_entry *self, bench_outcome *outcome)
{
    bench_ending ending = bench_process_run(&self->process, self->items, left_ms(), outcome);
    self->stood_still = ending == BENCH_STOOD_STILL;
    return ending == BENCH_DONE;
}

/* Makes the queue, warms it up, and finds how many items fill a run. */
static void prepare(bench_entry *self)
{
    uint64_t wanted = wanted_ns(&self->task);
    bench_outcome outcome;
    self->process = bench_process_start(&self->task);
    self->items = FIRST_ITEMS;
    for (int step = 0; step < STEPS && run_entry(self, &outcome); step++) {
        if (!outcome.was_quiet && !self->task.contender->can_sleep) {
            continue;
        }
        if (outcome.ns >= wanted / 3) {
            double share = (double)wanted / (double)outcome.ns;
            uint64_t items = (uint64_t)((double)self->items * share);
            self->items = items > FIRST_ITEMS ? items : FIRST_ITEMS;
            break;
        }
        self->items *= 2;
    }
}

static void keep(bench_entry *self, const bench_outcome *outcome, double line_ns)
{
    uint64_t items = self->items * self->task.threads;
    memcpy(self->trips_ns[self->accepted], outcome->trips_ns, sizeof(outcome->trips_ns));
    self->lines_ns[self->accepted] = line_ns;
    self->rates[self->accepted++] = (double)items * 1000.0 / (double)outcome->ns;
}

/*
 * One run, which is kept if it was quiet and is still wanted; returns whether it was quiet. One
 * that is too short says nothing, so that the next has more items.
 */
static bool try_run(bench_entry *self, double line_ns, uint32_t runs, bool is_quiet_round)
{
    bench_outcome outcome;
    if (!run_entry(self, &outcome)) {
        return false;
    }
    bool counts = self->task.contender->can_sleep ? is_quiet_round : outcome.was_quiet;
    bool is_short = outcome.ns < wanted_ns(&self->task) / 3;
    self->items *= is_short ? 2 : 1;
    if (self->accepted == runs) {
        return counts;
    }
    if (counts && !is_short) {
        keep(self, &outcome, line_ns);
    } else {
        self->rejected++;
    }
    return counts && !is_short;
}

/*
 * All contenders in turn, as often as it takes until each has its runs. Those that have them go on
 * with the others, so that all rounds are alike and each can be judged.
 */
static void run_cell(bench_entry *entries, size_t count, uint32_t runs)
{
    const bench_cores *cores = &entries[0].task.cores;
    for (bool is_wanted = true; is_wanted;) {
        double line_ns = bench_line_ns(cores->numbers[0], cores->numbers[1]);
        bool is_quiet = true;
        is_wanted = false;
        for (size_t i = 0; i < count; i++) {
            if (entries[i].process.id != 0) {
                is_quiet &= try_run(&entries[i], line_ns, runs, is_quiet);
                is_wanted |= entries[i].process.id != 0 && entries[i].accepted < runs;
            }
        }
    }
}

/* Those that sleep stand at the end of a round, which has to be judged by then. */
static size_t choose(bench_entry *entries, const char *lane, size_t bytes, const bench_task *task)
{
    size_t count = 0;
    for (int can_sleep = 0; can_sleep < 2; can_sleep++) {
        for (size_t i = 0; i < registered_count; i++) {
            const bench_contender *contender = registered[i];
            if (strcmp(contender->lane, lane) != 0 || contender->bytes != bytes
                || contender->can_sleep != (can_sleep == 1)
                || (contender->capacity != 0 && contender->capacity != task->capacity)) {
                continue;
            }
            if (count == CELL_MAX) {
                bench_fail("too many contenders", lane);
            }
            entries[count].task = *task;
            entries[count++].task.contender = contender;
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    static bench_entry entries[CELL_MAX];
    if (argc != 7) {
        bench_fail("usage", "bench LANE THREADS BYTES CAPACITY RUNS MILLISECONDS");
    }
    bench_task task = {.cores = bench_find_cores()};
    task.threads = (uint32_t)strtoul(argv[2], NULL, 10);
    task.capacity = strtoul(argv[4], NULL, 10);
    uint32_t runs = (uint32_t)strtoul(argv[5], NULL, 10);
    if (task.threads < 1 || task.threads > BENCH_PRODUCERS_MAX || runs < 1
        || runs > BENCH_RUNS_MAX) {
        bench_fail("out of range", "THREADS or RUNS");
    }
    deadline_ms = now_ms() + strtoul(argv[6], NULL, 10);
    size_t count = choose(entries, argv[1], strtoul(argv[3], NULL, 10), &task);
    for (size_t i = 0; i < count; i++) {
        prepare(&entries[i]);
    }
    run_cell(entries, count, runs);
    for (size_t i = 0; i < count; i++) {
        bench_print(&entries[i]);
        bench_process_end(&entries[i].process);
    }
    return 0;
}
