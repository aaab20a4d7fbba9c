/* trace.c - what happened in one execution, step by step; recorded only for what will be shown. */
#include "core.h"

#include <stdio.h>
#include <string.h>

#define EVENTS_MAX 65536u
#define SHOWN_MAX 400u

typedef struct event {
    operation op;
    uint64_t value;
    uint32_t source; /* the event whose store was read; 0 is the initial value */
    unsigned thread;
    const char *note;
} event;

static event events[EVENTS_MAX]; /* event 0 is not used */
static uint32_t count;

static const char *const order_names[] = {"relaxed", "consume", "acquire",
                                          "release", "acq_rel", "seq_cst"};

static const char *const kind_names[] = {
    [OP_LOAD] = "load",   [OP_STORE] = "store",    [OP_UPDATE] = "update",
    [OP_MISS] = "misses", [OP_COMPARE] = "swaps",  [OP_FENCE] = "fence",
    [OP_PAUSE] = "pause", [OP_WAIT] = "wait",      [OP_WOKEN] = "is woken",
    [OP_WAKE] = "wakes",  [OP_TIMEOUT] = "returns", [OP_CLOCK] = "clock",
    [OP_BARRIER] = "fences", [OP_READ] = "reads",  [OP_WRITE] = "writes",   [OP_END] = "ends"};

void trace_begin(void)
{
    count = 0;
}

uint32_t trace_add(const operation *op, uint64_t value, uint32_t source, const char *note)
{
    if (!explorer.is_tracing || count + 1 >= EVENTS_MAX) {
        return 0;
    }
    events[++count] = (event){*op, value, source, explorer.current, note};
    return count;
}

static const char *thread_name(unsigned index)
{
    return index == MAIN_THREAD ? "main" : explorer_program.threads[index - 1].name;
}

static void describe_source(const event *shown, char *text, size_t size)
{
    if (shown->source == 0) {
        snprintf(text, size, "the initial value");
    } else {
        snprintf(text, size, "#%u of %s", shown->source,
                 thread_name(events[shown->source].thread));
    }
}

/* What was read or written, and where from. */
static void describe_access(const event *shown, char *text, size_t size)
{
    const operation *op = &shown->op;
    unsigned long long value = shown->value;
    char place[128] = "";
    char from[64];
    if (op->address != 0) {
        symbols_data(op->address, place, sizeof place);
    }
    describe_source(shown, from, sizeof from);
    switch (op->kind) {
    case OP_LOAD:
    case OP_MISS:
        snprintf(text, size, "%s = %llu, reads %s%s%s", place, value, from,
                 shown->note != NULL ? ", " : "", shown->note != NULL ? shown->note : "");
        break;
    case OP_STORE:
        snprintf(text, size, "%s := %llu", place, value);
        break;
    case OP_UPDATE:
    case OP_COMPARE:
        snprintf(text, size, "%s := %llu, was %llu of %s", place, value,
                 (unsigned long long)op->expected, from);
        break;
    case OP_BARRIER:
        snprintf(text, size, "%s", thread_name((unsigned)value));
        break;
    default:
        snprintf(text, size, "%s", place);
        break;
    }
}

static void describe_kernel(const event *shown, char *text, size_t size)
{
    const operation *op = &shown->op;
    char place[128];
    symbols_data(op->address, place, sizeof place);
    unsigned long long value = shown->value;
    switch (op->kind) {
    case OP_WAIT:
        snprintf(text, size, "on %s = %llu, expected %llu: %s", place, value,
                 (unsigned long long)op->expected, shown->note);
        break;
    case OP_WAKE:
        snprintf(text, size, "%llu of at most %llu on %s", value, (unsigned long long)op->value,
                 place);
        break;
    case OP_CLOCK:
        snprintf(text, size, "is %llu ns", value);
        break;
    default:
        snprintf(text, size, "on %s", place);
        break;
    }
}

static void print_event(uint32_t index)
{
    const event *shown = &events[index];
    char text[512];
    if (shown->op.kind >= OP_WAIT && shown->op.kind <= OP_CLOCK) {
        describe_kernel(shown, text, sizeof text);
    } else {
        describe_access(shown, text, sizeof text);
    }
    bool has_order = shown->op.kind >= OP_LOAD && shown->op.kind <= OP_FENCE;
    unsigned order = shown->op.kind == OP_MISS ? shown->op.failure_order : shown->op.order;
    printf("  #%-4u %-12s %-8s %-8s %-84s %s\n", index, thread_name(shown->thread),
           kind_names[shown->op.kind], has_order ? order_names[order] : "", text,
           symbols_code(shown->op.code));
}

/* Prints the end of the trace, which is all of it unless the execution was endless. */
void trace_print(void)
{
    uint32_t first = count > SHOWN_MAX ? count - SHOWN_MAX + 1 : 1;
    if (first > 1) {
        printf("  (%u earlier steps)\n", first - 1);
    }
    for (uint32_t i = first; i <= count; i++) {
        symbols_want_code(events[i].op.code);
    }
    for (uint32_t i = first; i <= count; i++) {
        print_event(i);
    }
    if (count + 1 >= EVENTS_MAX) {
        printf("  (later steps weren't recorded)\n");
    }
}
