/*
 * Goal: a snapshot shows no tick of an epoch that is over.
 * Method: every execution; a port counts its first tick of an epoch while a reader sums up.
 */
#include <corinth/stats.h>

#include "explorer.h"

#define EPOCH 7u
#define TICK_NS 5u
#define STALE 99u

static corinth_tick_counters counters;

static void port(void)
{
    corinth_count_tick(&counters, TICK_NS, EPOCH);
}

static void reader(void)
{
    corinth_world_stats world = {0};
    corinth_tally_ticks(&world, &counters, EPOCH);
    explorer_check(world.ticks <= 1, "there is one tick at most");
    explorer_check(world.tick_ns_total <= TICK_NS, "of this length");
    explorer_check(world.tick_ns_max <= TICK_NS, "and none was longer");
}

static void setup(void)
{
    counters = (corinth_tick_counters){
        .ticks = STALE, .total_ns = STALE, .max_ns = STALE, .epoch = EPOCH - 1};
}

const explorer_program_form explorer_program = {
    .name = "mutant_ticks",
    .source = "statistics: 1 port's ticks, 1 reader",
    .threads = {{"port", port}, {"reader", reader}},
    .setup = setup,
};
