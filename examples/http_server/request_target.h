/* The four forms of a request's target (RFC 9112, 3.2). */
#ifndef HTTP_SERVER_REQUEST_TARGET_H
#define HTTP_SERVER_REQUEST_TARGET_H

#include "http_text.h"

#include <stdbool.h>

typedef enum target_form {
    TARGET_MALFORMED,
    TARGET_ORIGIN,    /* /path?query */
    TARGET_ABSOLUTE,  /* http://host/path?query; it overrides Host */
    TARGET_AUTHORITY, /* host:port, of CONNECT alone */
    TARGET_ASTERISK,  /* the server as a whole, of OPTIONS alone */
} target_form;

/* The parts of a target; those that its form doesn't have are empty. */
typedef struct request_target {
    target_form form;
    http_text scheme;
    http_text authority;
    http_text path; /* without the query, never decoded; empty is "/" */
    bool has_query;
} request_target;

request_target request_target_parse(http_text text, bool is_connect);

#endif
