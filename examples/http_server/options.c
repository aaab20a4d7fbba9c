#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct number_option {
    uint32_t *value;
    uint32_t minimum;
    uint32_t maximum;
    const char *name;
} number_option;

static const char usage[] =
    "usage: http_server [OPTION]...\n"
    "  --bind ADDRESS           IPv4 or IPv6 address to listen on (127.0.0.1); :: is all of both\n"
    "  --ipv6-only              makes :: all of IPv6 alone\n"
    "  --port PORT              0: the kernel chooses, the first line printed says which (8080)\n"
    "  --max-connections N      open at once; for further ones idle ones go, or they wait (1024)\n"
    "  --idle-timeout-ms N      a connection without a request under way (15000)\n"
    "  --request-timeout-ms N   from the first byte of a request to its last (10000)\n"
    "  --write-timeout-ms N     from the first byte of an answer to its last (10000)\n"
    "  --linger-timeout-ms N    from our last byte to the client's (1000)\n"
    "  --drain-timeout-ms N     from the signal that ends the server to the end (5000)\n"
    "  --send-buffer-bytes N    of each socket; 0 leaves it to the kernel (0)\n"
    "SIGTERM, SIGINT, SIGHUP and SIGQUIT end it once what was asked is answered; a second one, at\n"
    "once. Exit status: 0 when every count adds up, 1 when not or it can't begin, 2 wrong usage.\n";

static bool parse_number(const number_option *option, const char *text)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    bool is_number = errno == 0 && end != text && *end == '\0' && *text != '-';
    if (!is_number || value < option->minimum || value > option->maximum) {
        fprintf(stderr, "http_server: --%s takes a number from %lu to %lu, not '%s'\n",
                option->name, (unsigned long)option->minimum, (unsigned long)option->maximum,
                text);
        return false;
    }
    *option->value = (uint32_t)value;
    return true;
}

static options_result parse_all(command_line *parsed, int argc, char **argv)
{
    enum { NUMBERS = 8, DAY_MS = 86400000, BIND = NUMBERS, IPV6_ONLY, HELP };
    uint32_t port = 8080;
    const number_option numbers[NUMBERS] = {
        {&port, 0, UINT16_MAX, "port"},
        {&parsed->max_connections, 1, 1000000, "max-connections"},
        {&parsed->idle_timeout_ms, 1, DAY_MS, "idle-timeout-ms"},
        {&parsed->request_timeout_ms, 1, DAY_MS, "request-timeout-ms"},
        {&parsed->write_timeout_ms, 1, DAY_MS, "write-timeout-ms"},
        {&parsed->linger_timeout_ms, 1, DAY_MS, "linger-timeout-ms"},
        {&parsed->drain_timeout_ms, 1, DAY_MS, "drain-timeout-ms"},
        {&parsed->send_buffer_bytes, 0, 1 << 30, "send-buffer-bytes"},
    };
    struct option table[HELP + 2] = {{0}};
    for (int i = 0; i < NUMBERS; i++) {
        table[i] = (struct option){numbers[i].name, required_argument, NULL, i};
    }
    table[BIND] = (struct option){"bind", required_argument, NULL, BIND};
    table[IPV6_ONLY] = (struct option){"ipv6-only", no_argument, NULL, IPV6_ONLY};
    table[HELP] = (struct option){"help", no_argument, NULL, HELP};

    for (int found; (found = getopt_long(argc, argv, "", table, NULL)) != -1;) {
        if (found == HELP) {
            return OPTIONS_HELP;
        }
        if (found == BIND) {
            parsed->bind_address = optarg;
        } else if (found == IPV6_ONLY) {
            parsed->is_ipv6_only = true;
        } else if (found >= NUMBERS || !parse_number(&numbers[found], optarg)) {
            return OPTIONS_WRONG;
        }
    }
    parsed->port = (uint16_t)port;
    return optind == argc ? OPTIONS_RUN : OPTIONS_WRONG;
}

options_result options_parse(command_line *parsed, int argc, char **argv)
{
    *parsed = (command_line){
        .bind_address = "127.0.0.1",
        .max_connections = 1024,
        .idle_timeout_ms = 15000,
        .request_timeout_ms = 10000,
        .write_timeout_ms = 10000,
        .linger_timeout_ms = 1000,
        .drain_timeout_ms = 5000,
    };
    options_result result = parse_all(parsed, argc, argv);
    if (result != OPTIONS_RUN) {
        fputs(usage, result == OPTIONS_HELP ? stdout : stderr);
    }
    return result;
}
