/* report.c - how an execution fails, and what the program may say about itself. */
#include "core.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *report_name(explorer_report kind)
{
    static const char *const names[] = {
        [EXPLORER_CLEAN] = "clean",
        [EXPLORER_ASSERTION] = "assertion failure",
        [EXPLORER_RACE] = "data race",
        [EXPLORER_DEADLOCK] = "deadlock",
        [EXPLORER_HANG] = "hang",
        [EXPLORER_LEAK] = "leak",
        [EXPLORER_UNINITIALISED] = "uninitialised memory",
        [EXPLORER_OUTCOME] = "wrong outcome",
        [EXPLORER_CRASH] = "crash",
        [EXPLORER_LIMIT] = "limit of the explorer",
    };
    return names[kind];
}

_Noreturn void report_failure(explorer_report kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(explorer.message, sizeof explorer.message, format, arguments);
    va_end(arguments);
    explorer.report = kind;
    scheduler_abandon(END_FAILED);
}

/* What assert calls in instrumented code; glibc's name and form. */
_Noreturn void __assert_fail(
    const char *condition, const char *file, unsigned line, const char *function);

_Noreturn void __assert_fail(
    const char *condition, const char *file, unsigned line, const char *function)
{
    const char *name = file;
    for (const char *at = file; *at != '\0'; at++) {
        name = *at == '/' ? at + 1 : name;
    }
    report_failure(EXPLORER_ASSERTION, "%s:%u: %s: %s", name, line, function, condition);
}

uint64_t explorer_value(void)
{
    return explorer.case_value;
}

void explorer_register(unsigned index, int64_t value)
{
    if (index >= EXPLORER_REGISTERS_MAX) {
        report_failure(EXPLORER_LIMIT, "no register %u", index);
    }
    explorer.registers[index] = value;
    if (explorer.register_count <= index) {
        explorer.register_count = index + 1;
    }
}

void explorer_check(bool condition, const char *message)
{
    if (!condition) {
        uintptr_t code = (uintptr_t)__builtin_return_address(0);
        report_failure(EXPLORER_ASSERTION, "%s, at %s", message, symbols_code(code));
    }
}

void explorer_pause(void)
{
    spin_pause((uintptr_t)__builtin_return_address(0));
}

void explorer_hold(unsigned resources)
{
    explorer.held += resources;
}

void explorer_drop(unsigned resources)
{
    explorer.held -= resources;
}

void explorer_poison(const void *address, size_t size)
{
    shadow_poison((uintptr_t)address, size);
}
