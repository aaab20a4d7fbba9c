#include "stats_json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct writer {
    char *text;
    size_t size;
    size_t len; /* as long as everything has fitted */
    bool has_overflowed;
} writer;

__attribute__((format(printf, 2, 3))) static void put(writer *w, const char *format, ...)
{
    size_t left = w->size - w->len;
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(w->text + w->len, left, format, arguments);
    va_end(arguments);
    if (len < 0 || (size_t)len >= left) {
        w->has_overflowed = true;
    } else {
        w->len += (size_t)len;
    }
}

static void put_lane(writer *w, size_t lane, const corinth_lane_stats *stats)
{
    put(w, "%s{\"name\":\"%s\",\"sent\":%" PRIu64 ",\"received\":%" PRIu64, lane == 0 ? "" : ",",
        server_lane_name(lane), stats->sent, stats->received);
    put(w, ",\"in_lane\":%" PRIu64 ",\"undelivered\":%" PRIu64, stats->in_lane,
        stats->undelivered);
    put(w, ",\"full\":%" PRIu64 ",\"high_water\":%" PRIu64 "}", stats->full, stats->high_water);
}

static void put_world(writer *w, server_world world, const corinth_world_stats *stats)
{
    put(w, "%s{\"name\":\"%s\",\"ticks\":%" PRIu64, world == 0 ? "" : ",",
        server_world_name(world), stats->ticks);
    put(w, ",\"tick_ns_total\":%" PRIu64 ",\"tick_ns_max\":%" PRIu64 "}", stats->tick_ns_total,
        stats->tick_ns_max);
}

size_t stats_json_write(const server_coordinator_snapshot *stats, char *text, size_t size)
{
    writer w = {.text = text, .size = size};
    put(&w, "{\"lanes\":[");
    for (size_t lane = 0; lane < SERVER_LANE_COUNT; lane++) {
        put_lane(&w, lane, &stats->lanes[lane]);
    }
    put(&w, "],\"worlds\":[");
    for (server_world world = 0; world < SERVER_WORLD_COUNT; world++) {
        put_world(&w, world, &stats->worlds[world]);
    }
    put(&w, "]}\n");
    return w.has_overflowed ? 0 : w.len;
}
