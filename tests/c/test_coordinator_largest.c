/*
 * Goal: the largest transfers go through the smallest lane whole: every byte that is aboard
 * arrives, copied and in place, and nothing beyond is touched.
 * Method: patterns that depend on the transfer's number, in a lane of two slots of 64 KiB.
 */
#include "check.h"

#include <string.h>

#include "freight.h"

#define WATCHDOG_S 20
#define ROUNDS 50
#define UNTOUCHED 0xa5

static freight_coordinator coordinator;
static freight_transfer transfer;
static freight_transfer received;

static void load(freight_transfer *self, uint64_t number)
{
    self->entity = number;
    uint8_t *bytes = freight_transfer_add_load(self)->bytes;
    for (size_t i = 0; i < FREIGHT_LOAD_SIZE; i++) {
        bytes[i] = (uint8_t)(number * 7 + i * 3 + i / 256);
    }
}

static void check_load(const freight_transfer *self, uint64_t number)
{
    CHECK_EQUAL(self->entity, number);
    CHECK_EQUAL(self->source, FREIGHT_WORLD_MINE);
    CHECK_EQUAL(self->target, FREIGHT_WORLD_PORT_SIDE);
    const freight_load *unpacked = freight_transfer_unpack_load(self);
    CHECK(unpacked != NULL);
    CHECK(!freight_transfer_has_note(self));
    for (size_t i = 0; i < FREIGHT_LOAD_SIZE; i++) {
        CHECK(unpacked->bytes[i] == (uint8_t)(number * 7 + i * 3 + i / 256));
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_case("transfers of 64 KiB in a lane of two");
    CHECK(FREIGHT_TRANSFER_SIZE > 65000);
    CHECK_EQUAL(FREIGHT_MINE_TO_PORT_SIDE_CAPACITY, 2);
    CHECK_EQUAL(freight_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(freight_coordinator_start(&coordinator), CORINTH_OK);
    freight_mine_port *mine = freight_mine_open(&coordinator, 0);
    freight_port_side_port *side = freight_port_side_open(&coordinator, 1);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        freight_transfer_init(&transfer, FREIGHT_ROUTE_NONE, FREIGHT_ROUTE_NONE);
        load(&transfer, 2 * round);
        CHECK_EQUAL(freight_mine_send_routed(mine, &transfer), CORINTH_OK);
        freight_mine_to_port_side_claim claim;
        CHECK_EQUAL(freight_mine_to_port_side_reserve(mine, 1, &claim), 1);
        load(&claim.slots[0], 2 * round + 1);
        freight_mine_to_port_side_commit(mine, &claim, 1);
        CHECK_EQUAL(freight_mine_send_routed(mine, &transfer), CORINTH_FULL);
        memset(&received, UNTOUCHED, sizeof(received));
        CHECK_EQUAL(freight_port_side_receive(side, &received), CORINTH_OK);
        check_load(&received, 2 * round);
        /* What isn't aboard isn't copied. */
        CHECK_EQUAL((uint8_t)received.components.note.text[0], UNTOUCHED);
        freight_mine_to_port_side_batch ready;
        CHECK_EQUAL(freight_mine_to_port_side_peek(side, 2, &ready), 1);
        check_load(&ready.slots[0], 2 * round + 1);
        freight_mine_to_port_side_release(side, &ready, 1);
    }
    CHECK_EQUAL(freight_coordinator_deinit(&coordinator), 0);
    return 0;
}
