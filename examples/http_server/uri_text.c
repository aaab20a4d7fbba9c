#include "uri_text.h"

#include <string.h>

static bool is_one_of(char c, const char *chars)
{
    return c != '\0' && strchr(chars, c) != NULL;
}

bool uri_is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool uri_is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_one_of(c, "-._~!$&'()*+,;=");
}

bool uri_is_made_of(http_text text, const char *more)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_encoded = text.at[i] == '%' && text.len - i > 2 && uri_is_hex(text.at[i + 1]) &&
                          uri_is_hex(text.at[i + 2]);
        if (!is_encoded && !uri_is_name_char(text.at[i]) && !is_one_of(text.at[i], more)) {
            return false;
        }
        i += is_encoded ? 2 : 0;
    }
    return true;
}
