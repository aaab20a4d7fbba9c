#include "results.h"

#include <inttypes.h>
#include <stdio.h>

static void print_rates(const char *key, const double *values, uint32_t count)
{
    printf(", \"%s\": [", key);
    for (uint32_t i = 0; i < count; i++) {
        printf("%s%.3f", i > 0 ? ", " : "", values[i]);
    }
    printf("]");
}

static void print_trips(const bench_entry *entry)
{
    static const char *const keys[3] = {"p50_ns", "p99_ns", "p999_ns"};
    for (int k = 0; k < 3; k++) {
        printf(", \"%s\": [", keys[k]);
        for (uint32_t i = 0; i < entry->accepted; i++) {
            printf("%s%" PRIu64, i > 0 ? ", " : "", entry->trips_ns[i][k]);
        }
        printf("]");
    }
}

void bench_print(const bench_entry *entry)
{
    const bench_contender *contender = entry->task.contender;
    printf("{\"lane\": \"%s\", \"threads\": %" PRIu32 ", \"bytes\": %zu, \"capacity\": %zu, "
           "\"name\": \"%s\", \"note\": \"%s\", \"bulk\": %zu, \"in_place\": %s, "
           "\"rejected\": %" PRIu32 ", \"stood_still\": %s",
           contender->lane, entry->task.threads, contender->bytes, entry->task.capacity,
           contender->name, contender->note, contender->bulk,
           contender->is_in_place ? "true" : "false", entry->rejected,
           entry->stood_still ? "true" : "false");
    if (bench_is_trip(contender)) {
        print_trips(entry);
    } else {
        print_rates("rates", entry->rates, entry->accepted);
    }
    print_rates("line_ns", entry->lines_ns, entry->accepted);
    printf("}\n");
}
