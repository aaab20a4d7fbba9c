#include "head_lines.h"

#include "http_text.h"

#include <assert.h>
#include <string.h>

static const char protocol[] = {'H', 'T', 'T', 'P', '/'};

void head_lines_begin(head_lines *lines)
{
    *lines = (head_lines){.place = HEAD_EMPTY_LINES};
}

void head_lines_begin_trailers(head_lines *lines)
{
    *lines = (head_lines){.place = HEAD_LINE_BEGIN};
}

bool head_lines_is_http(const head_lines *lines)
{
    return lines->is_http && lines->word_len == sizeof protocol;
}

/* Takes the rest of a line. RFC 9112, 2.2 lets LF alone end one or not; here it never does, so that
 * no two servers can differ on where a line ends. */
static size_t take_line(head_lines *lines, const char *data, size_t size)
{
    const char *end = memchr(data, '\n', size);
    size_t len = end == NULL ? size : (size_t)(end - data);
    if (len > 0) {
        lines->is_behind_cr = data[len - 1] == '\r';
    }
    if (end == NULL) {
        return size;
    }
    if (!lines->is_behind_cr) {
        lines->place = HEAD_BAD;
        return len;
    }
    lines->place = HEAD_LINE_BEGIN;
    return len + 1;
}

static void look_at_word(head_lines *lines, char c)
{
    if (c == ' ') {
        lines->word_len = 0;
        lines->is_http = true;
    } else if (lines->word_len < sizeof protocol) {
        lines->is_http = lines->is_http && c == protocol[lines->word_len];
        lines->word_len++;
    }
}

static size_t take_request_line(head_lines *lines, const char *data, size_t size)
{
    size_t taken = take_line(lines, data, size);
    for (size_t i = 0; i < taken; i++) {
        look_at_word(lines, data[i]);
    }
    return taken;
}

/* RFC 9112, 2.2: empty lines before a request are passed over. */
static size_t take_empty(head_lines *lines, const char *data, size_t size)
{
    if (data[0] == '\r') {
        lines->place = HEAD_EMPTY_LF;
        return 1;
    }
    lines->place = HEAD_REQUEST_LINE;
    return take_request_line(lines, data, size);
}

/* What is behind the CR of an empty line. */
static size_t take_lf(head_lines *lines, char c, head_place next)
{
    lines->place = c == '\n' ? next : HEAD_BAD;
    return lines->place == HEAD_BAD ? 0 : 1;
}

/* A name or the empty line. A blank would continue the line before (RFC 9112, 5.2 and 2.2: to be
 * refused), and a header without a name is none. */
static size_t take_line_begin(head_lines *lines, const char *data, size_t size)
{
    if (data[0] == '\r') {
        lines->place = HEAD_LAST_LF;
        return 1;
    }
    if (!http_is_token_char(data[0])) {
        lines->place = HEAD_BAD;
        return 0;
    }
    lines->place = HEAD_LINE;
    return take_line(lines, data, size);
}

size_t head_lines_take(head_lines *lines, const char *data, size_t size)
{
    assert(size > 0);
    switch (lines->place) {
    case HEAD_EMPTY_LINES:
        return take_empty(lines, data, size);
    case HEAD_EMPTY_LF:
        return take_lf(lines, data[0], HEAD_EMPTY_LINES);
    case HEAD_REQUEST_LINE:
        return take_request_line(lines, data, size);
    case HEAD_LINE_BEGIN:
        return take_line_begin(lines, data, size);
    case HEAD_LINE:
        return take_line(lines, data, size);
    case HEAD_LAST_LF:
        return take_lf(lines, data[0], HEAD_ENDED);
    default:
        return 0;
    }
}
