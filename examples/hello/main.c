/* Two threads, one world each; a boat moves from one to the other. */
#include "hello.h"

#include <pthread.h>
#include <stdio.h>

static void *sail(void *context)
{
    hello_gulf_port *gulf = hello_gulf_open(context, 0);
    hello_transfer boat;
    hello_transfer_init(&boat, HELLO_WORLD_GULF, HELLO_WORLD_SEA);
    boat.entity = 1893;
    hello_transfer_pack_boat(&boat, &(hello_boat){.length_m = 21.3F, .crew = 12});
    corinth_status status = hello_gulf_send(gulf, &boat);
    printf("gulf: sent boat %d: %s\n", (int)boat.entity, corinth_status_name(status));
    return NULL;
}

int main(void)
{
    static hello_coordinator canal;
    corinth_status status = hello_coordinator_init(&canal);
    if (status == CORINTH_OK) {
        status = hello_coordinator_start(&canal);
    }
    if (status != CORINTH_OK) {
        fprintf(stderr, "no canal: %s\n", corinth_status_name(status));
        return 1;
    }

    pthread_t sailor;
    if (pthread_create(&sailor, NULL, sail, &canal) != 0) {
        return 1;
    }
    hello_sea_port *sea = hello_sea_open(&canal, 0);
    hello_transfer arrived;
    while (status == CORINTH_OK && hello_sea_receive(sea, &arrived) != CORINTH_OK) {
        status = hello_sea_wait(sea, CORINTH_FOREVER);
    }
    pthread_join(sailor, NULL);
    if (status != CORINTH_OK) {
        fprintf(stderr, "sea: no boat: %s\n", corinth_status_name(status));
        return 1;
    }

    const hello_boat *boat = hello_transfer_unpack_boat(&arrived);
    printf("sea: boat %d has arrived, %.1f m, %u aboard\n", (int)arrived.entity,
           (double)boat->length_m, (unsigned)boat->crew);
    return 0;
}
