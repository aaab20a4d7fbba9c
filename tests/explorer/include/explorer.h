/*
 * explorer.h - what a litmus test or a scenario says to the explorer.
 *
 * A program is one C file that defines `explorer_program`. It is compiled with -fsanitize=thread
 * and linked against the explorer instead of the sanitizer's runtime: every atomic operation, fence
 * and plain access of it, and of the code that it includes, is a call into the explorer, which
 * decides what runs next and what a load reads. One run of all threads to their end is an
 * execution; the explorer repeats it until it has seen every one, or as many as it was asked for.
 *
 * An execution is: `setup`, then all threads at once, then `finish`. Setup and finish run alone.
 * They must leave no trace from one execution to the next: setup brings everything that the
 * threads touch into its first state.
 */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPLORER_THREADS_MAX 8
#define EXPLORER_OUTCOMES_MAX 24
#define EXPLORER_CASES_MAX 12
#define EXPLORER_REGISTERS_MAX 8

/* What an execution can end with; the first one that is found ends the search. */
typedef enum explorer_report {
    EXPLORER_CLEAN = 0,
    EXPLORER_ASSERTION,      /* assert, or explorer_check */
    EXPLORER_RACE,           /* two plain accesses, or a plain and an atomic one, without order */
    EXPLORER_DEADLOCK,       /* all threads left sleep and none will wake them */
    EXPLORER_HANG,           /* a thread spins and none is left to end it, or there is no end */
    EXPLORER_LEAK,           /* explorer_hold without explorer_drop */
    EXPLORER_UNINITIALISED,  /* a read of memory that explorer_poison marked */
    EXPLORER_OUTCOME,        /* an outcome that the program's lists don't allow, or one missing */
    EXPLORER_CRASH,          /* a signal */
    EXPLORER_LIMIT           /* a fixed size of the explorer is exceeded */
} explorer_report;

typedef struct explorer_thread {
    const char *name;
    void (*run)(void);
} explorer_thread;

/* A variant of the program; its value is what explorer_value returns. */
typedef struct explorer_case {
    const char *name;
    uint64_t value;
} explorer_case;

typedef struct explorer_program_form {
    const char *name;   /* unique; what the command line calls it */
    const char *source; /* litmus: where the expected outcomes come from; else what is shown */
    explorer_thread threads[EXPLORER_THREADS_MAX]; /* up to the first without a function */
    void (*setup)(void);
    void (*finish)(void);
    explorer_case cases[EXPLORER_CASES_MAX]; /* none is one case with the value 0 */

    /*
     * Litmus: the registers (explorer_register), separated by blanks, as they stand after finish.
     * Every outcome of `must_see` has to be seen, and no other one may be. `must_not_see` names
     * those of the others that the test is about. `beyond` lists what C11 or C++20 allows and this
     * explorer can't produce: when one is seen after all, the list is wrong and the test fails.
     */
    const char *must_see[EXPLORER_OUTCOMES_MAX];
    const char *must_not_see[EXPLORER_OUTCOMES_MAX];
    const char *beyond[EXPLORER_OUTCOMES_MAX];

    /* The report that the program is there to provoke. The search must find it. */
    explorer_report expect;

    /*
     * Bounds on the search; without any it sees every execution, by partial-order reduction. A
     * preemption takes the turn from a thread that could go on, or lets a sleeper time out while
     * others can run.
     */
    unsigned preemptions;
    unsigned pauses;          /* at most this many a thread and execution; 0: no bound */
    unsigned spurious_fails;  /* of weak compare-exchanges, a thread and execution */
    unsigned spurious_wakes;  /* of sleepers, a thread and execution */
    bool same_thread_sequence; /* release sequences as in C11 and C17; else as in C++20 */

    /*
     * A bit for each thread, the lowest for the first: in these barriers run no fence. That allows
     * more than the system does, so what holds without such a fence holds with it too; and where
     * nothing rests on it, there is far less to explore.
     */
    unsigned spared;
} explorer_program_form;

extern const explorer_program_form explorer_program;

/* The current case's value. */
uint64_t explorer_value(void);

/* Sets a register of the outcome. Registers begin as 0; the highest one set says how many count. */
void explorer_register(unsigned index, int64_t value);

/* Reports an assertion failure unless the condition holds. */
void explorer_check(bool condition, const char *message);

/*
 * A spinning thread calls this once a round: it goes on when what its loop read has changed. This
 * is for loops that end by what they read. One with a deadline looks at the clock before it pauses;
 * one that ends after a number of rounds doesn't pause.
 */
void explorer_pause(void);

/* A resource is taken or given back; a balance above zero after finish is a leak. */
void explorer_hold(unsigned resources);
void explorer_drop(unsigned resources);

/* Marks memory whose contents must not be read before they are written. */
void explorer_poison(const void *address, size_t size);

#endif
