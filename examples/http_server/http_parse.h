/* One HTTP/1.x request at a time out of a stream of bytes, by llhttp. What llhttp takes though it
 * is wrong or not for this server is refused here. */
#ifndef HTTP_SERVER_HTTP_PARSE_H
#define HTTP_SERVER_HTTP_PARSE_H

#include "bounds.h"
#include "head_lines.h"
#include "request_fields.h"
#include "server_components.h"

#include <llhttp.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct http_request {
    server_method method;
    bool keep_alive; /* else nothing behind it may be parsed */
    uint16_t path_len;
    uint32_t body_len;
    char path[LIMIT_TARGET_BYTES]; /* while the head isn't complete, all of the target */
    uint8_t body[LIMIT_BODY_BYTES];
} http_request;

typedef enum http_section {
    HTTP_SECTION_HEAD,
    HTTP_SECTION_BODY,
    HTTP_SECTION_TRAILERS, /* they are never headers, whatever they are called (RFC 9110, 6.5.1) */
} http_section;

typedef struct http_parser {
    llhttp_t llhttp;
    http_section section;  /* where the next byte belongs */
    uint32_t raw_bytes;    /* of the unfinished request, empty lines before it included */
    uint32_t header_bytes; /* of all names and values, and four for each header */
    uint16_t error_status; /* what to answer when a callback refuses; 0 until then */
    bool has_headers;
    bool has_ended;
    bool has_asked_for_continue;
    bool is_head; /* the method is HEAD: no answer to it has a body, a refusal neither */
    head_lines lines;
    request_fields fields;
    http_request request;
} http_parser;

typedef enum http_result {
    HTTP_NEED_MORE,
    HTTP_COMPLETE, /* request holds it until the next call of http_parser_feed */
    HTTP_REFUSED,  /* error_status says with which answer; nothing more can be parsed */
} http_result;

void http_parser_init(http_parser *parser);

/* Takes bytes up to the end of one request; the rest belongs to the next. */
http_result http_parser_feed(http_parser *parser, const char *data, size_t size, size_t *used);

/* True once, when the client waits for our word before it sends the body. */
bool http_parser_take_continue(http_parser *parser);

/* Some of the request has arrived, but not all. */
bool http_parser_is_inside(const http_parser *parser);

#endif
