#include "http_parse.h"

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

/* Keeps as much of a name or value as fits, in lower case: enough to recognize what matters. A
 * longer one fills the buffer, which none of those that matter does. */
static uint8_t keep(char *kept, size_t size, uint8_t kept_len, const char *at, size_t length)
{
    for (size_t i = 0; i < length && kept_len < size; i++) {
        char c = at[i];
        kept[kept_len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return kept_len;
}

static bool is_kept(const char *kept, uint8_t kept_len, const char *text)
{
    return kept_len == strlen(text) && memcmp(kept, text, kept_len) == 0;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    parser->field_len =
        keep(parser->field, sizeof parser->field, parser->field_len, at, length);
    return count_header_bytes(parser, length);
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    parser->value_len =
        keep(parser->value, sizeof parser->value, parser->value_len, at, length);
    return count_header_bytes(parser, length);
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    enum { COLON_SPACE_CR_LF = 4 };
    http_parser *parser = of(llhttp);
    if (is_kept(parser->field, parser->field_len, "host")) {
        parser->hosts++;
    } else if (is_kept(parser->field, parser->field_len, "expect")) {
        if (!is_kept(parser->value, parser->value_len, "100-continue")) {
            return refuse(parser, HTTP_STATUS_EXPECTATION_FAILED);
        }
        parser->expects_continue = true;
    }
    parser->field_len = 0;
    parser->value_len = 0;
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
    default:
        return SERVER_METHOD_OTHER;
    }
}

static int on_headers_complete(llhttp_t *llhttp)
{
    http_parser *parser = of(llhttp);
    if (llhttp->http_major != 1) {
        return refuse(parser, HTTP_STATUS_HTTP_VERSION_NOT_SUPPORTED);
    }
    if (llhttp->http_minor >= 1 && parser->hosts != 1) {
        return refuse(parser, HTTP_STATUS_BAD_REQUEST);
    }
    if (llhttp->content_length > LIMIT_BODY_BYTES) {
        return refuse(parser, HTTP_STATUS_PAYLOAD_TOO_LARGE);
    }
    parser->has_headers = true;
    parser->request.method = method_of(llhttp);
    /* This server speaks nothing else, so that what follows is the next request, as it may be
     * when a server ignores Upgrade and refuses CONNECT. */
    llhttp->upgrade = 0;
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length)
{
    http_parser *parser = of(llhttp);
    http_request *request = &parser->request;
    if (length > sizeof request->body - request->body_len) {
        return refuse(parser, HTTP_STATUS_PAYLOAD_TOO_LARGE);
    }
    memcpy(request->body + request->body_len, at, length);
    request->body_len += (uint32_t)length;
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    of(llhttp)->request.keep_alive = llhttp_should_keep_alive(llhttp) == 1;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static void begin_request(http_parser *parser)
{
    parser->raw_bytes = 0;
    parser->header_bytes = 0;
    parser->hosts = 0;
    parser->error_status = 0;
    parser->has_headers = false;
    parser->expects_continue = false;
    parser->field_len = 0;
    parser->value_len = 0;
    parser->request.path_len = 0;
    parser->request.body_len = 0;
}

void http_parser_init(http_parser *parser)
{
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
    begin_request(parser);
}

/* The path alone: no scheme and authority before it, no query behind it. */
static void normalize_target(http_request *request)
{
    static const char scheme[] = "http://";
    const char *path = request->path;
    size_t len = request->path_len;
    if (len >= sizeof scheme - 1 && memcmp(path, scheme, sizeof scheme - 1) == 0) {
        const char *authority = path + sizeof scheme - 1;
        const char *slash = memchr(authority, '/', len - (sizeof scheme - 1));
        len = slash == NULL ? 0 : len - (size_t)(slash - path);
        path = slash;
    }
    const char *query = len == 0 ? NULL : memchr(path, '?', len);
    len = query == NULL ? len : (size_t)(query - path);
    if (len == 0) {
        request->path[0] = '/';
        len = 1;
    } else {
        memmove(request->path, path, len);
    }
    request->path_len = (uint16_t)len;
}

static http_result refused(http_parser *parser, uint16_t status)
{
    if (parser->error_status == 0) {
        parser->error_status = status;
    }
    return HTTP_REFUSED;
}

http_result http_parser_feed(http_parser *parser, const char *data, size_t size, size_t *used)
{
    *used = 0;
    if (llhttp_get_errno(&parser->llhttp) == HPE_PAUSED) {
        llhttp_resume(&parser->llhttp);
        begin_request(parser);
    }
    llhttp_errno_t result = llhttp_execute(&parser->llhttp, data, size);
    if (result == HPE_PAUSED) {
        *used = (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
        assert(*used <= size);
        parser->raw_bytes = 0;
        normalize_target(&parser->request);
        return HTTP_COMPLETE;
    }
    if (result != HPE_OK) {
        return refused(parser, HTTP_STATUS_BAD_REQUEST);
    }
    *used = size;
    parser->raw_bytes += (uint32_t)size;
    if (parser->raw_bytes > LIMIT_RAW_BYTES) {
        return refused(parser, parser->has_headers
                                   ? HTTP_STATUS_PAYLOAD_TOO_LARGE
                                   : HTTP_STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    return HTTP_NEED_MORE;
}

bool http_parser_take_continue(http_parser *parser)
{
    bool is_due = parser->has_headers && parser->expects_continue && parser->request.body_len == 0;
    if (is_due) {
        parser->expects_continue = false;
    }
    return is_due;
}

bool http_parser_is_inside(const http_parser *parser)
{
    return parser->raw_bytes > 0;
}
