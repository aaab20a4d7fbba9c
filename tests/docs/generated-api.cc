/* The same for the parts of docs/generated-api.md that are C++. */
#include "server.h"

#include <cstdio>

static std::size_t bytes;

template <class Component> static void add_up(const Component &component)
{
    bytes += sizeof component;
}

#include "visitor.inc"

int main()
{
    const int fd = 3;

#include "transfers.inc"

    const bool is_right = c != nullptr && c->fd == fd && !server::has<server::error_marker>(t) &&
                          bytes == sizeof(server_connection) + sizeof(server_request_data);
    printer visitor;
    server::each_component(t, visitor);
    std::puts(is_right ? "right" : "wrong");
    return is_right ? 0 : 1;
}
