/* Host and port, as Host, the absolute-form and the authority-form of a target have them
 * (RFC 9110, 7.2 and RFC 3986, 3.2.2). */
#ifndef HTTP_SERVER_AUTHORITY_H
#define HTTP_SERVER_AUTHORITY_H

#include "http_text.h"

typedef enum authority {
    AUTHORITY_MALFORMED, /* also with user information, which http URIs have no longer */
    AUTHORITY_EMPTY,
    AUTHORITY_HOST, /* also with a colon and nothing behind it */
    AUTHORITY_HOST_AND_PORT,
} authority;

authority authority_parse(http_text text);

#endif
