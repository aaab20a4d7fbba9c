/*
 * memory.c - atomic locations: their stores in modification order, and what may be read.
 *
 * The modification order of a location is the order in which its stores are executed, and the total
 * order of seq_cst operations is the order in which those are. The real memory always holds the
 * last store of each location.
 *
 * It is long because loads, exchanges that fail and the kernel's look share one rule of what may be
 * read, and that rule's helpers are inlined into the hottest paths.
 */
#include "core.h"

#include <string.h>

#define CANDIDATES_MAX 62u

static store stores[STORES_MAX];

void memory_begin_execution(void)
{
    explorer.locations = 0;
    explorer.stores = 0;
    view_clear(&explorer.fence_view);
}

const store *memory_last(uint32_t at)
{
    return &stores[explorer.location[at].last];
}

/* The one before in modification order; every location begins with one of sequence 0. */
const store *memory_previous(const store *of)
{
    return &stores[of->previous];
}

static uint64_t get_raw(uintptr_t address, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, (const void *)address, size); /* Little-endian: the low bytes come first. */
    return value;
}

static void set_raw(uintptr_t address, unsigned size, uint64_t value)
{
    memcpy((void *)address, &value, size);
}

static uint64_t cut(uint64_t value, unsigned size)
{
    return size == 8 ? value : value & (((uint64_t)1 << (8 * size)) - 1);
}

/* Appends a store without its value's consequences for any thread. */
static store *append(uint32_t at, uint64_t value, unsigned writer)
{
    location *place = &explorer.location[at];
    uint32_t index = explorer.stores++;
    if (index == STORES_MAX) {
        report_failure(EXPLORER_LIMIT, "more than %u stores in one execution", STORES_MAX);
    }
    store *added = &stores[index];
    added->value = value;
    added->previous = place->last;
    added->clock = explorer.thread[writer].view.clock[writer];
    added->step = explorer.thread[writer].steps;
    added->at_step = explorer.steps;
    added->event = 0;
    added->sequence =
        place->last == NO_STORE ? 0 : (uint16_t)(stores[place->last].sequence + 1);
    added->writer = (uint8_t)writer;
    added->is_update = false;
    added->is_head = false;
    added->has_release = false;
    place->last = index;
    graph_add_store(place->address, added->sequence, writer, added->step);
    return added;
}

/* A location begins with what the memory holds: setup wrote it, before all threads. */
static uint32_t add_location(uintptr_t address, unsigned size)
{
    if (explorer.locations == LOCATIONS_MAX) {
        report_failure(EXPLORER_LIMIT, "more than %u atomic objects", LOCATIONS_MAX);
    }
    uint32_t at = explorer.locations++;
    location *place = &explorer.location[at];
    memset(place, 0, sizeof *place);
    place->address = address;
    place->size = (uint8_t)size;
    place->last = NO_STORE;
    store *initial = append(at, get_raw(address, size), MAIN_THREAD);
    initial->clock = 0;
    initial->step = 0;
    return at;
}

static uint32_t find_location(uintptr_t address, unsigned size)
{
    uint32_t cell;
    uint16_t *known = shadow_location(address, size, &cell);
    if (*known == NO_LOCATION) {
        *known = (uint16_t)add_location(address, size);
        explorer.location[*known].cell = cell;
    }
    location *place = &explorer.location[*known];
    if (place->size != size) {
        report_failure(EXPLORER_LIMIT, "an object of %u bytes is accessed as one of %u",
                       (unsigned)place->size, size);
    }
    if (place->is_dirty) {
        stores[place->last].value = get_raw(address, size);
        place->is_dirty = false;
    }
    return *known;
}

/* A plain store to an atomic object, whose order the race detector checks. */
void memory_written_plainly(uint32_t at, unsigned by)
{
    store *added = append(at, 0, by);
    explorer.location[at].is_dirty = true;
    view_raise(&explorer.thread[by].view, at, added->sequence);
}

/* The sequence number of the oldest store that the current thread may read. */
static uint16_t oldest_readable(uint32_t at, unsigned order)
{
    uint16_t floor = view_floor(&self()->view, at);
    uint16_t sc_floor = explorer.location[at].sc_floor;
    return order == SEQ_CST && sc_floor > floor ? sc_floor : floor;
}

/* The stores that the current thread may read, down to the `floor`, the newest first. */
static unsigned collect(uint32_t at, uint16_t floor, uint32_t *found)
{
    const location *place = &explorer.location[at];
    const store *last = &stores[place->last];
    found[0] = place->last;
    if (explorer.mutant == MUTANT_NO_HISTORY) {
        return 1;
    }
    if (explorer.reduces && self()->before[last->writer] < last->step) {
        return 1; /* Reading an older one is explored where this load runs before `last`. */
    }
    unsigned count = 1;
    for (uint32_t i = last->previous; i != NO_STORE && stores[i].sequence >= floor;
         i = stores[i].previous) {
        if (count == CANDIDATES_MAX) {
            report_failure(EXPLORER_LIMIT, "a load may read more than %u stores", count);
        }
        found[count++] = i;
    }
    return count;
}

static unsigned sc_role(unsigned order)
{
    return order == SEQ_CST ? ROLE_SC_ACCESS : 0;
}

/* What reading a store tells the current thread. */
static void learn(uint32_t at, const store *from, unsigned order)
{
    thread *own = self();
    view_raise(&own->view, at, from->sequence);
    if (!from->has_release || explorer.mutant == MUTANT_NO_HAPPENS_BEFORE) {
        return;
    }
    view_join(is_acquire(order) ? &own->view : &own->acquired_by_fence, &from->released);
}

static uint64_t read_from(uint32_t at, const operation *op, unsigned order, uint32_t index)
{
    const store *from = &stores[index];
    dependence_step(ROLE_READS | sc_role(order), at);
    graph_add(OP_LOAD, op->address, (uint64_t)from->step * THREADS + from->writer);
    learn(at, from, order);
    spin_loaded(at, from->sequence);
    bool is_old = index != explorer.location[at].last;
    operation shown = *op;
    shown.kind = op->kind == OP_COMPARE ? OP_MISS : op->kind;
    trace_add(&shown, from->value, from->event, is_old ? "an old one" : NULL);
    return from->value;
}

uint64_t memory_load(const operation *op)
{
    if (!explorer.concurrent) {
        shadow_access(op->address, op->size, false, op->code);
        return get_raw(op->address, op->size);
    }
    if (spin_is_suspected()) {
        spin_pause(op->code);
    }
    scheduler_announce(op);
    uint32_t at = find_location(op->address, op->size);
    shadow_atomic(at, true, false, op->code);
    uint32_t found[CANDIDATES_MAX];
    unsigned count = collect(at, oldest_readable(at, op->order), found);
    unsigned chosen = count > 1 ? choice_take(count) : 0;
    return read_from(at, op, op->order, found[chosen]);
}

/* In C11 a thread's later plain stores belong to its release sequence, up to another thread's. */
static void continue_sequence(store *added)
{
    for (uint32_t i = added->previous; i != NO_STORE; i = stores[i].previous) {
        const store *earlier = &stores[i];
        if (earlier->writer == added->writer && earlier->is_head) {
            if (!added->has_release) {
                view_clear(&added->released);
                added->has_release = true;
            }
            view_join(&added->released, &earlier->head);
            return;
        }
        if (earlier->writer != added->writer && !earlier->is_update) {
            return;
        }
    }
}

/* Gives a store what its acquiring readers gain. */
static void release_with(store *added, unsigned order)
{
    thread *own = self();
    if (is_release(order)) {
        view_copy(&added->released, &own->view);
        added->has_release = true;
    } else if (own->has_release_fence) {
        view_copy(&added->released, &own->released_by_fence);
        added->has_release = true;
    }
    added->is_head = added->has_release;
    if (added->is_head && explorer_program.same_thread_sequence) {
        view_copy(&added->head, &added->released);
    }
    const store *earlier = &stores[added->previous];
    if (added->is_update && earlier->has_release) {
        if (!added->has_release) {
            view_clear(&added->released);
            added->has_release = true;
        }
        view_join(&added->released, &earlier->released);
    } else if (!added->is_update && explorer_program.same_thread_sequence) {
        continue_sequence(added);
    }
}

static store *write_to(uint32_t at, const operation *op, uint64_t value, bool is_update)
{
    location *place = &explorer.location[at];
    store *added = append(at, value, explorer.current);
    graph_add(is_update ? OP_UPDATE : OP_STORE, op->address, value);
    added->is_update = is_update;
    view_raise(&self()->view, at, added->sequence);
    release_with(added, op->order);
    if (op->order == SEQ_CST) {
        place->sc_floor = added->sequence;
    }
    dependence_step(ROLE_WRITES | sc_role(op->order), at);
    set_raw(op->address, op->size, value);
    spin_wrote(at, added->sequence);
    scheduler_wrote();
    return added;
}

void memory_store(const operation *op)
{
    if (!explorer.concurrent) {
        shadow_access(op->address, op->size, true, op->code);
        set_raw(op->address, op->size, op->value);
        return;
    }
    scheduler_announce(op);
    uint32_t at = find_location(op->address, op->size);
    shadow_atomic(at, false, true, op->code);
    store *added = write_to(at, op, cut(op->value, op->size), false);
    added->event = trace_add(op, added->value, 0, NULL);
}

/* The load and the store of a read-modify-write, at the end of the modification order. */
static uint64_t replace(uint32_t at, const operation *op, uint64_t value)
{
    const store *last = memory_last(at);
    uint64_t before = last->value;
    uint32_t source = last->event;
    shadow_atomic(at, true, true, op->code);
    learn(at, last, op->order);
    spin_loaded(at, last->sequence);
    store *added = write_to(at, op, cut(value, op->size), true);
    operation shown = *op;
    shown.expected = before;
    added->event = trace_add(&shown, added->value, source, NULL);
    return before;
}

uint64_t memory_update(const operation *op, uint64_t (*combine)(uint64_t, uint64_t))
{
    if (!explorer.concurrent) {
        shadow_access(op->address, op->size, false, op->code);
        uint64_t before = get_raw(op->address, op->size);
        set_raw(op->address, op->size, combine(before, op->value));
        return before;
    }
    scheduler_announce(op);
    uint32_t at = find_location(op->address, op->size);
    return replace(at, op, combine(memory_last(at)->value, op->value));
}

/*
 * Moves the stores of another value than the expected one to the front, where reading them lets an
 * exchange fail; returns how many those are. Reading one of the others, it fails for no reason.
 */
static unsigned put_failures_first(uint32_t *found, unsigned count, uint64_t expected)
{
    uint32_t equal[CANDIDATES_MAX];
    unsigned failures = 0;
    for (unsigned i = 0; i < count; i++) {
        if (stores[found[i]].value == expected) {
            equal[i - failures] = found[i];
        } else {
            found[failures++] = found[i];
        }
    }
    memcpy(&found[failures], equal, (count - failures) * sizeof *equal);
    return failures;
}

/* Keeps the newest store and one whose reading leads elsewhere: it is compared with `expected`. */
static unsigned keep_different(uint32_t *found, unsigned count, uint64_t expected)
{
    bool is_equal = stores[found[0]].value == expected;
    for (unsigned i = 1; i < count; i++) {
        if ((stores[found[i]].value == expected) != is_equal) {
            found[1] = found[i];
            return 2;
        }
    }
    return 1;
}

/* Returns whether the exchange took place; *found becomes the value that was read. */
bool memory_compare(const operation *op, uint64_t *found)
{
    if (!explorer.concurrent) {
        shadow_access(op->address, op->size, false, op->code);
        *found = get_raw(op->address, op->size);
        if (*found == op->expected) {
            set_raw(op->address, op->size, op->value);
        }
        return *found == op->expected;
    }
    scheduler_announce(op);
    thread *own = self();
    uint32_t at = find_location(op->address, op->size);
    uint32_t candidates[CANDIDATES_MAX];
    uint64_t expected = cut(op->expected, op->size);
    unsigned count = collect(at, oldest_readable(at, op->failure_order), candidates);
    unsigned failures = put_failures_first(candidates, count, expected);
    bool may_fail = op->is_weak && own->spurious_fails < explorer_program.spurious_fails;
    unsigned successes = memory_last(at)->value == expected ? 1 : 0;
    unsigned alternatives = successes + (may_fail ? count : failures);
    unsigned chosen = alternatives > 1 ? choice_take(alternatives) : 0;
    if (chosen < successes) {
        *found = replace(at, op, op->value);
        return true;
    }
    chosen -= successes;
    own->spurious_fails += chosen >= failures ? 1 : 0;
    shadow_atomic(at, true, false, op->code);
    *found = read_from(at, op, op->failure_order, candidates[chosen]);
    return false;
}

/*
 * What the kernel reads for a wait, without learning from it. Of all that the thread might read
 * only what the last wake on this word tells is out of date for sure.
 */
uint64_t memory_peek(const operation *op)
{
    uint32_t at = find_location(op->address, op->size);
    shadow_atomic(at, true, false, op->code);
    uint16_t floor = oldest_readable(at, RELAXED);
    uint16_t wake_floor = explorer.location[at].wake_floor;
    uint32_t found[CANDIDATES_MAX];
    unsigned count = collect(at, floor > wake_floor ? floor : wake_floor, found);
    count = keep_different(found, count, op->expected);
    unsigned chosen = count > 1 ? choice_take(count) : 0;
    dependence_step(ROLE_READS | ROLE_KERNEL, at);
    return stores[found[chosen]].value;
}

/* A wake tells later waits on its word what its thread knows of it. */
void memory_wake(const operation *op)
{
    uint32_t at = find_location(op->address, op->size);
    location *place = &explorer.location[at];
    uint16_t known = view_floor(&self()->view, at);
    if (place->wake_floor < known) {
        place->wake_floor = known;
    }
    dependence_step(ROLE_KERNEL, NO_LOCATION);
}

/* The newest store to a location that happens before what comes next to a thread of this view. */
uint16_t memory_newest_known(uint32_t at, const view *by)
{
    uint32_t i = explorer.location[at].last;
    while (stores[i].sequence > 0 && !view_knows(by, stores[i].writer, stores[i].clock)) {
        i = stores[i].previous;
    }
    return stores[i].sequence;
}
