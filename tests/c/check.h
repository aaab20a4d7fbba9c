/*
 * check.h - what the C tests share: checks that print, cases, random numbers, threads, a watchdog.
 *
 * Include it first: it asks the system's headers for POSIX. A check that fails prints where and
 * with what values, and ends the process at once: nothing after it could be believed, and other
 * threads may be waiting for the one that failed. What stress tests need besides is in stress.h.
 */
#ifndef CHECK_H
#define CHECK_H

#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Sanitizers make threads so much slower that stress tests do a part of their work under them. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define CHECK_IS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define CHECK_IS_SANITIZED 1
#endif
#ifdef CHECK_IS_SANITIZED
#define CHECK_SANITIZER_DIVISOR 10u
#else
#define CHECK_SANITIZER_DIVISOR 1u
#endif

/* Attempts before a waiting thread lets another one run. */
#define CHECK_SPINS 16
/* Room for a command line, which is a path and a few words. */
#define CHECK_COMMAND_MAX 4352

/* 2^64 by the golden ratio, odd: its multiples are all different and far apart. */
#define CHECK_GOLDEN_RATIO UINT64_C(0x9e3779b97f4a7c15)

/* A thread's source of random numbers. */
typedef struct check_random {
    uint64_t state;
} check_random;

/* The command that runs this again, for the reader of a failure. */
static char check_command[CHECK_COMMAND_MAX];

static inline void check_fail(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: check failed: %s\nto run it again: %s\n", file, line, text,
            check_command);
    fflush(NULL);
    _Exit(1);
}

static inline void check_equal(
    const char *file, int line, const char *text, uint64_t actual, uint64_t expected)
{
    if (actual != expected) {
        fprintf(stderr, "%s:%d: %s is %" PRIu64 " (0x%" PRIx64 "), not %" PRIu64 "\n", file, line,
                text, actual, actual, expected);
        check_fail(file, line, text);
    }
}

static inline void check_at_most(
    const char *file, int line, const char *text, uint64_t actual, uint64_t limit)
{
    if (actual > limit) {
        fprintf(stderr, "%s:%d: %s is %" PRIu64 " (0x%" PRIx64 "), above %" PRIu64 "\n", file,
                line, text, actual, actual, limit);
        check_fail(file, line, text);
    }
}

/* The condition holds. */
#define CHECK(condition) \
    ((condition) ? (void)0 : check_fail(__FILE__, __LINE__, #condition))
/* Two unsigned numbers are equal. */
#define CHECK_EQUAL(actual, expected) \
    check_equal(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))
/* An unsigned number is at most `limit`. */
#define CHECK_AT_MOST(actual, limit) \
    check_at_most(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(limit))

/* A size in this build. */
static inline uint64_t check_scaled(uint64_t count)
{
    return count / CHECK_SANITIZER_DIVISOR;
}

/* The watchdog is for hangs alone: on a loaded machine a test may take several times its time. */
#define CHECK_WATCHDOG_FACTOR 5u

/*
 * The variable of the environment that says how many seconds this test has at most, whatever it
 * would take for itself: for a runner of many. A stress test becomes smaller.
 */
#define CHECK_TIME_VARIABLE "CORINTH_TEST_TIME_S"

/* What the environment says, or 0. */
static inline unsigned check_time_s(void)
{
    const char *text = getenv(CHECK_TIME_VARIABLE);
    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : 0;
}

/* Whether the test is about waiting, so that a hang is what it looks for. */
static volatile sig_atomic_t check_is_about_waiting;

static inline void check_print_from_signal(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

/* Ends the process, whatever its threads wait for. */
static inline void check_watchdog_bites(int signal_number)
{
    (void)signal_number;
    check_print_from_signal(check_is_about_waiting
                                ? "watchdog:0: check failed: no thread waits forever\n"
                                : "watchdog: not done in time\n");
    check_print_from_signal("to run it again: ");
    check_print_from_signal(check_command);
    check_print_from_signal("\n");
    _exit(1);
}

/*
 * Starts the watchdog, or restarts it. `watchdog_s` is for a quiet machine. ThreadSanitizer holds
 * back a signal that has a handler, so in its builds the signal itself ends the process.
 */
static inline void check_watch(unsigned watchdog_s)
{
#ifndef CHECK_IS_SANITIZED
    struct sigaction action = {.sa_handler = check_watchdog_bites};
    CHECK_EQUAL(sigaction(SIGALRM, &action, NULL), 0);
#endif
    unsigned time_s = check_time_s();
    alarm(time_s > 0 ? time_s : watchdog_s * CHECK_WATCHDOG_FACTOR);
}

/* Says that this test looks for threads that aren't woken: its watchdog makes a check then. */
static inline void check_wakeups(void)
{
    check_is_about_waiting = 1;
}

/* Begins a test that takes no arguments. */
static inline void check_begin(int argc, char **argv, unsigned watchdog_s)
{
    (void)snprintf(check_command, sizeof(check_command), "%s", argv[0]);
    check_watch(watchdog_s);
    CHECK_EQUAL(argc, 1);
    printf("%s\n", argv[0]);
    fflush(stdout);
}

/* Says which case runs; when the watchdog or a sanitizer ends the process it is the last line. */
static inline void check_case(const char *name)
{
    printf("- %s\n", name);
    fflush(stdout);
}

/* The stream number `stream` of a seed: threads have one each. */
static inline check_random check_random_stream(uint64_t seed, uint64_t stream)
{
    check_random random = {seed * CHECK_GOLDEN_RATIO + stream};
    return random;
}

/* Spreads what differs little over all bits. (splitmix64: Steele, Lea and Flood 2014) */
static inline uint64_t check_mixed(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* Uniform from 0 to bound - 1; bounds are small. */
static inline uint32_t check_random_below(check_random *random, uint32_t bound)
{
    random->state += CHECK_GOLDEN_RATIO;
    return (uint32_t)(((check_mixed(random->state) >> 32) * bound) >> 32);
}

/* One more failed attempt: now and then lets another thread run, for there may be few cores. */
static inline void check_relax(unsigned *attempts)
{
    *attempts += 1;
    if (*attempts % CHECK_SPINS == 0) {
        (void)sched_yield();
    }
}

/* Lets a random time pass, of so many loops at most. */
static inline void check_linger(check_random *random, uint32_t loops_max)
{
    for (volatile uint32_t left = check_random_below(random, loops_max + 1); left > 0; left--) {
    }
}

/* Starts a thread; without one there is no test. */
static inline pthread_t check_thread(void *(*function)(void *), void *context)
{
    pthread_t thread;
    CHECK_EQUAL(pthread_create(&thread, NULL, function, context), 0);
    return thread;
}

static inline void check_join(pthread_t thread)
{
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
}

#endif
