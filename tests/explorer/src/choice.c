/*
 * choice.c - which alternative is taken where there are several, and which execution comes next.
 *
 * Every choice of an execution, by whom to run and what to read, is a number, so an execution is
 * its list of numbers. Exhaustive search walks the tree of these lists depth first. A list is
 * printed as text, one character a choice, and can be replayed.
 *
 * There are two kinds: the number is below a count, and all of them are explored; or it is that of
 * a thread, and those are explored that partial-order reduction asks for.
 */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES_MAX 65536u
#define DIGITS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT_COUNT 62u

/* Sets of threads, a bit each. */
typedef struct thread_choice {
    uint16_t enabled;
    uint16_t asleep; /* explored elsewhere */
    uint16_t wanted; /* to be explored */
    uint16_t done;   /* explored, except for the one that is taken */
} thread_choice;

typedef struct choices {
    uint32_t depth;  /* choices taken in this execution */
    uint32_t length; /* of the prefix that is prescribed */
    uint64_t random;
    search_mode mode;
    bool is_replay;
    uint8_t taken[CHOICES_MAX];
    uint8_t count[CHOICES_MAX]; /* 0: a choice of a thread */
    thread_choice threads[CHOICES_MAX];
} choices;

static choices state;

void choice_begin_search(search_mode mode)
{
    state.mode = mode;
    state.is_replay = false;
    state.length = 0;
    state.depth = 0;
}

static void prescribe(uint8_t taken, unsigned long times)
{
    for (; times > 0 && state.length < CHOICES_MAX; times--) {
        state.taken[state.length++] = taken;
    }
}

/* Takes what choice_text wrote. */
void choice_replay(const char *text)
{
    state.is_replay = true;
    state.length = 0;
    while (*text != '\0') {
        const char *digit = strchr(DIGITS, *text++);
        uint8_t taken = (uint8_t)(digit != NULL ? digit - DIGITS : 0);
        unsigned long times = 1;
        if (*text == '^') {
            char *end;
            times = strtoul(text + 1, &end, 10);
            text = *end == '.' ? end + 1 : end;
        }
        prescribe(taken, times);
    }
}

/* Sebastiano Vigna's splitmix64: every seed gives a good sequence, seeds in a row too. */
uint64_t choice_random(void)
{
    state.random += 0x9e3779b97f4a7c15u;
    uint64_t mixed = state.random;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

void choice_seed(uint64_t seed)
{
    state.random = seed;
}

void choice_begin_execution(void)
{
    state.depth = 0;
}

unsigned choice_take(unsigned count)
{
    bool is_random = state.mode >= MODE_RANDOM && !state.is_replay;
    return choice_prefer(count, is_random ? (unsigned)(choice_random() % count) : 0);
}

static uint32_t next_depth(void)
{
    if (state.depth == CHOICES_MAX) {
        report_failure(EXPLORER_LIMIT, "more than %u choices in one execution", CHOICES_MAX);
    }
    return state.depth++;
}

/* Takes the prescribed alternative, or `wanted` if none is prescribed. */
unsigned choice_prefer(unsigned count, unsigned wanted)
{
    if (count > DIGIT_COUNT) {
        report_failure(EXPLORER_LIMIT, "more than %u alternatives", DIGIT_COUNT);
    }
    uint32_t at = next_depth();
    if (at >= state.length) {
        state.taken[at] = (uint8_t)wanted;
    } else if (state.taken[at] >= count) {
        state.taken[at] = 0;
    }
    state.count[at] = (uint8_t)count;
    return state.taken[at];
}

/*
 * Takes the prescribed thread, or `wanted`. *done becomes the set of those that were explored here
 * before, *at the name of this choice for choice_add_threads.
 */
unsigned choice_take_thread(
    uint32_t enabled, uint32_t asleep, unsigned wanted, uint32_t *done, uint32_t *at)
{
    *at = next_depth();
    thread_choice *choice = &state.threads[*at];
    bool is_prescribed = *at < state.length;
    if (!is_prescribed || (enabled >> state.taken[*at] & 1u) == 0) {
        state.taken[*at] = (uint8_t)wanted;
    }
    if (!is_prescribed || state.is_replay) {
        uint16_t taken = (uint16_t)(1u << state.taken[*at]);
        *choice = (thread_choice){(uint16_t)enabled, (uint16_t)asleep, taken, 0};
    }
    state.count[*at] = 0;
    *done = choice->done;
    return state.taken[*at];
}

/* Asks for one of the threads in `initials` to be explored at an earlier choice, if none is. */
void choice_add_threads(uint32_t at, uint32_t initials, unsigned preferred)
{
    thread_choice *choice = &state.threads[at];
    if ((choice->wanted & initials) != 0) {
        return;
    }
    uint32_t possible = initials & choice->enabled;
    if ((possible >> preferred & 1u) != 0) {
        possible = 1u << preferred;
    } else if (possible != 0) {
        possible &= 0u - possible;
    } else {
        possible = choice->enabled; /* What makes one of them possible has to come first. */
    }
    choice->wanted |= (uint16_t)possible;
}

/* Asks for all threads that could run at an earlier choice to be explored there. */
void choice_add_all_threads(uint32_t at)
{
    state.threads[at].wanted |= state.threads[at].enabled;
}

/* Moves a choice of a thread to the next one; false when there is none. */
static bool advance_thread(uint32_t at)
{
    thread_choice *choice = &state.threads[at];
    choice->done |= (uint16_t)(1u << state.taken[at]);
    unsigned left = choice->wanted & ~(unsigned)choice->done & ~(unsigned)choice->asleep;
    if (left == 0) {
        return false;
    }
    state.taken[at] = (uint8_t)__builtin_ctz(left);
    return true;
}

/*
 * Moves to the next list of the tree; false when it has been walked through. Between executions
 * `length` counts the prescribed choices; those behind it are made again.
 */
bool choice_next_execution(void)
{
    state.length = state.depth;
    while (state.length > 0) {
        uint32_t at = state.length - 1;
        bool has_next = state.count[at] == 0 ? advance_thread(at)
                                             : ++state.taken[at] < state.count[at];
        if (has_next) {
            return true;
        }
        state.length--;
    }
    return false;
}

static uint32_t run_length(uint32_t from, uint32_t end)
{
    uint32_t length = 1;
    while (from + length < end && state.taken[from + length] == state.taken[from]) {
        length++;
    }
    return length;
}

/*
 * The choices of this execution, one digit each, many equal ones as digit, ^, count and a point.
 * Zeros at the end are left out; replay supplies them.
 */
void choice_text(char *text, size_t size)
{
    enum { RUN_BYTES = 16, RUN_MIN = 8 };
    uint32_t end = state.depth;
    while (end > 0 && state.taken[end - 1] == 0) {
        end--;
    }
    size_t length = 0;
    for (uint32_t i = 0; i < end && length + RUN_BYTES < size;) {
        uint32_t run = run_length(i, end);
        char digit = DIGITS[state.taken[i]];
        if (run < RUN_MIN) {
            text[length++] = digit;
            i++;
        } else {
            length += (size_t)snprintf(text + length, size - length, "%c^%u.", digit, run);
            i += run;
        }
    }
    text[length] = '\0';
}
