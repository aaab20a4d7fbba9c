/* The time of day as HTTP writes it. */
#ifndef HTTP_SERVER_DATE_H
#define HTTP_SERVER_DATE_H

#include <time.h>

/* Made again when the second has changed; begins as zeros. */
typedef struct http_date {
    time_t second;
    char text[sizeof "Sun, 06 Nov 1994 08:49:37 GMT"];
} http_date;

/* What time it is, as an IMF-fixdate (RFC 9110, 5.6.7). It stays until the next call. */
const char *http_date_now(http_date *date);

#endif
