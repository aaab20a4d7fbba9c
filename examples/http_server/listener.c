#include "listener.h"

#include "bounds.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* NULL, with a message, when it is no address. Nothing is looked up: names aren't addresses. */
static struct addrinfo *parse_address(const char *bind_address, uint16_t port)
{
    const struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    char service[sizeof "65535"];
    struct addrinfo *parsed = NULL;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (getaddrinfo(bind_address, service, &hints, &parsed) != 0) {
        fprintf(stderr, "http_server: '%s' is not an IPv4 or IPv6 address\n", bind_address);
        return NULL;
    }
    return parsed;
}

static bool listen_at(int fd, const struct addrinfo *address, bool is_ipv6_only)
{
    const int on = 1;
    const int v6_only = is_ipv6_only;
    /* Stated either way: what it is otherwise is up to the machine. */
    if (address->ai_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) != 0) {
        return false;
    }
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, LIMIT_BACKLOG) == 0;
}

int listener_open(const char *bind_address, uint16_t port, bool is_ipv6_only)
{
    struct addrinfo *address = parse_address(bind_address, port);
    if (address == NULL) {
        return -1;
    }
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || !listen_at(fd, address, is_ipv6_only)) {
        bool is_ipv6 = address->ai_family == AF_INET6;
        fprintf(stderr, "http_server: can't listen on %s%s%s:%u: %s\n", is_ipv6 ? "[" : "",
                bind_address, is_ipv6 ? "]" : "", (unsigned)port, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        fd = -1;
    }
    freeaddrinfo(address);
    return fd;
}

void listener_name(int fd, char name[static LISTENER_NAME_BYTES])
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char host[NI_MAXHOST] = "?";
    char port[sizeof "65535"] = "?";
    if (getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        getnameinfo((const struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    }
    bool is_ipv6 = address.ss_family == AF_INET6;
    snprintf(name, LISTENER_NAME_BYTES, is_ipv6 ? "[%s]:%s" : "%s:%s", host, port);
}
