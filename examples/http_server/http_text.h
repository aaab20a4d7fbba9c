/* Pieces of a request's text, and the rules of HTTP's grammar that several of its parts share. */
#ifndef HTTP_SERVER_HTTP_TEXT_H
#define HTTP_SERVER_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct http_text {
    const char *at;
    size_t len;
} http_text;

/* What names of headers, methods and codings consist of (RFC 9110, 5.6.2). */
bool http_is_token_char(char c);
bool http_is_token(http_text text);

/* Whether it is this text, which is in lower case; upper and lower case are the same. */
bool http_text_is(http_text text, const char *lower);

/* Without the blanks before and behind it (RFC 9110, 5.6.3). */
http_text http_text_trim(http_text text);

/* Takes the next element off a list with commas, trimmed; empty ones don't count (RFC 9110,
 * 5.6.1.2). False when there is none. */
bool http_list_next(http_text *list, http_text *element);

#endif
