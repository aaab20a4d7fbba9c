/* The command line of the server. */
#ifndef HTTP_SERVER_OPTIONS_H
#define HTTP_SERVER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct command_line {
    const char *bind_address;
    bool is_ipv6_only; /* :: isn't IPv4 as well */
    uint16_t port;
    uint32_t max_connections;
    uint32_t idle_timeout_ms;    /* a connection without a request under way */
    uint32_t request_timeout_ms; /* from the first byte of a request to its last */
    uint32_t write_timeout_ms;   /* from the first byte of an answer to its last */
    uint32_t linger_timeout_ms;  /* from our last byte to the client's */
    uint32_t drain_timeout_ms;   /* from the first signal to the end */
    uint32_t send_buffer_bytes;  /* SO_SNDBUF of each connection; 0 leaves it to the kernel */
} command_line;

typedef enum options_result {
    OPTIONS_RUN,
    OPTIONS_HELP,
    OPTIONS_WRONG,
} options_result;

options_result options_parse(command_line *parsed, int argc, char **argv);

#endif
