/*
 * spin.c - loops that wait for another thread.
 *
 * A round of a spinning loop that reads what the round before read tells nothing new, so it isn't
 * explored: at a pause the thread stops until one of the locations that its round loaded has a
 * newer store than the one that the round read first, or begins a round before that where it makes
 * a difference. When it goes on and reads nothing new after all, because it chose an old store
 * again or found none on its way, the execution is one that is explored without that round: it is
 * cut off. A thread that no other can ever let go on hangs. (C11 7.17.3p16 asks that a store
 * becomes visible in finite time; so a round that reads old values forever isn't a hang.)
 *
 * A round that writes, if only a counter of failures, may matter to others. After one that told
 * something new one such round is let pass, and when no other thread can run, the thread runs on:
 * only the limit of steps ends it then, as a hang.
 */
#include "core.h"

/* As many loads in a row that tell nothing new are taken for a spin without a pause. */
#define SAME_READS_MAX 100u

/* Nothing can end a loop that pauses without having looked at anything; backing off is shorter. */
#define BLIND_PAUSES_MAX 1000u

static watch *find_watch(thread *own, uint32_t at)
{
    for (unsigned i = 0; i < own->watched; i++) {
        if (own->watch[i].at == at) {
            return &own->watch[i];
        }
    }
    return NULL;
}

/* The thread slept, or woke another: what it waits for next isn't the loop from before. */
void spin_progressed(void)
{
    thread *own = self();
    own->progressed = true;
    own->looked = false;
    own->watched = 0;
    own->same_reads = 0;
}

/* A wake of no thread may still be part of a loop; it may matter to those who come to wait. */
void spin_woke(bool any)
{
    if (any) {
        spin_progressed();
    } else {
        self()->wrote = true;
    }
}

/* What the thread wrote itself isn't news to it. */
void spin_wrote(uint32_t at, uint16_t sequence)
{
    thread *own = self();
    own->wrote = true;
    own->same_reads = 0;
    watch *seen = find_watch(own, at);
    if (seen != NULL) {
        seen->first = sequence;
        seen->last = sequence;
    }
}

/* Notes a load of a known location; returns whether it differs from the round before. */
static bool load_again(watch *seen, uint16_t sequence, unsigned round)
{
    bool begins_round = seen->round != round;
    bool is_new = sequence != (begins_round ? seen->first : seen->last);
    if (begins_round) {
        seen->round = round;
        seen->first = sequence;
    }
    seen->last = sequence;
    return is_new;
}

void spin_loaded(uint32_t at, uint16_t sequence)
{
    thread *own = self();
    own->looked = true;
    bool is_new = true;
    watch *seen = find_watch(own, at);
    if (seen != NULL) {
        is_new = load_again(seen, sequence, own->round);
    } else if (own->watched < WATCHES_MAX) {
        own->watch[own->watched++] = (watch){(uint16_t)at, sequence, sequence, own->round};
    } else {
        report_failure(EXPLORER_LIMIT, "a loop loads more than %u locations", WATCHES_MAX);
    }
    own->progressed |= is_new;
    own->same_reads = is_new ? 0 : own->same_reads + 1;
}

bool spin_is_suspected(void)
{
    return self()->same_reads >= SAME_READS_MAX;
}

/* The oldest of the stores to a watched location that are newer than what the round read first. */
static const store *first_news(const watch *seen)
{
    const store *news = NULL;
    for (const store *at = memory_last(seen->at); at->sequence > seen->first;
         at = memory_previous(at)) {
        news = at;
    }
    return news;
}

/* What was the first to let a thread that pauses go on; NULL if it has nothing new to read. */
static const store *release_of(const thread *of)
{
    const store *first = NULL;
    for (unsigned i = 0; i < of->watched; i++) {
        const store *news = first_news(&of->watch[i]);
        if (news != NULL && (first == NULL || news->at_step < first->at_step)) {
            first = news;
        }
    }
    return first;
}

/*
 * Whether a thread that pauses may go on. If so, it depends on the first store that lets it: not on
 * all of them, for each of the others might come later. Which is the first is tried out if the
 * round loaded several locations, whose stores don't depend on each other.
 */
bool spin_may_go_on(unsigned of)
{
    const thread *other = &explorer.thread[of];
    const store *first = release_of(other);
    if (first != NULL && other->before[first->writer] < first->step) {
        reduction_enabled(of, first->at_step, other->watched > 1);
    }
    return first != NULL;
}

/* Forgets what the round that ends didn't load: it was loaded before the loop. */
static bool forget_earlier_rounds(thread *own)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < own->watched; i++) {
        if (own->watch[i].round == own->round) {
            own->watch[kept++] = own->watch[i];
        }
    }
    bool has_forgotten = kept < own->watched;
    own->watched = kept;
    return has_forgotten;
}

/*
 * The execution will be cut off. Until then the others run on: what they do may show that other
 * schedules have to be explored.
 */
static void leave_out(thread *own)
{
    own->state = THREAD_LEFT_OUT;
    scheduler_block();
}

/*
 * Begins a new round, and returns whether the one that ends learned nothing new. It leaves the
 * thread out if there would have been something new to read, or if the round began early to find
 * some.
 */
static bool end_round(thread *own)
{
    bool is_idle = !forget_earlier_rounds(own) && !own->progressed;
    own->idle_rounds = is_idle ? own->idle_rounds + 1 : 0;
    bool is_enough = own->idle_rounds > (own->wrote ? 1u : 0u) && release_of(own) != NULL;
    bool is_in_vain = is_idle && own->is_early;
    if ((is_enough || is_in_vain) && explorer.mode <= MODE_BOUNDED) {
        leave_out(own);
    }
    own->looked = false;
    own->progressed = false;
    own->same_reads = 0;
    own->round++;
    return is_idle;
}

static operation trace_pause(uintptr_t code)
{
    operation op = {.kind = OP_PAUSE, .code = code};
    trace_add(&op, 0, 0, NULL);
    return op;
}

/*
 * A round may begin before there is anything new, and find it on its way. Where it doesn't, what it
 * reads first may be as old all the same, unless some step of it has its place among others': only
 * then both are tried out.
 */
static bool begins_early(const thread *own)
{
    return own->has_place && choice_take(2) == 1;
}

static void block_until_changed(uintptr_t code)
{
    thread *own = self();
    operation op = trace_pause(code);
    bool has_news = spin_may_go_on(explorer.current);
    own->is_early = !has_news && begins_early(own);
    own->has_place = false;
    if (!has_news && !own->is_early) {
        own->state = THREAD_PAUSED;
        own->next = op;
        scheduler_block();
    }
    own->saw_clock = false;
    own->wrote = false;
}

void spin_pause(uintptr_t code)
{
    if (!explorer.concurrent) {
        return;
    }
    thread *own = self();
    if (!own->looked && !own->saw_clock) {
        if (++own->blind_pauses > BLIND_PAUSES_MAX) {
            trace_pause(code);
            report_failure(EXPLORER_HANG, "%u pauses without a look at anything, at %s",
                           BLIND_PAUSES_MAX, symbols_code(code));
        }
        return;
    }
    own->blind_pauses = 0;
    end_round(own);
    if (explorer_program.pauses > 0 && own->round > explorer_program.pauses) {
        leave_out(own);
    }
    block_until_changed(code);
}

/*
 * A futex wait that returned at once, because the word had changed, ends a round like a pause; but
 * it doesn't block unless the round told nothing new.
 */
void spin_waited_in_vain(uintptr_t code)
{
    if (self()->looked && end_round(self())) {
        block_until_changed(code);
    }
}
