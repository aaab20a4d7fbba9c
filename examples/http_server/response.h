/* Answers as bytes: what io writes before, and instead of, what compute answered. */
#ifndef HTTP_SERVER_RESPONSE_H
#define HTTP_SERVER_RESPONSE_H

#include "connection.h"
#include "server_components.h"

#include <stdint.h>

/* Puts compute's answer into the connection's output, which must be empty. */
void response_put(connection *c, const server_response *answer, const char *date);

/* The same for an answer that io gives itself: the status and its name as text. It is the last. */
void response_put_refusal(connection *c, uint16_t status, const char *date);

#endif
