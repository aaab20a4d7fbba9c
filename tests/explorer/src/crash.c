/*
 * crash.c - code under test that crashes, or runs on without any step that the explorer sees.
 *
 * Both end the execution like any other failure, with its choices and its trace. The handlers leave
 * the signal's own stack for the driver's, which works because one thread does everything here.
 */
#define _GNU_SOURCE /* sigaction, setitimer */
#include "core.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

#define SIGNAL_STACK_BYTES ((size_t)64 * 1024)
#define ENDLESS_SECONDS 2 /* of processor time between two ticks, without a step */

static char signal_stack[SIGNAL_STACK_BYTES];
static uint64_t steps_before; /* at the last tick */

/* Outside an execution it is the explorer itself that crashed: nothing can be shown then. */
static void on_crash(int number)
{
    if (!explorer.is_running) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    report_failure(EXPLORER_CRASH, "signal %d in %s", number,
                   explorer.current == MAIN_THREAD
                       ? "setup or finish"
                       : explorer_program.threads[explorer.current - 1].name);
}

static void on_tick(int number)
{
    (void)number;
    bool is_stuck = explorer.is_running && explorer.steps_in_all == steps_before;
    steps_before = explorer.steps_in_all;
    if (is_stuck) {
        report_failure(EXPLORER_HANG, "no step for %d seconds of processor time", ENDLESS_SECONDS);
    }
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART;
    sigaction(number, &action, NULL);
}

void crash_begin(void)
{
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    sigaltstack(&stack, NULL);
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        handle(crashes[i], on_crash);
    }
    handle(SIGVTALRM, on_tick);
    struct itimerval interval = {.it_interval = {.tv_sec = ENDLESS_SECONDS},
                                 .it_value = {.tv_sec = ENDLESS_SECONDS}};
    setitimer(ITIMER_VIRTUAL, &interval, NULL);
}
