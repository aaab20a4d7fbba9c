/*
 * state.h - the state of one execution: what threads know, what locations hold, who may run.
 */
#ifndef EXPLORER_STATE_H
#define EXPLORER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explorer.h"

/* Thread 0 runs setup and finish; the program's threads are 1 and up. */
#define MAIN_THREAD 0u
#define THREADS (EXPLORER_THREADS_MAX + 1u)
#define LOCATIONS_MAX 512u
#define STORES_MAX 16384u
#define STEPS_MAX 20000u
#define WATCHES_MAX 256u
#define HOUR_NS ((uint64_t)3600 * 1000 * 1000 * 1000) /* longer than any time-out */
#define NO_STORE UINT32_MAX
#define NO_CHOICE UINT32_MAX
#define NO_LOCATION UINT16_MAX

/* The orders as both compilers pass them. */
enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQUIRE_RELEASE, SEQ_CST };

typedef enum operation_kind {
    OP_NONE,
    OP_LOAD,
    OP_STORE,
    OP_UPDATE,   /* read-modify-write */
    OP_COMPARE,  /* compare-exchange */
    OP_MISS,     /* in traces: a compare-exchange that failed */
    OP_FENCE,
    OP_PAUSE,
    OP_BARRIER, /* the part of a barrier that concerns one thread, whose index is `value` */
    OP_WAIT,     /* futex wait */
    OP_WOKEN,    /* the end of a wait, by a wake */
    OP_TIMEOUT,  /* the end of a wait, by time or for no reason */
    OP_WAKE,     /* futex wake */
    OP_CLOCK,
    OP_READ,     /* plain */
    OP_WRITE,    /* plain */
    OP_END
} operation_kind;

typedef struct operation {
    operation_kind kind;
    uint8_t order;
    uint8_t failure_order;
    uint8_t size; /* bytes */
    bool is_weak;
    uintptr_t address;
    uintptr_t code; /* the call's return address in instrumented code */
    uint64_t value;
    uint64_t expected;
} operation;

/*
 * What a thread knows. `clock` is a vector clock of happens-before. `floor[l]` is the sequence
 * number of the oldest store to location l that coherence still lets the thread read.
 */
typedef struct view {
    uint32_t clock[THREADS];
    uint32_t locations; /* floors from here on are 0 and not stored */
    uint16_t floor[LOCATIONS_MAX];
} view;

/* One entry of a location's modification order. */
typedef struct store {
    uint64_t value;
    uint32_t previous; /* index of the one before, NO_STORE for the first */
    uint32_t clock;    /* the writer's clock */
    uint32_t step;     /* the writer's step */
    uint32_t at_step;  /* the same as counted in all */
    uint32_t event;    /* in the trace */
    uint16_t sequence; /* 0 is the initial value */
    uint8_t writer;
    bool is_update;
    bool is_head;    /* heads a release sequence of its own */
    bool has_release; /* `released` is what an acquiring reader gains */
    view released;
    view head; /* of an update, its own release alone; kept for C11's release sequences */
} store;

typedef struct location {
    uintptr_t address;
    uint32_t last; /* index of the last store */
    uint32_t cell; /* of the shadow */
    uint16_t sc_floor; /* no seq_cst load may read an older store */
    uint16_t wake_floor; /* no futex wait may compare with an older store */
    uint8_t size;
    bool is_dirty; /* a plain store wrote it; the last store's value is still to be fetched */
    uint32_t read_clock[THREADS];  /* of each thread's last atomic load */
    uint32_t write_clock[THREADS]; /* of each thread's last atomic store */
    uint32_t read_code[THREADS];
    uint32_t write_code[THREADS];
    uint32_t last_write_step;    /* 0 is none */
    uint32_t read_step[THREADS]; /* of each thread's last load since then */
} location;

typedef enum thread_state {
    THREAD_UNUSED,
    THREAD_READY,
    THREAD_PAUSED,
    THREAD_ASLEEP,
    THREAD_LEFT_OUT, /* its round is explored elsewhere, or one too many: it will be cut off */
    THREAD_DONE
} thread_state;

/* A location that a possibly spinning thread has loaded. */
typedef struct watch {
    uint16_t at;
    uint16_t first; /* sequence number of the store that the round's first load read */
    uint16_t last;  /* and of what its last load read */
    unsigned round; /* pauses before that load */
} watch;

typedef struct thread {
    thread_state state;
    bool continues; /* paused or asleep no more: runs on to its next operation at once */
    bool progressed; /* saw something new since its last pause */
    bool wrote;      /* since its last pause */
    bool looked;    /* loaded something since its last pause */
    bool saw_clock; /* since its last pause */
    bool has_place; /* took a step in the order of seq_cst or the kernel since its last pause */
    bool is_early; /* its round began when there was nothing new to read */
    bool knows_time; /* has looked at the clock */
    bool timed_out;
    bool has_release_fence;
    operation next; /* announced, not yet executed */
    void *stack_pointer;
    uint32_t steps;
    uint32_t choice; /* where it was chosen for its last step */
    uint32_t spurious_fails;
    uint32_t spurious_wakes;
    uint32_t blind_pauses; /* in a row, with no look behind the last sleep or pause */
    uint32_t same_reads; /* loads in a row that told nothing new */
    uint64_t deadline_ns; /* of the sleep; UINT64_MAX is none */
    uint32_t before[THREADS]; /* steps that the thread's next step depends on */
    uint32_t barrier;         /* the last step of another thread's barrier here, since its own */
    uint32_t before_barrier[THREADS]; /* `before` as it was without that step */
    unsigned round;           /* pauses so far */
    unsigned idle_rounds;     /* in a row that told nothing new */
    unsigned watched;
    view view; /* what stands before it begins as zeros */
    view acquired_by_fence; /* what an acquire fence would add */
    view released_by_fence; /* what the last release fence covers */
    watch watch[WATCHES_MAX]; /* the first `watched`: what it loaded */
} thread;

/* The first two walk through all executions. */
typedef enum search_mode { MODE_EXHAUSTIVE, MODE_BOUNDED, MODE_RANDOM, MODE_PCT } search_mode;

/* Faults of the explorer itself, with which its litmus suite has to fail. */
typedef enum explorer_mutant {
    MUTANT_NONE,
    MUTANT_NO_HISTORY,
    MUTANT_NO_HAPPENS_BEFORE
} explorer_mutant;

typedef enum execution_end { END_COMPLETE, END_PRUNED, END_FAILED } execution_end;

typedef struct explorer_state {
    search_mode mode;
    explorer_mutant mutant;
    bool reduces;     /* partial-order reduction is on */
    bool is_running;  /* in an execution */
    bool concurrent;  /* the program's threads exist */
    bool has_poison;
    bool is_tracing;
    bool lists_plain; /* the trace shows plain accesses too */
    bool counts_graphs; /* asked for by --distinct */
    unsigned threads; /* with thread 0 */
    unsigned current;
    unsigned last_chosen;
    unsigned preemptions; /* bound of a bounded search */
    unsigned preemptions_left;
    uint32_t asleep;  /* threads whose next step is explored elsewhere (sleep set) */
    uint32_t steps;
    uint64_t steps_in_all; /* of all executions; what isn't a thread's counts as one in each */
    uint32_t locations;
    uint32_t stores;
    uint64_t clock_ns;
    uint64_t case_value;
    int64_t held;
    int64_t registers[EXPLORER_REGISTERS_MAX];
    unsigned register_count;
    execution_end end;
    explorer_report report;
    char message[512];
    thread thread[THREADS];
    location location[LOCATIONS_MAX];
    view fence_view; /* floors that seq_cst fences have published */
} explorer_state;

extern explorer_state explorer;

#endif
