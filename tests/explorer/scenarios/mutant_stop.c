/*
 * Goal: a generated world that waits learns of a stop.
 * Method: every execution of a stop beside a wait without end.
 */
#include "lane_spsc.h"

#include "explorer.h"
#include "modes.h"

static lane_spsc_coordinator coordinator;
static lane_spsc_target_port *target;

static void stopper(void)
{
    lane_spsc_coordinator_stop(&coordinator);
}

static void waiter(void)
{
    corinth_status status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    while (status == CORINTH_OK) {
        status = lane_spsc_target_wait(target, CORINTH_FOREVER);
    }
    explorer_check(status == CORINTH_STOPPED, "it was stopped");
}

static void setup(void)
{
    lane_spsc_coordinator_init(&coordinator);
    if (is_by_fences()) {
        lane_spsc_coordinator_use_fences(&coordinator);
    }
    target = lane_spsc_target_open(&coordinator, 0);
    lane_spsc_coordinator_start(&coordinator);
}

const explorer_program_form explorer_program = {
    .name = "mutant_stop",
    .source = "generated coordinator: stop beside 1 world that waits",
    .threads = {{"stopper", stopper}, {"waiter", waiter}},
    .setup = setup,
    .cases = MODES,
};
