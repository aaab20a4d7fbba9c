#include "request_target.h"

#include <string.h>

/* Takes what is before the first of these characters off the text. */
static http_text take_until(http_text *text, const char *ends)
{
    size_t len = 0;
    while (len < text->len && strchr(ends, text->at[len]) == NULL) {
        len++;
    }
    http_text taken = {text->at, len};
    *text = (http_text){text->at + len, text->len - len};
    return taken;
}

static void parse_path(request_target *target, http_text text)
{
    target->path = take_until(&text, "?");
    target->has_query = text.len > 0;
}

static void parse_absolute(request_target *target, http_text text)
{
    enum { SEPARATOR = 3 };
    target->scheme = take_until(&text, ":/?");
    if (target->scheme.len == 0 || text.len < SEPARATOR ||
        memcmp(text.at, "://", SEPARATOR) != 0) {
        return;
    }
    text = (http_text){text.at + SEPARATOR, text.len - SEPARATOR};
    /* The authority ends where the query begins, too: a slash behind that is no path's. */
    target->authority = take_until(&text, "/?");
    target->form = TARGET_ABSOLUTE;
    parse_path(target, text);
}

request_target request_target_parse(http_text text, bool is_connect)
{
    request_target target = {.form = TARGET_MALFORMED};
    /* A fragment stays with the client; it is part of no form. */
    if (text.len == 0 || memchr(text.at, '#', text.len) != NULL ||
        memchr(text.at, '\0', text.len) != NULL) {
        return target;
    }
    if (is_connect) {
        target.form = TARGET_AUTHORITY;
        target.authority = text;
    } else if (http_text_is(text, "*")) {
        target.form = TARGET_ASTERISK;
        target.path = text;
    } else if (text.at[0] == '/') {
        target.form = TARGET_ORIGIN;
        parse_path(&target, text);
    } else {
        parse_absolute(&target, text);
    }
    return target;
}
