#include "request_fields.h"

#include <string.h>

void request_fields_reset(request_fields *fields)
{
    /* The texts are guarded by their lengths. */
    fields->hosts = 0;
    fields->host = AUTHORITY_EMPTY;
    fields->has_transfer_encoding = false;
    fields->is_coding_malformed = false;
    fields->is_chunked = false;
    fields->has_unknown_coding = false;
    fields->expects_continue = false;
    fields->expects_unknown = false;
    fields->has_close = false;
    fields->has_keep_alive = false;
    fields->is_value_cut = false;
    fields->name_len = 0;
    fields->value_len = 0;
}

static size_t keep(char *kept, size_t size, size_t kept_len, http_text piece)
{
    size_t len = piece.len < size - kept_len ? piece.len : size - kept_len;
    memcpy(kept + kept_len, piece.at, len);
    return kept_len + len;
}

void request_fields_add_name(request_fields *fields, http_text piece)
{
    fields->name_len = (uint8_t)keep(fields->name, sizeof fields->name, fields->name_len, piece);
}

void request_fields_add_value(request_fields *fields, http_text piece)
{
    size_t left = sizeof fields->value - fields->value_len;
    fields->is_value_cut = fields->is_value_cut || piece.len > left;
    fields->value_len =
        (uint16_t)keep(fields->value, sizeof fields->value, fields->value_len, piece);
}

/* Several Transfer-Encoding headers are one list (RFC 9110, 5.3). chunked has no parameters, is
 * said once, and is the last (RFC 9112, 6.1 and 7.1). */
static void add_codings(request_fields *fields, http_text list)
{
    fields->has_transfer_encoding = true;
    for (http_text coding; http_list_next(&list, &coding);) {
        const char *semicolon = memchr(coding.at, ';', coding.len);
        size_t name_len = semicolon == NULL ? coding.len : (size_t)(semicolon - coding.at);
        http_text name = http_text_trim((http_text){coding.at, name_len});
        bool is_chunked = http_text_is(name, "chunked");
        fields->is_coding_malformed = fields->is_coding_malformed || fields->is_chunked ||
                                      !http_is_token(name) || (is_chunked && semicolon != NULL);
        fields->has_unknown_coding = fields->has_unknown_coding || !is_chunked;
        fields->is_chunked = is_chunked;
    }
}

static void add_expectations(request_fields *fields, http_text list)
{
    for (http_text expectation; http_list_next(&list, &expectation);) {
        bool is_known = http_text_is(expectation, "100-continue");
        fields->expects_continue = fields->expects_continue || is_known;
        fields->expects_unknown = fields->expects_unknown || !is_known;
    }
}

/* RFC 9110, 7.6.1: options of any case; those that aren't known mean nothing here. */
static void add_connection_options(request_fields *fields, http_text list)
{
    for (http_text option; http_list_next(&list, &option);) {
        fields->has_close = fields->has_close || http_text_is(option, "close");
        fields->has_keep_alive = fields->has_keep_alive || http_text_is(option, "keep-alive");
    }
}

bool request_fields_end(request_fields *fields)
{
    const http_text name = {fields->name, fields->name_len};
    const http_text value = http_text_trim((http_text){fields->value, fields->value_len});
    bool is_ours = true;
    if (http_text_is(name, "host")) {
        fields->hosts++;
        fields->host = authority_parse(value);
    } else if (http_text_is(name, "transfer-encoding")) {
        add_codings(fields, value);
    } else if (http_text_is(name, "expect")) {
        add_expectations(fields, value);
    } else if (http_text_is(name, "connection")) {
        add_connection_options(fields, value);
    } else {
        is_ours = false;
    }
    bool is_complete = !is_ours || !fields->is_value_cut;
    fields->name_len = 0;
    fields->value_len = 0;
    fields->is_value_cut = false;
    return is_complete;
}

/* RFC 9112, 9.3, in the order that it has. */
bool request_fields_is_kept(const request_fields *fields, uint8_t minor_version)
{
    return !fields->has_close && (minor_version >= 1 || fields->has_keep_alive);
}
