/* The same for the parts of docs/generated-api.md that are C++. */
#include "server.h"

#include <cstdio>

int main()
{
    const int fd = 3;

#include "transfers.inc"

    const server_connection *found = server_transfer_unpack_connection(&t);
    const bool is_right = found != nullptr && found->fd == fd;
    std::puts(is_right ? "right" : "wrong");
    return is_right ? 0 : 1;
}
