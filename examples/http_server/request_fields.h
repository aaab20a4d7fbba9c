/* The headers that decide whether a request is taken and what follows it, besides those that llhttp
 * looks after: Host, Transfer-Encoding, Expect and Connection. All others are passed over. */
#ifndef HTTP_SERVER_REQUEST_FIELDS_H
#define HTTP_SERVER_REQUEST_FIELDS_H

#include "authority.h"
#include "bounds.h"
#include "http_text.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct request_fields {
    uint32_t hosts; /* how many Host headers */
    authority host; /* what the last of them says */
    bool has_transfer_encoding;
    bool is_coding_malformed; /* what is no coding, or chunked anywhere but at the end */
    bool is_chunked;          /* the last coding so far is chunked */
    bool has_unknown_coding;
    bool expects_continue;
    bool expects_unknown;
    bool has_close;      /* of the options of Connection */
    bool has_keep_alive; /* likewise */
    bool is_value_cut; /* the current value is longer than what is kept of it */
    uint8_t name_len;
    uint16_t value_len;
    char name[sizeof "transfer-encoding"]; /* the current header's; a longer one is none of ours */
    char value[LIMIT_FIELD_VALUE_BYTES];
} request_fields;

void request_fields_reset(request_fields *fields);

/* A header's name and value may come in pieces. */
void request_fields_add_name(request_fields *fields, http_text piece);
void request_fields_add_value(request_fields *fields, http_text piece);

/* The header is complete. False when its value is longer than can be looked at. */
bool request_fields_end(request_fields *fields);

/* Whether the connection stays open behind a request of HTTP/1.minor_version. */
bool request_fields_is_kept(const request_fields *fields, uint8_t minor_version);

#endif
