/* The characters that URIs consist of (RFC 3986, 2 and 3.3). */
#ifndef HTTP_SERVER_URI_TEXT_H
#define HTTP_SERVER_URI_TEXT_H

#include "http_text.h"

#include <stdbool.h>

bool uri_is_hex(char c);

/* What stands for itself in a name, a path and a query alike. */
bool uri_is_name_char(char c);

/* Whether it has only these, percent-encoded octets, and the characters of more. */
bool uri_is_made_of(http_text text, const char *more);

#endif
