/*
 * shadow.c - plain accesses: races, and reads of memory that no thread has written.
 *
 * Each 8 bytes of memory that the threads touch have a cell with the accesses that may still race
 * with a later one. A race is two accesses of different threads to a common byte, at least one of
 * them a write and at least one plain, neither of which happens before the other. Since that is
 * judged by vector clocks, a race is found whichever of the two runs first. (After FastTrack, by
 * Flanagan and Freund 2009, and the sanitizer's shadow words.)
 */
#include "core.h"

#include <string.h>

#define CELLS 16384u /* a power of two */
#define CELLS_USED_MAX (CELLS / 4 * 3)
#define GRANULE 8u
#define RECORDS_MAX 24u

/* A plain access. Its clock is the one of the thread's next atomic step, which may publish it. */
typedef struct record {
    uint32_t clock;
    uint32_t code;
    uint8_t bytes; /* a bit each */
    uint8_t thread;
    bool is_write;
} record;

typedef struct cell {
    uintptr_t granule;
    uint64_t execution; /* the one that the cell is of; of an earlier one it is empty */
    uint8_t poison;     /* a bit for each byte */
    uint8_t records;
    bool has_locations;
    uint16_t location[GRANULE]; /* the atomic object that begins at each byte */
    record record[RECORDS_MAX];
} cell;

static cell cells[CELLS];
static uint64_t execution;
static uint32_t used;

void shadow_begin_execution(void)
{
    execution++;
    used = 0;
    explorer.has_poison = false;
}

static cell *cell_of(uintptr_t granule)
{
    uint32_t at = (uint32_t)((granule * 0x9e3779b97f4a7c15u) >> 40) & (CELLS - 1);
    while (cells[at].execution == execution) {
        if (cells[at].granule == granule) {
            return &cells[at];
        }
        at = (at + 1) & (CELLS - 1);
    }
    if (++used > CELLS_USED_MAX) {
        report_failure(EXPLORER_LIMIT, "more than %u words of memory in use", CELLS_USED_MAX);
    }
    cell *fresh = &cells[at];
    fresh->granule = granule;
    fresh->execution = execution;
    fresh->poison = 0;
    fresh->records = 0;
    fresh->has_locations = false;
    memset(fresh->location, 0xff, sizeof fresh->location);
    return fresh;
}

static unsigned bytes_at(uintptr_t address, unsigned size)
{
    return ((1u << size) - 1) << (address % GRANULE) & 0xffu;
}

/* Atomic objects are aligned, so those that have a byte in common share a cell. */
static void check_overlap(const cell *of, uintptr_t address, unsigned size)
{
    for (unsigned i = 0; i < GRANULE; i++) {
        if (of->location[i] != NO_LOCATION
            && (bytes_at(i, explorer.location[of->location[i]].size) & bytes_at(address, size))
                   != 0) {
            report_failure(EXPLORER_LIMIT, "a part of an atomic object is accessed as another one");
        }
    }
}

uint16_t *shadow_location(uintptr_t address, unsigned size, uint32_t *index)
{
    cell *found = cell_of(address / GRANULE);
    *index = (uint32_t)(found - cells);
    found->has_locations = true;
    uint16_t *known = &found->location[address % GRANULE];
    if (*known == NO_LOCATION) {
        check_overlap(found, address, size);
    }
    return known;
}

static _Noreturn void report_race(
    uintptr_t granule, unsigned bytes, bool is_write, uintptr_t code, const char *other_kind,
    unsigned other, uint32_t other_code)
{
    char place[128];
    char first[512];
    symbols_want_code(code);
    symbols_want_code(other_code);
    symbols_data(granule * GRANULE + (uintptr_t)__builtin_ctz(bytes), place, sizeof place);
    strncpy(first, symbols_code(other_code), sizeof first - 1);
    first[sizeof first - 1] = '\0';
    report_failure(EXPLORER_RACE, "on %s: %s by %s at %s, and %s by %s at %s", place,
                   is_write ? "write" : "read",
                   explorer_program.threads[explorer.current - 1].name, symbols_code(code),
                   other_kind, explorer_program.threads[other - 1].name, first);
}

static void check_records(const cell *of, unsigned bytes, bool is_write, uintptr_t code)
{
    for (unsigned i = 0; i < of->records; i++) {
        const record *other = &of->record[i];
        if ((other->bytes & bytes) != 0 && (is_write || other->is_write)
            && other->thread != explorer.current
            && !view_knows(&self()->view, other->thread, other->clock)) {
            report_race(of->granule, other->bytes & bytes, is_write, code,
                        other->is_write ? "plain write" : "plain read", other->thread,
                        other->code);
        }
    }
}

static void check_location(
    const cell *of, const location *place, unsigned bytes, bool is_write, uintptr_t code)
{
    for (unsigned other = 1; other < explorer.threads; other++) {
        if (other == explorer.current) {
            continue;
        }
        if (!view_knows(&self()->view, other, place->write_clock[other])) {
            report_race(of->granule, bytes, is_write, code, "atomic write", other,
                        place->write_code[other]);
        }
        if (is_write && !view_knows(&self()->view, other, place->read_clock[other])) {
            report_race(of->granule, bytes, is_write, code, "atomic read", other,
                        place->read_code[other]);
        }
    }
}

static void visit_locations(cell *of, unsigned bytes, bool is_write, uintptr_t code)
{
    for (unsigned i = 0; i < GRANULE; i++) {
        if (of->location[i] == NO_LOCATION) {
            continue;
        }
        uint32_t at = of->location[i];
        unsigned common = bytes_at(i, explorer.location[at].size) & bytes;
        if (common != 0) {
            check_location(of, &explorer.location[at], common, is_write, code);
            if (is_write) {
                memory_written_plainly(at, explorer.current);
            }
        }
    }
}

/*
 * Remembers an access. It replaces those of the same thread that it covers, and a write all that it
 * covers: they happen before it, so whatever races with them races with it too.
 */
static void remember(cell *of, unsigned bytes, bool is_write, uintptr_t code)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < of->records; i++) {
        const record *other = &of->record[i];
        bool is_covered = (other->bytes & ~bytes) == 0;
        bool is_weaker = other->thread == explorer.current && (is_write || !other->is_write);
        if (!(is_covered && (is_write || is_weaker))) {
            of->record[kept++] = *other;
        }
    }
    if (kept == RECORDS_MAX) {
        report_failure(EXPLORER_LIMIT, "more than %u accesses to one word", RECORDS_MAX);
    }
    uint32_t clock = self()->view.clock[explorer.current] + 1;
    of->record[kept] =
        (record){clock, (uint32_t)code, (uint8_t)bytes, (uint8_t)explorer.current, is_write};
    of->records = (uint8_t)(kept + 1);
}

/* A write ends the poison, a read of it is reported. */
static void check_poison(cell *of, unsigned bytes, bool is_read, bool is_write, uintptr_t code)
{
    if (is_read && (of->poison & bytes) != 0) {
        char place[128];
        symbols_want_code(code);
        symbols_data(of->granule * GRANULE, place, sizeof place);
        report_failure(EXPLORER_UNINITIALISED, "%s is read before it was written, at %s", place,
                       symbols_code(code));
    }
    if (is_write) {
        of->poison &= (uint8_t)~bytes;
    }
}

static void access_cell(
    uintptr_t granule, unsigned bytes, bool is_write, uintptr_t code)
{
    cell *of = cell_of(granule);
    check_poison(of, bytes, !is_write, is_write, code);
    if (!explorer.concurrent) {
        return;
    }
    if (of->has_locations) {
        visit_locations(of, bytes, is_write, code);
    }
    check_records(of, bytes, is_write, code);
    remember(of, bytes, is_write, code);
}

void shadow_access(uintptr_t address, size_t size, bool is_write, uintptr_t code)
{
    if (size == 0 || !(explorer.concurrent || explorer.has_poison)) {
        return;
    }
    uintptr_t end = address + size;
    for (uintptr_t at = address; at < end;) {
        uintptr_t next = (at / GRANULE + 1) * GRANULE;
        unsigned length = (unsigned)((next < end ? next : end) - at);
        access_cell(at / GRANULE, bytes_at(at, length), is_write, code);
        at += length;
    }
    if (explorer.is_tracing && explorer.lists_plain && explorer.concurrent) {
        operation op = {.kind = is_write ? OP_WRITE : OP_READ, .address = address, .code = code};
        op.value = size;
        trace_add(&op, 0, 0, NULL);
    }
}

void shadow_atomic(uint32_t at, bool is_read, bool is_write, uintptr_t code)
{
    location *place = &explorer.location[at];
    cell *of = &cells[place->cell];
    unsigned bytes = bytes_at(place->address, place->size);
    check_poison(of, bytes, is_read, is_write, code);
    if (of->records > 0) {
        check_records(of, bytes, is_write, code);
    }
    unsigned own = explorer.current;
    uint32_t clock = self()->view.clock[own];
    if (is_write) {
        place->write_clock[own] = clock;
        place->write_code[own] = (uint32_t)code;
    } else {
        place->read_clock[own] = clock;
        place->read_code[own] = (uint32_t)code;
    }
}

void shadow_poison(uintptr_t address, size_t size)
{
    explorer.has_poison = true;
    for (uintptr_t at = address; at < address + size; at++) {
        cell_of(at / GRANULE)->poison |= (uint8_t)(1u << (at % GRANULE));
    }
}
