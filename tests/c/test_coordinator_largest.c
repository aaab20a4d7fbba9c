/*
 * Goal: the largest transfers go through the smallest lane whole: every byte that is aboard
 * arrives, copied and in place, and nothing beyond is touched.
 * Method: patterns that depend on the transfer's number, in a lane of two slots of 64 KiB.
 */
#include "check.h"

#include <string.h>

#include "largest.h"

#define WATCHDOG_S 20
#define ROUNDS 50
#define UNTOUCHED 0xa5

static largest_coordinator coordinator;
static largest_transfer transfer;
static largest_transfer received;

static void load(largest_transfer *self, uint64_t number)
{
    self->entity = number;
    uint8_t *bytes = largest_transfer_add_large(self)->bytes;
    for (size_t i = 0; i < LARGEST_LARGE_SIZE; i++) {
        bytes[i] = (uint8_t)(number * 7 + i * 3 + i / 256);
    }
}

static void check_load(const largest_transfer *self, uint64_t number)
{
    CHECK_EQUAL(self->entity, number);
    CHECK_EQUAL(self->source, LARGEST_WORLD_SOURCE);
    CHECK_EQUAL(self->target, LARGEST_WORLD_TARGET);
    const largest_large *unpacked = largest_transfer_unpack_large(self);
    CHECK(unpacked != NULL);
    CHECK(!largest_transfer_has_small(self));
    for (size_t i = 0; i < LARGEST_LARGE_SIZE; i++) {
        CHECK(unpacked->bytes[i] == (uint8_t)(number * 7 + i * 3 + i / 256));
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    check_case("transfers of 64 KiB in a lane of two");
    CHECK(LARGEST_TRANSFER_SIZE > 65000);
    CHECK_EQUAL(LARGEST_SOURCE_TO_TARGET_CAPACITY, 2);
    CHECK_EQUAL(largest_coordinator_init(&coordinator), CORINTH_OK);
    CHECK_EQUAL(largest_coordinator_start(&coordinator), CORINTH_OK);
    largest_source_port *source = largest_source_open(&coordinator, 0);
    largest_target_port *target = largest_target_open(&coordinator, 1);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        largest_transfer_init(&transfer, LARGEST_ROUTE_NONE, LARGEST_ROUTE_NONE);
        load(&transfer, 2 * round);
        CHECK_EQUAL(largest_source_send_routed(source, &transfer), CORINTH_OK);
        largest_source_to_target_claim claim;
        CHECK_EQUAL(largest_source_to_target_reserve(source, 1, &claim), 1);
        load(&claim.slots[0], 2 * round + 1);
        largest_source_to_target_commit(source, &claim, 1);
        CHECK_EQUAL(largest_source_send_routed(source, &transfer), CORINTH_FULL);
        memset(&received, UNTOUCHED, sizeof(received));
        CHECK_EQUAL(largest_target_receive(target, &received), CORINTH_OK);
        check_load(&received, 2 * round);
        /* What isn't aboard isn't copied. */
        CHECK_EQUAL((uint8_t)received.components.small.text[0], UNTOUCHED);
        largest_source_to_target_batch ready;
        CHECK_EQUAL(largest_source_to_target_peek(target, 2, &ready), 1);
        check_load(&ready.slots[0], 2 * round + 1);
        largest_source_to_target_release(target, &ready, 1);
    }
    CHECK_EQUAL(largest_coordinator_deinit(&coordinator), 0);
    return 0;
}
