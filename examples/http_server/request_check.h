/* Whether the server takes a request, as far as its head can say. */
#ifndef HTTP_SERVER_REQUEST_CHECK_H
#define HTTP_SERVER_REQUEST_CHECK_H

#include "request_fields.h"
#include "request_target.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct request_head {
    uint8_t major_version;
    uint8_t minor_version;
    bool is_http; /* and no other protocol that llhttp knows */
    bool is_options;
    uint64_t content_length;
    const request_fields *fields;
    const request_target *target;
} request_head;

/* 0 when it does, else the status with which it is refused. */
uint16_t request_check(const request_head *head);

#endif
