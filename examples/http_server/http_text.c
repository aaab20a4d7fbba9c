#include "http_text.h"

#include <string.h>

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool http_is_token_char(char c)
{
    char lower = to_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool http_is_token(http_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!http_is_token_char(text.at[i])) {
            return false;
        }
    }
    return text.len > 0;
}

bool http_text_is(http_text text, const char *lower)
{
    if (text.len != strlen(lower)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (to_lower(text.at[i]) != lower[i]) {
            return false;
        }
    }
    return true;
}

http_text http_text_trim(http_text text)
{
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1])) {
        text.len--;
    }
    return text;
}

bool http_list_next(http_text *list, http_text *element)
{
    while (list->len > 0) {
        const char *comma = memchr(list->at, ',', list->len);
        size_t len = comma == NULL ? list->len : (size_t)(comma - list->at);
        *element = http_text_trim((http_text){list->at, len});
        size_t taken = comma == NULL ? len : len + 1;
        *list = (http_text){list->at + taken, list->len - taken};
        if (element->len > 0) {
            return true;
        }
    }
    return false;
}
