/*
 * stress.h - what a stress test is besides a test: rounds with seeds, stages that have a size and
 * a budget of time, and the soak, which runs rounds for as long as it is told.
 *
 *     PROGRAM [SEED]                  one round; seed 1 unless given
 *     PROGRAM --soak SECONDS [SEED]   rounds until the time is over, at least one; the first with
 *                                     this seed, or a random one, each with a seed of its own
 *
 * In a soak nothing is cut short: a round takes the time that its sizes take. Before each it
 * prints the command that runs this one alone, so that also a hang or a crash leaves it behind.
 * A seed repeats what threads choose, not when they run: a failure may take several attempts.
 */
#ifndef STRESS_H
#define STRESS_H

#include "check.h"

#define STRESS_DEFAULT_SEED 1u
/* A round takes less, on any machine, but in a soak. */
#define STRESS_BUDGET_S 25u
/* Of the time that the environment gives a test, a round takes less than this part. */
#define STRESS_TIME_PART 4u
/* For a round of a soak, on a quiet machine, with much to spare. */
#define STRESS_WATCHDOG_S 90u
/* A week. */
#define STRESS_SOAK_MAX_S (7u * 24u * 3600u)
/* Steps of a thread between looks at the clock. */
#define STRESS_CLOCK_STEPS 64
#define STRESS_UNLIMITED_MS UINT64_MAX

/* A run of a stress test: `seed` is that of the round. */
typedef struct stress {
    const char *program;
    bool is_soak;
    uint64_t begin_ms;
    uint64_t round_begin_ms;
    uint64_t soak_ms;
    uint64_t first_seed;
    uint64_t seed;
    uint64_t rounds; /* begun so far */
    uint64_t items;  /* of all stages so far, in their units */
} stress;

/* A stage does its work, or works this long: without time for it, it becomes smaller, not wrong. */
typedef struct stress_budget {
    uint64_t end_ms;
} stress_budget;

static inline uint64_t stress_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Another one each time. */
static inline uint64_t stress_random_seed(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t moment_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    return check_mixed(moment_ns ^ (uint64_t)getpid() << 48);
}

static inline void stress_usage(const char *program)
{
    fprintf(stderr, "usage: %s [--soak SECONDS] [SEED]\n", program);
    exit(2);
}

/* A whole argument as a number, decimal or after 0x. */
static inline uint64_t stress_number(const char *program, const char *text)
{
    char *end = NULL;
    uint64_t number = strtoull(text, &end, 0);
    if (end == text || *end != '\0' || *text == '-') {
        stress_usage(program);
    }
    return number;
}

/* What runs this round alone, as long as it takes if this one may. */
static inline void stress_note_command(const stress *run)
{
    (void)snprintf(check_command, sizeof(check_command), "%s%s 0x%" PRIx64, run->program,
                   run->is_soak ? " --soak 0" : "", run->seed);
}

/* Begins a stress test with its arguments. */
static inline stress stress_begin(int argc, char **argv)
{
    stress run = {.program = argv[0], .begin_ms = stress_now_ms()};
    int next = 1;
    if (next < argc && strcmp(argv[next], "--soak") == 0) {
        uint64_t soak_s = next + 1 < argc ? stress_number(argv[0], argv[next + 1]) : UINT64_MAX;
        if (soak_s > STRESS_SOAK_MAX_S) {
            stress_usage(argv[0]);
        }
        run.is_soak = true;
        run.soak_ms = soak_s * 1000;
        next += 2;
    }
    run.first_seed = run.is_soak ? stress_random_seed() : STRESS_DEFAULT_SEED;
    if (next < argc) {
        run.first_seed = stress_number(argv[0], argv[next]);
        next++;
    }
    if (next < argc) {
        stress_usage(argv[0]);
    }
    run.seed = run.first_seed;
    stress_note_command(&run);
    check_watch(STRESS_WATCHDOG_S);
    printf("%s: seed 0x%" PRIx64 "\n", run.program, run.seed);
    fflush(stdout);
    return run;
}

/* The seed of round `round`, the first being 0: the given one, then others far from it. */
static inline uint64_t stress_seed_of(const stress *run, uint64_t round)
{
    return round == 0 ? run->first_seed : check_mixed(run->first_seed + round * CHECK_GOLDEN_RATIO);
}

/* The last line of a soak, which can be told from others' by its program. */
static inline void stress_sum_up(const stress *run, uint64_t elapsed_s)
{
    const char *slash = strrchr(run->program, '/');
    printf("soak of %" PRIu64 " s by %s: rounds %" PRIu64 ", items %" PRIu64
           ", first seed 0x%" PRIx64 "\n",
           elapsed_s, slash != NULL ? slash + 1 : run->program, run->rounds, run->items,
           run->first_seed);
}

/* Begins the next round, or returns false after the last one. */
static inline bool stress_next_round(stress *run)
{
    run->round_begin_ms = stress_now_ms();
    uint64_t elapsed_ms = run->round_begin_ms - run->begin_ms;
    if (run->rounds > 0 && (!run->is_soak || elapsed_ms >= run->soak_ms)) {
        if (run->is_soak) {
            stress_sum_up(run, elapsed_ms / 1000);
        }
        return false;
    }
    run->seed = stress_seed_of(run, run->rounds);
    run->rounds++;
    check_watch(STRESS_WATCHDOG_S);
    stress_note_command(run);
    if (run->is_soak) {
        printf("round %" PRIu64 ": %s\n", run->rounds, check_command);
        fflush(stdout);
    }
    return true;
}

/* What the stages of a round may take together. */
static inline uint64_t stress_round_ms(void)
{
    uint64_t time_ms = check_time_s() * UINT64_C(1000);
    return time_ms > 0 ? time_ms / STRESS_TIME_PART : STRESS_BUDGET_S * UINT64_C(1000);
}

/* Begins a stage: it has half of the time that the round has left, so that none has nothing. */
static inline stress_budget stress_budget_of(const stress *run)
{
    uint64_t now_ms = stress_now_ms();
    uint64_t round_end_ms = run->round_begin_ms + stress_round_ms();
    uint64_t left_ms = now_ms < round_end_ms ? round_end_ms - now_ms : 0;
    stress_budget budget = {run->is_soak ? STRESS_UNLIMITED_MS : now_ms + left_ms / 2};
    return budget;
}

/* When a stage ends that works for a time, not for a number: it has no more than its budget. */
static inline uint64_t stress_end_ms(const stress *run, uint64_t time_ms)
{
    uint64_t budget_end_ms = stress_budget_of(run).end_ms;
    uint64_t end_ms = stress_now_ms() + time_ms;
    return end_ms < budget_end_ms ? end_ms : budget_end_ms;
}

/* Any thread. `*steps` is how often the calling one asked: it looks at the clock now and then. */
static inline bool stress_has_time(const stress_budget *budget, uint32_t *steps)
{
    *steps += 1;
    return *steps % STRESS_CLOCK_STEPS != 0 || stress_now_ms() < budget->end_ms;
}

/* Ends a stage: says how far it came, and plainly if that isn't as far as it was meant to. */
static inline void stress_reached(
    stress *run, const char *unit, uint64_t done, uint64_t size)
{
    if (done < size) {
        CHECK(!run->is_soak);
        printf("  CUT SHORT: only %" PRIu64 " of %" PRIu64 " %s in the time there was\n", done,
               size, unit);
    } else {
        printf("  %" PRIu64 " %s\n", done, unit);
    }
    fflush(stdout);
    run->items += done;
}

#endif
