/*
 * Goal: what is packed is what is unpacked, whatever the order and whichever the components.
 * Method: every order of packing all of them, every subset, removal, copies, and the header.
 */
#include "check.h"

#include <string.h>

#include "transfer_samples.h"

#define WATCHDOG_S 30

static const unsigned component_bits[PARCEL_TRANSFER_COMPONENT_COUNT] = {
    PARCEL_WEIGHT_BIT, PARCEL_STATE_BIT,   PARCEL_LABELS_BIT,
    PARCEL_URGENT_BIT, PARCEL_CONTENT_BIT, PARCEL_INSURED_BIT,
};

/* Order number `number` of the components: its digits in the factorial system choose them. */
static void choose_order(unsigned number, unsigned order[PARCEL_TRANSFER_COMPONENT_COUNT])
{
    unsigned left[PARCEL_TRANSFER_COMPONENT_COUNT];
    memcpy(left, component_bits, sizeof left);
    for (unsigned i = 0; i < PARCEL_TRANSFER_COMPONENT_COUNT; i++) {
        unsigned remaining = PARCEL_TRANSFER_COMPONENT_COUNT - i;
        unsigned pick = number % remaining;
        number /= remaining;
        order[i] = left[pick];
        left[pick] = left[remaining - 1];
    }
}

static void test_any_order(void)
{
    check_case("any order of packing");
    unsigned orders = 1;
    for (unsigned i = 2; i <= PARCEL_TRANSFER_COMPONENT_COUNT; i++) {
        orders *= i;
    }
    CHECK_EQUAL(orders, 720);
    for (unsigned number = 0; number < orders; number++) {
        unsigned order[PARCEL_TRANSFER_COMPONENT_COUNT];
        choose_order(number, order);
        parcel_transfer transfer = sample_parcel(0, 0xee);
        for (unsigned i = 0; i < PARCEL_TRANSFER_COMPONENT_COUNT; i++) {
            pack_sample(&transfer, order[i]);
        }
        check_is_sample(&transfer, parcel_mask_all());
    }
}

static void test_every_subset(void)
{
    check_case("every subset of components, copied");
    for (unsigned subset = 0; subset < PARCEL_SUBSETS; subset++) {
        parcel_transfer transfer = sample_parcel(subset, 0x55);
        check_is_sample(&transfer, subset);
        CHECK_EQUAL(parcel_transfer_validate(&transfer), CORINTH_OK);

        parcel_transfer copy;
        memset(&copy, 0xaa, sizeof copy);
        parcel_transfer_copy(&copy, &transfer);
        check_is_sample(&copy, subset);
    }
}

static void test_add_and_remove(void)
{
    check_case("add answers the member, remove takes only its own");
    parcel_transfer transfer = sample_parcel(0, 0x55);
    *parcel_transfer_add_weight(&transfer) = sample_weight();
    *parcel_transfer_add_state(&transfer) = sample_state();
    *parcel_transfer_add_labels(&transfer) = sample_labels();
    *parcel_transfer_add_content(&transfer) = sample_content();
    unsigned subset =
        PARCEL_WEIGHT_MASK | PARCEL_STATE_MASK | PARCEL_LABELS_MASK | PARCEL_CONTENT_MASK;
    check_is_sample(&transfer, subset);

    parcel_transfer_pack_urgent(&transfer);
    parcel_transfer_remove_state(&transfer);
    parcel_transfer_remove_insured(&transfer);
    subset = (subset | PARCEL_URGENT_MASK) & ~PARCEL_STATE_MASK;
    check_is_sample(&transfer, subset);
    parcel_transfer_remove_urgent(&transfer);
    parcel_transfer_remove_weight(&transfer);
    parcel_transfer_remove_content(&transfer);
    check_is_sample(&transfer, PARCEL_LABELS_MASK);
    parcel_transfer_remove_labels(&transfer);
    check_is_sample(&transfer, 0);
}

static void test_header(void)
{
    check_case("init, reset and forward");
    parcel_transfer transfer;
    memset(&transfer, 0xff, sizeof transfer);
    parcel_transfer_init(&transfer, PARCEL_WORLD_DEPOT, PARCEL_WORLD_VAN);
    CHECK_EQUAL(transfer.entity, 0);
    CHECK_EQUAL(transfer.generation, 0);
    CHECK_EQUAL(transfer.source, PARCEL_WORLD_DEPOT);
    CHECK_EQUAL(transfer.target, PARCEL_WORLD_VAN);
    CHECK_EQUAL(transfer.flags, 0);
    CHECK_EQUAL(transfer.mask, 0);

    transfer = sample_parcel(PARCEL_SUBSETS - 1, 0);
    parcel_transfer_forward(&transfer, PARCEL_WORLD_DOOR, PARCEL_WORLD_DEPOT);
    CHECK_EQUAL(transfer.source, PARCEL_WORLD_DOOR);
    CHECK_EQUAL(transfer.target, PARCEL_WORLD_DEPOT);
    transfer.source = PARCEL_WORLD_VAN;
    transfer.target = PARCEL_WORLD_DOOR;
    check_is_sample(&transfer, PARCEL_SUBSETS - 1);

    parcel_transfer_reset(&transfer);
    CHECK_EQUAL(transfer.entity, 0);
    CHECK_EQUAL(transfer.generation, 0);
    CHECK_EQUAL(transfer.flags, 0);
    CHECK_EQUAL(transfer.mask, 0);
    CHECK_EQUAL(transfer.source, PARCEL_WORLD_VAN);
    CHECK_EQUAL(transfer.target, PARCEL_WORLD_DOOR);
}

static void test_names(void)
{
    check_case("names and the table");
    CHECK(strcmp(parcel_world_name(PARCEL_WORLD_DOOR), "door") == 0);
    CHECK(strcmp(parcel_world_name(2), "unknown") == 0);
    CHECK(strcmp(parcel_world_name(255), "unknown") == 0);
    CHECK(!parcel_world_is_valid(2));
    CHECK(strcmp(parcel_transfer_component_name(PARCEL_INSURED_BIT), "Insured") == 0);
    CHECK(strcmp(parcel_transfer_component_name(5), "unknown") == 0);
    for (unsigned i = 0; i < PARCEL_TRANSFER_COMPONENT_COUNT; i++) {
        CHECK_EQUAL(parcel_transfer_component_table[i].bit, component_bits[i]);
    }
    CHECK_EQUAL(parcel_transfer_component_table[4].offset,
                offsetof(parcel_transfer, components.content));
    CHECK_EQUAL(parcel_transfer_component_table[4].size, sizeof(parcel_content));
    CHECK_EQUAL(parcel_transfer_component_table[4].alignment, 8);
    CHECK_EQUAL(parcel_transfer_component_table[5].size, 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    test_any_order();
    test_every_subset();
    test_add_and_remove();
    test_header();
    test_names();
    return 0;
}
