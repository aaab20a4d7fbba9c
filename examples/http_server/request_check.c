#include "request_check.h"

#include <llhttp.h>

static uint16_t check_protocol(const request_head *head)
{
    if (head->major_version != 1) {
        return HTTP_STATUS_HTTP_VERSION_NOT_SUPPORTED;
    }
    return head->is_http ? 0 : HTTP_STATUS_BAD_REQUEST;
}

/* RFC 9112, 3.2: one Host, and only HTTP/1.0 may do without. It may be empty where the target says
 * itself which host it means; elsewhere an http URI needs one (RFC 9110, 4.2.1). */
static uint16_t check_host(const request_head *head)
{
    const request_fields *fields = head->fields;
    bool is_old = head->minor_version == 0;
    bool has_own_authority = head->target->authority.len > 0;
    bool is_number_right = fields->hosts == 1 || (is_old && fields->hosts == 0);
    bool is_lacking = fields->host == AUTHORITY_EMPTY && !is_old && !has_own_authority;
    if (!is_number_right || fields->host == AUTHORITY_MALFORMED || is_lacking) {
        return HTTP_STATUS_BAD_REQUEST;
    }
    return 0;
}

static uint16_t check_absolute(const request_target *target)
{
    authority host = authority_parse(target->authority);
    if (host == AUTHORITY_MALFORMED || host == AUTHORITY_EMPTY) {
        return HTTP_STATUS_BAD_REQUEST;
    }
    /* RFC 9110, 7.4: what asks for https has come the wrong way. */
    return http_text_is(target->scheme, "http") ? 0 : HTTP_STATUS_MISDIRECTED_REQUEST;
}

static uint16_t check_target(const request_head *head)
{
    const request_target *target = head->target;
    switch (target->form) {
    case TARGET_ORIGIN:
        return 0;
    case TARGET_ABSOLUTE:
        return check_absolute(target);
    case TARGET_ASTERISK:
        return head->is_options ? 0 : HTTP_STATUS_BAD_REQUEST;
    case TARGET_AUTHORITY:
        /* RFC 9110, 9.3.6: CONNECT names a port. It isn't implemented (9.1). */
        return authority_parse(target->authority) == AUTHORITY_HOST_AND_PORT
                   ? HTTP_STATUS_NOT_IMPLEMENTED
                   : HTTP_STATUS_BAD_REQUEST;
    default:
        return HTTP_STATUS_BAD_REQUEST;
    }
}

/* RFC 9112, 6.1 and 6.3: where the body ends must be beyond doubt. Content-Length beside
 * Transfer-Encoding llhttp refuses. */
static uint16_t check_transfer_encoding(const request_head *head)
{
    const request_fields *fields = head->fields;
    if (!fields->has_transfer_encoding) {
        return 0;
    }
    if (head->minor_version == 0 || fields->is_coding_malformed) {
        return HTTP_STATUS_BAD_REQUEST;
    }
    if (fields->has_unknown_coding) {
        return HTTP_STATUS_NOT_IMPLEMENTED;
    }
    return fields->is_chunked ? 0 : HTTP_STATUS_BAD_REQUEST;
}

/* RFC 9110, 10.1.1. HTTP/1.0 has no expectations. */
static uint16_t check_expectation(const request_head *head)
{
    bool is_heard = head->minor_version >= 1 && head->fields->expects_unknown;
    return is_heard ? HTTP_STATUS_EXPECTATION_FAILED : 0;
}

static uint16_t check_length(const request_head *head)
{
    return head->content_length > LIMIT_BODY_BYTES ? HTTP_STATUS_PAYLOAD_TOO_LARGE : 0;
}

uint16_t request_check(const request_head *head)
{
    static uint16_t (*const checks[])(const request_head *) = {
        check_protocol, check_host, check_transfer_encoding, check_target, check_expectation,
        check_length,
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        uint16_t status = checks[i](head);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}
