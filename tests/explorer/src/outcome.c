/* outcome.c - the outcomes of a litmus test: what was seen, and whether the lists agree. */
#include "core.h"

#include <stdio.h>
#include <string.h>

#define SEEN_MAX 4096u
#define TEXT_BYTES 96u

typedef struct seen_outcome {
    int64_t registers[EXPLORER_REGISTERS_MAX];
    uint64_t times;
    char text[TEXT_BYTES];
} seen_outcome;

static seen_outcome seen[SEEN_MAX];
static unsigned seen_count;

void outcome_begin_search(void)
{
    seen_count = 0;
}

static bool is_listed(const char *const *list, const char *text)
{
    for (unsigned i = 0; i < EXPLORER_OUTCOMES_MAX && list[i] != NULL; i++) {
        if (strcmp(list[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_seen(const char *text)
{
    for (unsigned i = 0; i < seen_count; i++) {
        if (strcmp(seen[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void reject(const char *why, const char *text)
{
    explorer.report = EXPLORER_OUTCOME;
    explorer.end = END_FAILED;
    snprintf(explorer.message, sizeof explorer.message, "%s: %s", why, text);
}

static seen_outcome *add_seen(void)
{
    seen_outcome *added = &seen[seen_count++];
    memcpy(added->registers, explorer.registers, sizeof added->registers);
    added->times = 0;
    size_t length = 0;
    added->text[0] = '\0';
    for (unsigned i = 0; i < explorer.register_count && length < TEXT_BYTES; i++) {
        length += (size_t)snprintf(added->text + length, TEXT_BYTES - length, "%s%lld",
                                   i > 0 ? " " : "", (long long)explorer.registers[i]);
    }
    return added;
}

/* Counts the outcome of the execution that has just ended; a forbidden one is a failure. */
void outcome_add(void)
{
    if (explorer.register_count == 0) {
        return;
    }
    for (unsigned i = 0; i < seen_count; i++) {
        if (memcmp(seen[i].registers, explorer.registers, sizeof explorer.registers) == 0) {
            seen[i].times++;
            return;
        }
    }
    if (seen_count == SEEN_MAX) {
        explorer.report = EXPLORER_LIMIT;
        explorer.end = END_FAILED;
        snprintf(explorer.message, sizeof explorer.message, "over %u outcomes", SEEN_MAX);
        return;
    }
    seen_outcome *added = add_seen();
    added->times = 1;
    if (is_listed(explorer_program.must_not_see, added->text)) {
        reject("an outcome that must not be seen", added->text);
    } else if (is_listed(explorer_program.beyond, added->text)) {
        reject("an outcome listed as beyond the explorer", added->text);
    } else if (explorer_program.must_see[0] != NULL
               && !is_listed(explorer_program.must_see, added->text)) {
        reject("an outcome that isn't listed", added->text);
    }
}

/* After a complete search: whether everything was seen that must be. */
bool outcome_judge(void)
{
    for (unsigned i = 0; i < EXPLORER_OUTCOMES_MAX; i++) {
        const char *wanted = explorer_program.must_see[i];
        if (wanted != NULL && !is_seen(wanted)) {
            reject("an outcome that must be seen wasn't", wanted);
            return false;
        }
    }
    return true;
}

void outcome_print(void)
{
    for (unsigned i = 0; i < seen_count; i++) {
        printf("  outcome %-16s %llu times\n", seen[i].text, (unsigned long long)seen[i].times);
    }
    for (unsigned i = 0; i < EXPLORER_OUTCOMES_MAX && explorer_program.beyond[i] != NULL; i++) {
        printf("  outcome %-16s allowed, beyond this explorer\n", explorer_program.beyond[i]);
    }
}
