/*
 * core.h - what the explorer's files offer each other.
 *
 * Layers, the lower ones first: choice (which alternative), view and memory and fence (what a load
 * may read), shadow (plain accesses), dependence and reduction (which schedules differ), spin
 * (loops that wait), scheduler (who runs), futex (sleep and time), trace, symbols and report (what
 * is shown), tsan (entry points of instrumented code), main (the loop over executions).
 */
#ifndef EXPLORER_CORE_H
#define EXPLORER_CORE_H

#include "state.h"

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
unsigned choice_take_thread(
    uint32_t enabled, uint32_t asleep, unsigned wanted, uint32_t *done, uint32_t *at);
void choice_add_threads(uint32_t at, uint32_t initials, unsigned preferred);
void choice_add_all_threads(uint32_t at);
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
const store *memory_last(uint32_t at);
const store *memory_previous(const store *of);
uint64_t memory_load(const operation *op);
void memory_store(const operation *op);
uint64_t memory_update(const operation *op, uint64_t (*combine)(uint64_t, uint64_t));
bool memory_compare(const operation *op, uint64_t *found);
uint64_t memory_peek(const operation *op);
void memory_wake(const operation *op);
uint16_t memory_newest_known(uint32_t at, const view *by);
void memory_written_plainly(uint32_t at, unsigned by);

/* fence.c */
void fence_step(const operation *op);
void fence_all_others(uintptr_t code);

/* shadow.c */
void shadow_begin_execution(void);
void shadow_access(uintptr_t address, size_t size, bool is_write, uintptr_t code);
void shadow_atomic(uint32_t at, bool is_read, bool is_write, uintptr_t code);
uint16_t *shadow_location(uintptr_t address, unsigned size, uint32_t *cell);
void shadow_poison(uintptr_t address, size_t size);

/* scheduler.c, context.c */
void scheduler_run_execution(void);
void scheduler_announce(const operation *op);
void scheduler_block(void);
void scheduler_step(void);
void scheduler_wrote(void);
bool scheduler_may_time_out(unsigned index);
_Noreturn void scheduler_abandon(execution_end end);
void context_switch(void **save, void *resume);
void *context_prepare(unsigned index, void (*entry)(void));
bool context_owns(unsigned index, uintptr_t address);

/* spin.c */
void spin_loaded(uint32_t at, uint16_t sequence);
void spin_progressed(void);
void spin_woke(bool any);
void spin_wrote(uint32_t at, uint16_t sequence);
bool spin_is_suspected(void);
void spin_pause(uintptr_t code);
void spin_waited_in_vain(uintptr_t code);
bool spin_may_go_on(unsigned of);

/* dependence.c, reduction.c */
enum {
    ROLE_READS = 1,
    ROLE_WRITES = 2,
    ROLE_SC_ACCESS = 4,
    ROLE_SC_FENCE = 8,
    ROLE_KERNEL = 16
};
void dependence_begin_execution(void);
bool dependence_between(unsigned one, unsigned other);
void dependence_step(unsigned roles, uint32_t at);
void dependence_barrier(unsigned target);
void dependence_follow(unsigned thread_index, const uint32_t *before);
void reduction_step(const uint32_t *candidates, unsigned count);
void reduction_barrier(unsigned target);
void reduction_disabled(unsigned other);
void reduction_enabled(unsigned thread_index, uint32_t by, bool has_alternatives);
unsigned reduction_choose(uint32_t enabled, unsigned preferred);

/* priority.c */
void priority_begin_execution(void);
unsigned priority_highest(uint32_t enabled);

/* graph.c */
void graph_begin_search(void);
void graph_begin_execution(void);
void graph_add(operation_kind kind, uintptr_t address, uint64_t source);
void graph_add_store(uintptr_t address, uint32_t sequence, unsigned writer, uint32_t step);
void graph_end_execution(void);
size_t graph_count(void);

/* trace.c, symbols.c */
void trace_begin(void);
uint32_t trace_add(const operation *op, uint64_t value, uint32_t source_event, const char *note);
void trace_print(void);
const char *symbols_code(uintptr_t code);
void symbols_data(uintptr_t address, char *text, size_t size);
void symbols_want_code(uintptr_t code);

/* crash.c */
void crash_begin(void);

/* report.c, outcome.c */
_Noreturn void report_failure(explorer_report kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *report_name(explorer_report kind);
void outcome_begin_search(void);
void outcome_add(void);
bool outcome_judge(void);
void outcome_print(void);

#endif
