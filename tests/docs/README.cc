/* The program that README's lines of C++ belong to. */
#include "hello.h"

#include <cstdio>

int main()
{
    hello_transfer boat;
    hello_transfer_init(&boat, HELLO_WORLD_GULF, HELLO_WORLD_SEA);

#include "by_type.inc"

    const bool is_right = found != nullptr && found->crew == 12;
    std::puts(is_right ? "right" : "wrong");
    return is_right ? 0 : 1;
}
