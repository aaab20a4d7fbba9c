/* A send into a lane with room, for count_calls.py. */
#include "hello.h"

static hello_coordinator coordinator;

static corinth_status call_it(hello_gulf_port *port, const hello_transfer *transfer)
{
    return hello_gulf_send(port, transfer);
}

int main(void)
{
    hello_transfer transfer;
    hello_transfer_init(&transfer, HELLO_WORLD_GULF, HELLO_WORLD_SEA);
    hello_coordinator_init(&coordinator);
    hello_coordinator_start(&coordinator);
    hello_gulf_port *port = hello_gulf_open(&coordinator, 0);
    /* The first one asks where there is room. */
    hello_gulf_send(port, &transfer);
    return call_it(port, &transfer) == CORINTH_OK ? 0 : 1;
}
