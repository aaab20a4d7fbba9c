/*
 * reduction.c - partial-order reduction: which schedules have to be explored.
 *
 * Source sets with sleep sets (Abdulla, Aronis, Jonsson, Sagonas 2014). At a choice only one thread
 * is run at first. When a later step of another thread turns out to race with the step taken there
 * (they depend on each other and nothing in between orders them), a thread is added to the choice
 * that leads to the reverse. A sleep set holds the threads whose next step was explored already at
 * an earlier choice and has met nothing since that it depends on.
 *
 * What a load reads, which sleeper is woken and the like are choices of values, which are all
 * explored and are no business of this file.
 */
#include "core.h"

#include <string.h>

typedef struct step {
    uint32_t before[THREADS];
    uint32_t choice; /* where its thread was chosen; NO_CHOICE if no other one could run */
    uint8_t thread;
} step;

static step steps[STEPS_MAX + 1]; /* step 0 is none */

static bool is_before(const step *earlier, const step *later)
{
    return later->before[earlier->thread] >= earlier->before[earlier->thread];
}

/*
 * The threads that could begin, at the choice of step `from`, the steps up to `to` that don't come
 * after it: a bit for each whose first such step has none of the others' in its `before`.
 */
static uint32_t find_initials(uint32_t from, uint32_t to)
{
    uint32_t first_of[THREADS] = {0}; /* as numbered by the thread; 0: none yet */
    uint32_t initials = 0;
    for (uint32_t i = from + 1; i <= to; i++) {
        const step *own = &steps[i];
        bool is_after = i != to && is_before(&steps[from], own);
        if (is_after || first_of[own->thread] != 0) {
            continue;
        }
        bool is_initial = true;
        for (unsigned other = 1; other < explorer.threads; other++) {
            is_initial &= first_of[other] == 0 || own->before[other] < first_of[other];
        }
        initials |= is_initial ? 1u << own->thread : 0;
        first_of[own->thread] = own->before[own->thread];
    }
    return initials;
}

/*
 * If only their dependence orders an earlier step of another thread and the latest one, whose
 * thread knew the steps in `known` without it, the reverse has to be explored.
 */
static void try_before(uint32_t earlier_step, uint32_t latest, const uint32_t *known)
{
    const step *earlier = &steps[earlier_step];
    const step *own = &steps[latest];
    bool is_race = earlier_step != 0 && earlier->thread != own->thread
                   && known[earlier->thread] < earlier->before[earlier->thread];
    if (is_race && earlier->choice != NO_CHOICE) {
        choice_add_threads(earlier->choice, find_initials(earlier_step, latest), own->thread);
    }
}

/* Orders the current thread's step, the latest one, behind those it depends on directly. */
void reduction_step(const uint32_t *candidates, unsigned count)
{
    uint32_t latest = explorer.steps;
    step *own = &steps[latest];
    uint32_t known[THREADS];
    memcpy(known, self()->before, sizeof known);
    for (unsigned i = 0; i < count; i++) {
        if (candidates[i] != 0) {
            dependence_follow(explorer.current, steps[candidates[i]].before);
        }
    }
    memcpy(own->before, self()->before, sizeof own->before);
    own->thread = (uint8_t)explorer.current;
    own->choice = self()->choice;
    for (unsigned i = 0; i < count; i++) {
        try_before(candidates[i], latest, known);
    }
    try_before(self()->barrier, latest, self()->before_barrier);
    self()->barrier = 0;
}

/*
 * The current thread's latest step, of a barrier, counts among the target's own: what that does
 * next comes after it, and has to be tried before it too.
 */
void reduction_barrier(unsigned target)
{
    thread *other = &explorer.thread[target];
    memcpy(other->before_barrier, other->before, sizeof other->before);
    other->barrier = explorer.steps;
    dependence_follow(target, self()->before);
}

/* The current thread's step took away another one's, which has to be tried before it too. */
void reduction_disabled(unsigned other)
{
    uint32_t choice = self()->choice;
    if (explorer.reduces && choice != NO_CHOICE) {
        choice_add_threads(choice, 1u << other, other);
    }
}

/*
 * A thread goes on because of a step, which isn't one of its own: it depends on it. If steps that
 * are independent of that one could have let it go on too, they have to be tried before it.
 */
void reduction_enabled(unsigned thread_index, uint32_t by, bool has_alternatives)
{
    if (!explorer.reduces) {
        return;
    }
    const step *cause = &steps[by];
    dependence_follow(thread_index, cause->before);
    if (has_alternatives && cause->choice != NO_CHOICE) {
        choice_add_all_threads(cause->choice);
    }
}

/* Chooses among the threads that can take a step, `preferred` first. */
unsigned reduction_choose(uint32_t enabled, unsigned preferred)
{
    uint32_t awake = enabled & ~explorer.asleep;
    if (awake == 0) {
        scheduler_abandon(END_PRUNED);
    }
    unsigned chosen = (unsigned)__builtin_ctz(enabled);
    uint32_t asleep = explorer.asleep;
    explorer.thread[chosen].choice = NO_CHOICE;
    if ((enabled & (enabled - 1)) != 0) {
        unsigned wanted = (awake >> preferred & 1u) != 0 ? preferred
                                                         : (unsigned)__builtin_ctz(awake);
        uint32_t done;
        uint32_t at;
        chosen = choice_take_thread(enabled, explorer.asleep, wanted, &done, &at);
        explorer.thread[chosen].choice = at;
        asleep |= done;
    }
    for (unsigned i = 1; i < explorer.threads; i++) {
        if ((asleep >> i & 1u) != 0 && dependence_between(i, chosen)) {
            asleep &= ~(1u << i);
        }
    }
    explorer.asleep = asleep;
    return chosen;
}
