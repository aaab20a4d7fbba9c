#include "request_target.h"

#include "uri_text.h"

#include <string.h>

/* Takes what is before the first of these characters off the text. */
static http_text take_until(http_text *text, const char *ends)
{
    size_t len = 0;
    while (len < text->len && (text->at[len] == '\0' || strchr(ends, text->at[len]) == NULL)) {
        len++;
    }
    http_text taken = {text->at, len};
    *text = (http_text){text->at + len, text->len - len};
    return taken;
}

/* False when there is a character that no path or query has. A fragment, which stays with the
 * client, begins with one. */
static bool parse_path(request_target *target, http_text text)
{
    target->path = take_until(&text, "?");
    target->has_query = text.len > 0;
    return uri_is_made_of(target->path, "/:@") && uri_is_made_of(text, "/:@?");
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
    if (parse_path(target, text)) {
        target->form = TARGET_ABSOLUTE;
    }
}

request_target request_target_parse(http_text text, bool is_connect)
{
    request_target target = {.form = TARGET_MALFORMED};
    if (is_connect) {
        target.form = TARGET_AUTHORITY;
        target.authority = text;
    } else if (http_text_is(text, "*")) {
        target.form = TARGET_ASTERISK;
        target.path = text;
    } else if (text.len > 0 && text.at[0] == '/') {
        target.form = parse_path(&target, text) ? TARGET_ORIGIN : TARGET_MALFORMED;
    } else {
        parse_absolute(&target, text);
    }
    return target;
}
