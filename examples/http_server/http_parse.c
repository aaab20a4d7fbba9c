#include "http_parse.h"

#include "request_check.h"
#include "request_target.h"

#include <assert.h>
#include <string.h>

enum { REFUSE = -1 };

static http_parser *of(llhttp_t *llhttp)
{
    return llhttp->data;
}

static int refuse(http_parser *parser, uint16_t status)
{
    parser->error_status = status;
    return REFUSE;
}

static int on_method_complete(llhttp_t *llhttp)
{
    of(llhttp)->is_head = llhttp->method == HTTP_HEAD;
    return 0;
}

static int on_url(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    if (length > sizeof parser->request.path - parser->request.path_len) {
        return refuse(parser, HTTP_STATUS_URI_TOO_LONG);
    }
    memcpy(parser->request.path + parser->request.path_len, at, length);
    parser->request.path_len = (uint16_t)(parser->request.path_len + length);
    return 0;
}

static int count_header_bytes(http_parser *parser, size_t length)
{
    if (length > LIMIT_HEADER_BYTES - parser->header_bytes) {
        return refuse(parser, HTTP_STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    parser->header_bytes += (uint32_t)length;
    return 0;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    if (parser->section == HTTP_SECTION_HEAD) {
        request_fields_add_name(&parser->fields, (http_text){at, length});
    }
    return count_header_bytes(parser, length);
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    if (parser->section == HTTP_SECTION_HEAD) {
        request_fields_add_value(&parser->fields, (http_text){at, length});
    }
    return count_header_bytes(parser, length);
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    enum { COLON_SPACE_CR_LF = 4 };
    http_parser *parser = of(llhttp);
    if (parser->section == HTTP_SECTION_HEAD && !request_fields_end(&parser->fields)) {
        return refuse(parser, HTTP_STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    return count_header_bytes(parser, COLON_SPACE_CR_LF);
}

static server_method method_of(const llhttp_t *llhttp)
{
    switch (llhttp->method) {
    case HTTP_GET:
        return SERVER_METHOD_GET;
    case HTTP_HEAD:
        return SERVER_METHOD_HEAD;
    case HTTP_POST:
        return SERVER_METHOD_POST;
    case HTTP_OPTIONS:
        return SERVER_METHOD_OPTIONS;
    default:
        return SERVER_METHOD_OTHER;
    }
}

/* The path alone takes the target's place. OPTIONS of a whole host without a path means the server
 * as a whole (RFC 9112, 3.2.4). */
static void keep_path(http_request *request, const request_target *target)
{
    http_text path = target->path;
    if (path.len == 0) {
        bool is_server = request->method == SERVER_METHOD_OPTIONS && !target->has_query;
        path = (http_text){is_server ? "*" : "/", 1};
    }
    memmove(request->path, path.at, path.len);
    request->path_len = (uint16_t)path.len;
}

static int on_headers_complete(llhttp_t *llhttp)
{
    http_parser *parser = of(llhttp);
    http_request *request = &parser->request;
    const request_target target = request_target_parse(
        (http_text){request->path, request->path_len}, llhttp->method == HTTP_CONNECT);
    const request_head head = {
        .major_version = llhttp->http_major,
        .minor_version = llhttp->http_minor,
        .is_http = head_lines_is_http(&parser->lines),
        .is_options = llhttp->method == HTTP_OPTIONS,
        .content_length = llhttp->content_length,
        .fields = &parser->fields,
        .target = &target,
    };
    uint16_t status = request_check(&head);
    if (status != 0) {
        return refuse(parser, status);
    }
    parser->section = HTTP_SECTION_BODY;
    parser->has_headers = true;
    /* RFC 9110, 10.1.1: HTTP/1.0 has no expectations. */
    parser->has_asked_for_continue = head.minor_version >= 1 && parser->fields.expects_continue;
    request->method = method_of(llhttp);
    request->keep_alive = request_fields_is_kept(&parser->fields, head.minor_version);
    keep_path(request, &target);
    /* This server speaks nothing else, so that what follows is the next request, as it may be
     * when a server ignores Upgrade. */
    llhttp->upgrade = 0;
    return 0;
}

/* As with Content-Length, a body that would be too long is refused before it comes. */
static int on_chunk_header(llhttp_t *llhttp)
{
    http_parser *parser = of(llhttp);
    if (llhttp->content_length > sizeof parser->request.body - parser->request.body_len) {
        return refuse(parser, HTTP_STATUS_PAYLOAD_TOO_LARGE);
    }
    if (llhttp->content_length > 0) {
        return 0;
    }
    parser->section = HTTP_SECTION_TRAILERS;
    head_lines_begin_trailers(&parser->lines);
    return HPE_PAUSED;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    http_request *request = &parser->request;
    assert(length <= sizeof request->body - request->body_len);
    memcpy(request->body + request->body_len, at, length);
    request->body_len += (uint32_t)length;
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    of(llhttp)->has_ended = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_method_complete = on_method_complete,
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_chunk_header = on_chunk_header,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static void begin_request(http_parser *parser)
{
    parser->section = HTTP_SECTION_HEAD;
    parser->raw_bytes = 0;
    parser->header_bytes = 0;
    parser->error_status = 0;
    parser->has_headers = false;
    parser->has_ended = false;
    parser->has_asked_for_continue = false;
    parser->is_head = false;
    parser->request.path_len = 0;
    parser->request.body_len = 0;
    head_lines_begin(&parser->lines);
    request_fields_reset(&parser->fields);
}

void http_parser_init(http_parser *parser)
{
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
    /* What llhttp makes of Connection isn't always what HTTP says, so that it is left to the
     * server whether another request may follow. */
    llhttp_set_lenient_keep_alive(&parser->llhttp, 1);
    begin_request(parser);
}

static http_result refused(http_parser *parser, uint16_t status)
{
    if (parser->error_status == 0) {
        parser->error_status = status;
    }
    return HTTP_REFUSED;
}

/* Gives bytes to llhttp, which stops early where a callback pauses it. */
static http_result execute(http_parser *parser, const char *data, size_t size, size_t *used)
{
    llhttp_errno_t result = llhttp_execute(&parser->llhttp, data, size);
    *used = size;
    if (result == HPE_PAUSED) {
        *used = (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
        assert(*used <= size);
        llhttp_resume(&parser->llhttp);
    } else if (result != HPE_OK) {
        return refused(parser, HTTP_STATUS_BAD_REQUEST);
    }
    return parser->has_ended ? HTTP_COMPLETE : HTTP_NEED_MORE;
}

/* As much of a head as is in order. */
static http_result feed_head(http_parser *parser, const char *data, size_t size, size_t *used)
{
    head_lines *lines = &parser->lines;
    http_result result = HTTP_NEED_MORE;
    size_t taken = 0;
    *used = 0;
    while (taken < size && lines->place != HEAD_ENDED && lines->place != HEAD_BAD) {
        taken += head_lines_take(lines, data + taken, size - taken);
    }
    if (taken > 0) {
        result = execute(parser, data, taken, used);
    }
    /* The two must not differ on where the head ends. */
    bool is_out_of_step = (lines->place == HEAD_ENDED) != parser->has_headers;
    if (result != HTTP_REFUSED && (lines->place == HEAD_BAD || is_out_of_step)) {
        return refused(parser, HTTP_STATUS_BAD_REQUEST);
    }
    return result;
}

/* The rest of a trailer's line. llhttp would look for Connection and others among trailers, too;
 * with a character before it no name is one of those. */
static http_result feed_trailer(http_parser *parser, const char *data, size_t size, size_t *used)
{
    bool is_at_begin = parser->lines.place == HEAD_LINE_BEGIN;
    size_t taken = head_lines_take(&parser->lines, data, size);
    *used = 0;
    if (parser->lines.place == HEAD_BAD) {
        return refused(parser, HTTP_STATUS_BAD_REQUEST);
    }
    if (is_at_begin && parser->lines.place != HEAD_LAST_LF &&
        execute(parser, "-", 1, used) == HTTP_REFUSED) {
        return HTTP_REFUSED;
    }
    http_result result = execute(parser, data, taken, used);
    bool is_out_of_step = (parser->lines.place == HEAD_ENDED) != (result == HTTP_COMPLETE);
    return is_out_of_step ? refused(parser, HTTP_STATUS_BAD_REQUEST) : result;
}

static http_result feed_some(http_parser *parser, const char *data, size_t size, size_t *used)
{
    switch (parser->section) {
    case HTTP_SECTION_HEAD:
        return feed_head(parser, data, size, used);
    case HTTP_SECTION_BODY:
        return execute(parser, data, size, used);
    default:
        return feed_trailer(parser, data, size, used);
    }
}

http_result http_parser_feed(http_parser *parser, const char *data, size_t size, size_t *used)
{
    http_result result = HTTP_NEED_MORE;
    *used = 0;
    if (parser->has_ended) {
        begin_request(parser);
    }
    while (*used < size && result == HTTP_NEED_MORE) {
        size_t taken = 0;
        result = feed_some(parser, data + *used, size - *used, &taken);
        *used += taken;
        parser->raw_bytes += (uint32_t)taken;
    }
    if (result == HTTP_COMPLETE) {
        parser->raw_bytes = 0;
    }
    if (result == HTTP_NEED_MORE && parser->raw_bytes > LIMIT_RAW_BYTES) {
        return refused(parser, parser->has_headers
                                   ? HTTP_STATUS_PAYLOAD_TOO_LARGE
                                   : HTTP_STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    return result;
}

bool http_parser_take_continue(http_parser *parser)
{
    bool is_due = parser->section == HTTP_SECTION_BODY && parser->has_asked_for_continue &&
                  parser->request.body_len == 0;
    if (is_due) {
        parser->has_asked_for_continue = false;
    }
    return is_due;
}

bool http_parser_is_inside(const http_parser *parser)
{
    return parser->raw_bytes > 0;
}
