#include "report.h"

#include <inttypes.h>
#include <stdio.h>

static bool print_lane(size_t lane, const corinth_lane_stats *stats)
{
    printf("lane %s: sent %" PRIu64 " = received %" PRIu64 " + in lane %" PRIu64
           " + undelivered %" PRIu64 "\n",
           server_lane_name(lane), stats->sent, stats->received, stats->in_lane,
           stats->undelivered);
    return stats->sent == stats->received + stats->in_lane + stats->undelivered;
}

/* io's own counts, taken on the other side of the same lanes, say the same as the lanes. */
static bool agrees(const server_coordinator_snapshot *stats, const io_counters *counted)
{
    return counted->requests == stats->lanes[SERVER_IO_TO_COMPUTE_INDEX].sent &&
           counted->answers == stats->lanes[SERVER_COMPUTE_TO_IO_INDEX].received;
}

bool report_print(const server_coordinator *coordinator, const io_world *io)
{
    server_coordinator_snapshot stats = server_coordinator_stats(coordinator);
    bool is_conserved = true;
    for (size_t lane = 0; lane < SERVER_LANE_COUNT; lane++) {
        is_conserved = print_lane(lane, &stats.lanes[lane]) && is_conserved;
    }
    const io_counters *counted = &io->counters;
    printf("io: connections %" PRIu64 ", requests %" PRIu64 ", answers %" PRIu64
           ", stale answers %" PRIu64 ", refusals %" PRIu64 ", timeouts %" PRIu64
           ", made room %" PRIu64 ", waits %" PRIu64 "\n",
           counted->connections, counted->requests, counted->answers, counted->stale_answers,
           counted->refusals, counted->timeouts, counted->made_room, counted->waits);
    fflush(stdout);
    if (!is_conserved || !agrees(&stats, counted)) {
        fprintf(stderr, "http_server: a count doesn't add up\n");
        return false;
    }
    return true;
}
