#include "authority.h"

#include "uri_text.h"

#include <arpa/inet.h>
#include <string.h>

/* Names and IPv4 addresses: an address that is none is still a name. */
static bool is_name(http_text text)
{
    return text.len > 0 && uri_is_made_of(text, "");
}

static bool is_ipv6(http_text text)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    if (text.len >= sizeof address || memchr(text.at, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(address, text.at, text.len);
    address[text.len] = '\0';
    return inet_pton(AF_INET6, address, &parsed) == 1;
}

/* "v", a version in hexadecimal, a dot and an address of that version. */
static bool is_future_address(http_text text)
{
    if (text.len < 4 || (text.at[0] != 'v' && text.at[0] != 'V')) {
        return false;
    }
    size_t i = 1;
    while (i < text.len && uri_is_hex(text.at[i])) {
        i++;
    }
    if (i == 1 || i + 1 >= text.len || text.at[i] != '.') {
        return false;
    }
    for (i++; i < text.len; i++) {
        if (text.at[i] != ':' && !uri_is_name_char(text.at[i])) {
            return false;
        }
    }
    return true;
}

/* What is behind the host. */
static authority parse_port(http_text text)
{
    enum { HIGHEST = 65535 };
    unsigned port = 0;
    if (text.len == 0) {
        return AUTHORITY_HOST;
    }
    if (text.at[0] != ':') {
        return AUTHORITY_MALFORMED;
    }
    for (size_t i = 1; i < text.len; i++) {
        char c = text.at[i];
        if (c < '0' || c > '9') {
            return AUTHORITY_MALFORMED;
        }
        port = 10 * port + (unsigned)(c - '0');
        if (port > HIGHEST) {
            return AUTHORITY_MALFORMED;
        }
    }
    return text.len == 1 ? AUTHORITY_HOST : AUTHORITY_HOST_AND_PORT;
}

authority authority_parse(http_text text)
{
    if (text.len == 0) {
        return AUTHORITY_EMPTY;
    }
    bool is_literal = text.at[0] == '[';
    const char *end = memchr(text.at, is_literal ? ']' : ':', text.len);
    if (is_literal && end == NULL) {
        return AUTHORITY_MALFORMED;
    }
    size_t host_len = end == NULL ? text.len : (size_t)(end - text.at);
    http_text host = {text.at, host_len};
    if (is_literal) {
        http_text address = {host.at + 1, host.len - 1};
        if (!is_ipv6(address) && !is_future_address(address)) {
            return AUTHORITY_MALFORMED;
        }
        host_len++;
    } else if (!is_name(host)) {
        return AUTHORITY_MALFORMED;
    }
    return parse_port((http_text){text.at + host_len, text.len - host_len});
}
