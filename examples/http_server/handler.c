#include "handler.h"

#include "stats_json.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

typedef void route_function(handler *h, const server_request *request, server_response *answer);

typedef struct route {
    const char *path;
    server_method method;
    route_function *function;
} route;

static void put_text(server_response *answer, uint16_t status, server_media media,
                     const char *text)
{
    size_t len = strlen(text);
    assert(len <= sizeof answer->body);
    memcpy(answer->body, text, len);
    answer->body_len = (uint32_t)len;
    answer->status = status;
    answer->media = media;
}

static void answer_page(handler *h, const server_request *request, server_response *answer)
{
    (void)h;
    (void)request;
    put_text(answer, 200, SERVER_MEDIA_HTML,
             "<!doctype html>\n"
             "<title>Corinth HTTP server</title>\n"
             "<h1>Three worlds, four lanes, no lock</h1>\n"
             "<p>This page was asked for through a lane from the io world to the compute world,\n"
             "and came back through another. Both are generated from\n"
             "<code>http_server.yaml</code>.\n"
             "<ul>\n"
             "<li><code>POST /sha256</code> answers the digest of the body.\n"
             "<li><a href=\"/stats\"><code>GET /stats</code></a> answers what the lanes have\n"
             "carried.\n"
             "</ul>\n");
}

static void answer_digest(handler *h, const server_request *request, server_response *answer)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_DigestInit_ex(h->digest, h->sha256, NULL) != 1 ||
        EVP_DigestUpdate(h->digest, request->body, request->body_len) != 1 ||
        EVP_DigestFinal_ex(h->digest, digest, &size) != 1) {
        put_text(answer, 500, SERVER_MEDIA_TEXT, "OpenSSL can't digest\n");
        return;
    }
    for (unsigned int i = 0; i < size; i++) {
        answer->body[2 * i] = (uint8_t)hex[digest[i] >> 4];
        answer->body[2 * i + 1] = (uint8_t)hex[digest[i] & 15];
    }
    answer->body_len = 2 * size;
    answer->status = 200;
    answer->media = SERVER_MEDIA_TEXT;
}

static void answer_stats(handler *h, const server_request *request, server_response *answer)
{
    (void)request;
    server_coordinator_snapshot stats = server_coordinator_stats(h->coordinator);
    size_t len = stats_json_write(&stats, (char *)answer->body, sizeof answer->body);
    if (len == 0) {
        put_text(answer, 500, SERVER_MEDIA_TEXT, "The statistics don't fit\n");
        return;
    }
    answer->body_len = (uint32_t)len;
    answer->status = 200;
    answer->media = SERVER_MEDIA_JSON;
}

static const route routes[] = {
    {"/", SERVER_METHOD_GET, answer_page},
    {"/stats", SERVER_METHOD_GET, answer_stats},
    {"/sha256", SERVER_METHOD_POST, answer_digest},
};

bool handler_init(handler *h, const server_coordinator *coordinator)
{
    *h = (handler){
        .coordinator = coordinator,
        .sha256 = EVP_MD_fetch(NULL, "SHA256", NULL),
        .digest = EVP_MD_CTX_new(),
    };
    if (h->sha256 == NULL || h->digest == NULL) {
        fprintf(stderr, "http_server: OpenSSL has no SHA-256\n");
        return false;
    }
    return true;
}

void handler_deinit(handler *h)
{
    EVP_MD_CTX_free(h->digest);
    EVP_MD_free(h->sha256);
}

static bool is_path(const server_request *request, const char *path)
{
    return request->path_len == strlen(path) && memcmp(request->path, path, request->path_len) == 0;
}

static uint8_t bit_of(server_method method)
{
    return (uint8_t)(1U << method);
}

/* What may be asked of the path, or of the server as a whole; 0 when there is no such path. */
static uint8_t allowed_methods(const server_request *request)
{
    bool is_server = is_path(request, "*");
    uint8_t allowed = 0;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (is_server || is_path(request, routes[i].path)) {
            allowed |= bit_of(routes[i].method) | bit_of(SERVER_METHOD_OPTIONS);
        }
    }
    /* A HEAD is answered like a GET, by a body that io doesn't send. */
    if ((allowed & bit_of(SERVER_METHOD_GET)) != 0) {
        allowed |= bit_of(SERVER_METHOD_HEAD);
    }
    return allowed;
}

/* Of a method that is allowed, so that there is a route. */
static void call_route(handler *h, const server_request *request, server_response *answer)
{
    server_method method =
        request->method == SERVER_METHOD_HEAD ? SERVER_METHOD_GET : request->method;
    size_t i = 0;
    while (routes[i].method != method || !is_path(request, routes[i].path)) {
        i++;
        assert(i < sizeof routes / sizeof routes[0]);
    }
    routes[i].function(h, request, answer);
}

void handler_answer(handler *h, const server_request *request, server_response *answer)
{
    uint8_t allowed = allowed_methods(request);
    answer->allow = 0;
    if (allowed == 0) {
        put_text(answer, 404, SERVER_MEDIA_TEXT, "404 Not Found\n");
    } else if ((allowed & bit_of(request->method)) == 0) {
        put_text(answer, 405, SERVER_MEDIA_TEXT, "405 Method Not Allowed\n");
        answer->allow = allowed;
    } else if (request->method == SERVER_METHOD_OPTIONS) {
        put_text(answer, 200, SERVER_MEDIA_TEXT, "");
        answer->allow = allowed;
    } else {
        call_route(h, request, answer);
    }
}
