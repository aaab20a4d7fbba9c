/*
 * core.h - what the explorer's files share: the state of one execution and each file's functions.
 *
 * Layers, the lower ones first: choice (which alternative), view and memory (what a load may read),
 * shadow (plain accesses), scheduler (who runs), futex (sleep and time), trace and report (what is
 * shown), tsan (entry points of instrumented code), main (the loop over executions).
 */
#ifndef EXPLORER_CORE_H
#define EXPLORER_CORE_H

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
#define WATCHES_MAX 64u
#define NO_STORE UINT32_MAX
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
 * What a thread knows. `clock` is a vector clock of happens-before. `floor[l]` is the sequence number of the
 * oldest store to location l that coherence still lets the thread read.
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
    uint8_t size;
    bool is_dirty; /* a plain store wrote it; the last store's value is still to be fetched */
    uint32_t read_clock[THREADS];  /* of each thread's last atomic load */
    uint32_t write_clock[THREADS]; /* of each thread's last atomic store */
    uint32_t read_code[THREADS];
    uint32_t write_code[THREADS];
    uint32_t reads_before[THREADS];  /* steps up to the last loads; see dependence.c */
    uint32_t writes_before[THREADS]; /* steps up to the last store */
} location;

typedef enum thread_state {
    THREAD_UNUSED,
    THREAD_READY,
    THREAD_PAUSED,
    THREAD_ASLEEP,
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
    bool progressed; /* did or saw something new since its last pause */
    bool looked;    /* loaded something since its last pause */
    bool saw_clock; /* since its last pause */
    bool timed_out;
    bool has_release_fence;
    operation next; /* announced, not yet executed */
    void *stack_pointer;
    uint32_t steps;
    uint32_t spurious_fails;
    uint32_t spurious_wakes;
    uint32_t same_reads; /* loads in a row that told nothing new */
    uint64_t deadline_ns; /* of the sleep; UINT64_MAX is none */
    uint32_t before[THREADS]; /* steps that the thread's next step depends on */
    unsigned round;           /* pauses so far */
    unsigned watched;
    view view; /* what stands before it begins as zeros */
    view acquired_by_fence; /* what an acquire fence would add */
    view released_by_fence; /* what the last release fence covers */
    watch watch[WATCHES_MAX]; /* the first `watched`: loaded since it last changed anything */
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
    bool concurrent;  /* the program's threads exist */
    bool has_poison;
    bool is_tracing;
    bool lists_plain; /* the trace shows plain accesses too */
    unsigned threads; /* with thread 0 */
    unsigned current;
    unsigned last_chosen;
    unsigned preemptions; /* bound of a bounded search */
    unsigned preemptions_left;
    uint32_t asleep;  /* threads whose next step is explored elsewhere (sleep set) */
    uint32_t steps;
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
    uint32_t fence_before[THREADS];  /* dependence through seq_cst fences */
    uint32_t sc_before[THREADS];     /* dependence of fences on seq_cst accesses */
    uint32_t kernel_before[THREADS]; /* dependence through futex calls and the clock */
} explorer_state;

extern explorer_state explorer;

static inline thread *self(void)
{
    return &explorer.thread[explorer.current];
}

static inline bool is_acquire(unsigned order)
{
    return order == ACQUIRE || order == CONSUME || order >= ACQUIRE_RELEASE;
}

static inline bool is_release(unsigned order)
{
    return order >= RELEASE;
}

/* choice.c */
void choice_begin_search(search_mode mode);
void choice_replay(const char *choices);
void choice_seed(uint64_t seed);
void choice_begin_execution(void);
bool choice_next_execution(void);
unsigned choice_take(unsigned count);
unsigned choice_prefer(unsigned count, unsigned wanted);
uint64_t choice_random(void);
void choice_text(char *text, size_t size);

/* view.c */
void view_clear(view *to);
void view_copy(view *to, const view *from);
void view_join(view *to, const view *from);
void view_join_floors(view *to, const view *from);
void view_raise(view *of, uint32_t at, uint16_t sequence);
static inline uint16_t view_floor(const view *of, uint32_t at)
{
    return at < of->locations ? of->floor[at] : 0;
}
static inline bool view_knows(const view *of, unsigned writer, uint32_t clock)
{
    return clock <= of->clock[writer];
}

/* memory.c */
void memory_begin_execution(void);
uint32_t memory_location(uintptr_t address, unsigned size);
const store *memory_last(uint32_t at);
uint64_t memory_load(const operation *op);
void memory_store(const operation *op);
uint64_t memory_update(const operation *op, uint64_t (*combine)(uint64_t, uint64_t));
bool memory_compare(const operation *op, uint64_t *found);
void memory_fence(const operation *op);
uint64_t memory_peek(const operation *op);
void memory_written_plainly(uint32_t at, unsigned by);
uint64_t memory_raw(uintptr_t address, unsigned size);

/* shadow.c */
void shadow_begin_execution(void);
void shadow_access(uintptr_t address, size_t size, bool is_write, uintptr_t code);
void shadow_atomic(uint32_t at, bool is_write, uintptr_t code);
uint16_t *shadow_location(uintptr_t address, uint32_t *cell);
void shadow_poison(uintptr_t address, size_t size);

/* scheduler.c, context.c */
void scheduler_run_execution(void);
void scheduler_announce(const operation *op);
void scheduler_block(void);
void scheduler_step(void);
void scheduler_wrote(void);
_Noreturn void scheduler_abandon(execution_end end);
void context_switch(void **save, void *resume);
void *context_prepare(unsigned index, void (*entry)(void));
bool context_owns(unsigned index, uintptr_t address);

/* spin.c */
void spin_loaded(uint32_t at, uint16_t sequence);
void spin_progressed(void);
bool spin_is_suspected(void);
void spin_pause(uintptr_t code);
void spin_waited_in_vain(uintptr_t code);
bool spin_may_go_on(unsigned of);

/* dependence.c */
bool dependence_between(const operation *one, const operation *other);
void dependence_read(uint32_t at, unsigned order);
void dependence_write(uint32_t at, unsigned order);
void dependence_fence(void);
void dependence_kernel(void);
void dependence_follow(unsigned thread_index, const uint32_t *before);

/* priority.c */
void priority_begin_execution(void);
unsigned priority_highest(uint32_t enabled);

/* trace.c, symbols.c */
void trace_begin(void);
uint32_t trace_add(const operation *op, uint64_t value, uint32_t source_event, const char *note);
void trace_print(void);
const char *symbols_code(uintptr_t code);
void symbols_data(uintptr_t address, char *text, size_t size);
void symbols_want_code(uintptr_t code);
void symbols_name(uintptr_t address, size_t size, const char *name);

/* report.c, outcome.c */
_Noreturn void report_failure(explorer_report kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *report_name(explorer_report kind);
void outcome_begin_search(void);
void outcome_add(void);
bool outcome_judge(void);
void outcome_print(void);

#endif
