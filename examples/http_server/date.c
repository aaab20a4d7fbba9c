#include "date.h"

#include <assert.h>
#include <stdio.h>

/* The names are English in every locale. */
static void write_date(http_date *date)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm t;
    gmtime_r(&date->second, &t);
    /* Modulo says to the compiler what is so: that all of it fits. */
    int len = snprintf(date->text, sizeof date->text, "%s, %02u %s %04u %02u:%02u:%02u GMT",
                       days[t.tm_wday % 7], (unsigned)t.tm_mday % 100, months[t.tm_mon % 12],
                       ((unsigned)t.tm_year + 1900) % 10000, (unsigned)t.tm_hour % 100,
                       (unsigned)t.tm_min % 100, (unsigned)t.tm_sec % 100);
    assert(len == sizeof date->text - 1);
    (void)len;
}

const char *http_date_now(http_date *date)
{
    struct timespec now = {0};
    /* Read for each answer: the coarse clock is the cheap one, and a second is enough. */
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != date->second || date->text[0] == '\0') {
        date->second = now.tv_sec;
        write_date(date);
    }
    return date->text;
}
