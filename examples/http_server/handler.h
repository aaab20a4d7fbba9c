/* How the server responds to each request: the one place to change to make it another server. */
#ifndef HTTP_SERVER_HANDLER_H
#define HTTP_SERVER_HANDLER_H

#include "server_coordinator.h"

#include <openssl/types.h>

#include <stdbool.h>

typedef struct handler {
    const server_coordinator *coordinator;
    EVP_MD *sha256;
    EVP_MD_CTX *digest;
} handler;

/* False, with a message, when OpenSSL lacks something. */
bool handler_init(handler *h, const server_coordinator *coordinator);
void handler_deinit(handler *h);

/* Fills in all of the answer. */
void handler_answer(handler *h, const server_request *request, server_response *answer);

#endif
