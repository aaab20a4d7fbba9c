/*
 * main.c - the command line, and the loop over executions.
 *
 * A failure is found without recording anything; then its choices are replayed with the trace on.
 * The last line of each case is for programs to read: RESULT and key=value pairs.
 */
#define _GNU_SOURCE /* clock_gettime */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHOICES_TEXT_BYTES 65536u
#define RUNS_DEFAULT 100000u

explorer_state explorer;

typedef struct options {
    search_mode mode;
    bool has_mode;
    bool shows_outcomes;
    uint64_t seed;
    uint64_t runs;       /* of random modes */
    uint64_t executions; /* of exhaustive modes, 0: all */
    unsigned preemptions;
    const char *only_case;
    const char *replay;
} options;

typedef struct result {
    uint64_t executions;
    uint64_t pruned;
    uint64_t seed; /* of the last execution */
    double seconds;
    bool is_complete;
    explorer_report report;
    char message[sizeof explorer.message];
    char choices[CHOICES_TEXT_BYTES];
} result;

/* Processor time: how fast the search is must not depend on what else the machine does. */
static double used_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/*
 * How choices are to be understood stands before them: e exhaustive, p2 with at most two
 * preemptions, r random and PCT.
 */
static void describe_choices(char *text, size_t size)
{
    size_t length;
    if (explorer.mode == MODE_BOUNDED) {
        length = (size_t)snprintf(text, size, "p%u:", explorer.preemptions);
    } else {
        length = (size_t)snprintf(text, size, explorer.mode == MODE_EXHAUSTIVE ? "e:" : "r:");
    }
    choice_text(text + length, size - length);
}

static void set_mode(search_mode mode, unsigned preemptions)
{
    explorer.mode = mode;
    explorer.preemptions = preemptions;
    explorer.reduces = mode == MODE_EXHAUSTIVE;
}

static void run_once(void)
{
    scheduler_run_execution();
    if (explorer.end == END_COMPLETE) {
        outcome_add();
        graph_end_execution();
    }
}

static bool run_next(const options *chosen, result *so_far)
{
    if (explorer.mode >= MODE_RANDOM) {
        uint64_t runs = so_far->executions + so_far->pruned;
        if (runs == chosen->runs) {
            return false;
        }
        so_far->seed = chosen->seed + runs;
        choice_seed(so_far->seed);
    } else if (so_far->executions + so_far->pruned > 0 && !choice_next_execution()) {
        so_far->is_complete = true;
        return false;
    }
    if (chosen->executions > 0 && so_far->executions >= chosen->executions) {
        return false;
    }
    run_once();
    if (explorer.end == END_PRUNED) {
        so_far->pruned++;
    } else {
        so_far->executions++;
    }
    return explorer.end != END_FAILED;
}

static void search(const options *chosen, result *found)
{
    memset(found, 0, offsetof(result, choices));
    found->choices[0] = '\0';
    choice_begin_search(explorer.mode);
    outcome_begin_search();
    graph_begin_search();
    double begin = used_seconds();
    while (run_next(chosen, found)) {
    }
    found->seconds = used_seconds() - begin;
    if (explorer.end == END_FAILED) {
        describe_choices(found->choices, sizeof found->choices);
    } else if (found->is_complete && !outcome_judge()) {
        found->choices[0] = '\0'; /* What is missing has no choices. */
    }
    found->report = explorer.report;
    memcpy(found->message, explorer.message, sizeof found->message);
}

/* Runs one list of choices with the trace on; its form is that of describe_choices. */
static void replay(const char *choices)
{
    const char *digits = strchr(choices, ':');
    if (digits == NULL || strchr("epr", choices[0]) == NULL) {
        fprintf(stderr, "explorer: choices look like e:012, p2:012 or r:012\n");
        exit(2);
    }
    if (choices[0] == 'p') {
        set_mode(MODE_BOUNDED, (unsigned)strtoul(choices + 1, NULL, 10));
    } else {
        set_mode(choices[0] == 'e' ? MODE_EXHAUSTIVE : MODE_RANDOM, 0);
    }
    choice_begin_search(explorer.mode);
    choice_replay(digits + 1);
    outcome_begin_search();
    explorer.is_tracing = true;
    trace_begin();
    run_once();
    explorer.is_tracing = false;
    trace_print();
    printf("%s: %s\n", report_name(explorer.report),
           explorer.report == EXPLORER_CLEAN ? "nothing wrong in this execution"
                                             : explorer.message);
}

static void print_result(const result *found, const char *case_name, bool is_right)
{
    static const char *const modes[] = {"exhaustive", "bounded", "random", "pct"};
    printf("RESULT name=%s case=%s mode=%s verdict=%s report=%s complete=%d executions=%llu "
           "pruned=%llu seconds=%.3f distinct=%zu\n",
           explorer_program.name, case_name[0] != '\0' ? case_name : "-", modes[explorer.mode],
           is_right ? "pass" : "fail",
           found->report == EXPLORER_CLEAN ? "clean" : report_name(found->report),
           found->is_complete, (unsigned long long)found->executions,
           (unsigned long long)found->pruned, found->seconds, graph_count());
    fflush(stdout);
}

/* The search that the command line asks for, or else the program. */
static void set_mode_of(const options *chosen)
{
    const explorer_program_form *program = &explorer_program;
    if (chosen->has_mode) {
        set_mode(chosen->mode, chosen->preemptions);
    } else if (program->preemptions > 0) {
        set_mode(MODE_BOUNDED, program->preemptions);
    } else {
        set_mode(MODE_EXHAUSTIVE, 0);
    }
}

/* Shows a failure again, with its trace, and how to show it once more. */
static void print_failure(const options *chosen, const result *found, const char *case_name)
{
    if (found->choices[0] == '\0') {
        printf("%s: %s\n", report_name(found->report), found->message);
        return;
    }
    replay(found->choices);
    set_mode_of(chosen);
    printf("choices %s%s%s\n", found->choices, case_name[0] != '\0' ? " of case " : "",
           case_name);
    if (explorer.mode >= MODE_RANDOM) {
        printf("seed %llu\n", (unsigned long long)found->seed);
    }
}

/* Searches one case and says what was found; returns whether it is what the program expects. */
static bool run_case(const options *chosen, const explorer_case *variant)
{
    static result found;
    explorer.case_value = variant->value;
    const char *case_name = variant->name != NULL ? variant->name : "";
    if (chosen->replay != NULL) {
        replay(chosen->replay);
        return explorer.report == EXPLORER_CLEAN;
    }
    set_mode_of(chosen);
    search(chosen, &found);
    if (chosen->shows_outcomes) {
        outcome_print();
    }
    bool is_right = found.report == explorer_program.expect;
    if (!is_right) {
        print_failure(chosen, &found, case_name);
    }
    print_result(&found, case_name, is_right);
    return is_right;
}

/* A program without cases has one of this name. */
static const char *name_of_case(unsigned index)
{
    const char *name = explorer_program.cases[index].name;
    return name != NULL ? name : "-";
}

static unsigned count_cases(void)
{
    unsigned count = 1;
    while (count < EXPLORER_CASES_MAX && explorer_program.cases[count].name != NULL) {
        count++;
    }
    return count;
}

static bool run_cases(const options *chosen)
{
    bool are_right = true;
    unsigned ran = 0;
    for (unsigned i = 0; i < count_cases(); i++) {
        if (chosen->only_case == NULL || strcmp(chosen->only_case, name_of_case(i)) == 0) {
            ran++;
            are_right &= run_case(chosen, &explorer_program.cases[i]);
        }
    }
    if (ran == 0) {
        fprintf(stderr, "explorer: no case %s\n", chosen->only_case);
    }
    return are_right && ran > 0;
}

static void list_cases(void)
{
    for (unsigned i = 0; i < count_cases(); i++) {
        puts(name_of_case(i));
    }
}

static void usage(void)
{
    fprintf(stderr, "usage: [--mode exhaustive|random|pct] [--preemptions N] [--seed N]"
                    "\n       [--runs N] [--executions N] [--case NAME] [--cases] [--outcomes]"
                    "\n       [--replay CHOICES] [--plain] [--distinct]\n");
    exit(2);
}

static void set_mode_by_name(options *chosen, const char *name)
{
    static const char *const names[] = {"exhaustive", "bounded", "random", "pct"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            chosen->mode = (search_mode)i;
            chosen->has_mode = true;
            return;
        }
    }
    usage();
}

static void take_option(options *chosen, const char *option, const char *value)
{
    if (strcmp(option, "--mode") == 0) {
        set_mode_by_name(chosen, value);
    } else if (strcmp(option, "--preemptions") == 0) {
        chosen->preemptions = (unsigned)strtoul(value, NULL, 10);
        set_mode_by_name(chosen, "bounded");
    } else if (strcmp(option, "--seed") == 0) {
        chosen->seed = strtoull(value, NULL, 10);
    } else if (strcmp(option, "--runs") == 0) {
        chosen->runs = strtoull(value, NULL, 10);
    } else if (strcmp(option, "--executions") == 0) {
        chosen->executions = strtoull(value, NULL, 10);
    } else if (strcmp(option, "--case") == 0) {
        chosen->only_case = value;
    } else if (strcmp(option, "--replay") == 0) {
        chosen->replay = value;
    } else {
        usage();
    }
}

/* The suite's own test runs it with a broken explorer; see README.md. */
static explorer_mutant mutant_from_environment(void)
{
    const char *name = getenv("EXPLORER_MUTANT");
    if (name == NULL || name[0] == '\0') {
        return MUTANT_NONE;
    }
    if (strcmp(name, "no-history") == 0) {
        return MUTANT_NO_HISTORY;
    }
    if (strcmp(name, "no-happens-before") == 0) {
        return MUTANT_NO_HAPPENS_BEFORE;
    }
    fprintf(stderr, "explorer: no mutant %s\n", name);
    exit(2);
}

int main(int count, char **arguments)
{
    options chosen = {.runs = RUNS_DEFAULT, .seed = 1};
    if (count == 2 && strcmp(arguments[1], "--cases") == 0) {
        list_cases();
        return 0;
    }
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--outcomes") == 0) {
            chosen.shows_outcomes = true;
        } else if (strcmp(arguments[i], "--distinct") == 0) {
            explorer.counts_graphs = true;
        } else if (strcmp(arguments[i], "--plain") == 0) {
            explorer.lists_plain = true;
        } else if (i + 1 < count) {
            take_option(&chosen, arguments[i], arguments[i + 1]);
            i++;
        } else {
            usage();
        }
    }
    explorer.mutant = mutant_from_environment();
    crash_begin();
    return run_cases(&chosen) ? 0 : 1;
}
