/*
 * Goal: what is packed is what is unpacked, whatever the order and whichever the components.
 * Method: every order of packing all of them, every subset, removal, copies, and the header.
 */
#include "check.h"

#include <string.h>

#include "transfer_samples.h"

#define WATCHDOG_S 30

static const unsigned component_bits[FIELDS_TRANSFER_COMPONENT_COUNT] = {
    FIELDS_SCALARS_BIT, FIELDS_ENUMS_BIT,  FIELDS_STRUCTS_BIT,
    FIELDS_TAG_BIT,     FIELDS_ARRAYS_BIT, FIELDS_LAST_TAG_BIT,
};

/* Order number `number` of the components: its digits in the factorial system choose them. */
static void choose_order(unsigned number, unsigned order[FIELDS_TRANSFER_COMPONENT_COUNT])
{
    unsigned left[FIELDS_TRANSFER_COMPONENT_COUNT];
    memcpy(left, component_bits, sizeof left);
    for (unsigned i = 0; i < FIELDS_TRANSFER_COMPONENT_COUNT; i++) {
        unsigned remaining = FIELDS_TRANSFER_COMPONENT_COUNT - i;
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
    for (unsigned i = 2; i <= FIELDS_TRANSFER_COMPONENT_COUNT; i++) {
        orders *= i;
    }
    CHECK_EQUAL(orders, 720);
    for (unsigned number = 0; number < orders; number++) {
        unsigned order[FIELDS_TRANSFER_COMPONENT_COUNT];
        choose_order(number, order);
        fields_transfer transfer = sample_transfer(0, 0xee);
        for (unsigned i = 0; i < FIELDS_TRANSFER_COMPONENT_COUNT; i++) {
            pack_sample(&transfer, order[i]);
        }
        check_is_sample(&transfer, fields_mask_all());
    }
}

static void test_every_subset(void)
{
    check_case("every subset of components, copied");
    for (unsigned subset = 0; subset < FIELDS_SUBSETS; subset++) {
        fields_transfer transfer = sample_transfer(subset, 0x55);
        check_is_sample(&transfer, subset);
        CHECK_EQUAL(fields_transfer_validate(&transfer), CORINTH_OK);

        fields_transfer copy;
        memset(&copy, 0xaa, sizeof copy);
        fields_transfer_copy(&copy, &transfer);
        check_is_sample(&copy, subset);
    }
}

static void test_add_and_remove(void)
{
    check_case("add answers the member, remove takes only its own");
    fields_transfer transfer = sample_transfer(0, 0x55);
    *fields_transfer_add_scalars(&transfer) = sample_scalars();
    *fields_transfer_add_enums(&transfer) = sample_enums();
    *fields_transfer_add_structs(&transfer) = sample_structs();
    *fields_transfer_add_arrays(&transfer) = sample_arrays();
    unsigned subset =
        FIELDS_SCALARS_MASK | FIELDS_ENUMS_MASK | FIELDS_STRUCTS_MASK | FIELDS_ARRAYS_MASK;
    check_is_sample(&transfer, subset);

    fields_transfer_pack_tag(&transfer);
    fields_transfer_remove_enums(&transfer);
    fields_transfer_remove_last_tag(&transfer);
    subset = (subset | FIELDS_TAG_MASK) & ~FIELDS_ENUMS_MASK;
    check_is_sample(&transfer, subset);
    fields_transfer_remove_tag(&transfer);
    fields_transfer_remove_scalars(&transfer);
    fields_transfer_remove_arrays(&transfer);
    check_is_sample(&transfer, FIELDS_STRUCTS_MASK);
    fields_transfer_remove_structs(&transfer);
    check_is_sample(&transfer, 0);
}

static void test_header(void)
{
    check_case("init, reset and forward");
    fields_transfer transfer;
    memset(&transfer, 0xff, sizeof transfer);
    fields_transfer_init(&transfer, FIELDS_WORLD_SOURCE, FIELDS_WORLD_MIDDLE);
    CHECK_EQUAL(transfer.entity, 0);
    CHECK_EQUAL(transfer.generation, 0);
    CHECK_EQUAL(transfer.source, FIELDS_WORLD_SOURCE);
    CHECK_EQUAL(transfer.target, FIELDS_WORLD_MIDDLE);
    CHECK_EQUAL(transfer.flags, 0);
    CHECK_EQUAL(transfer.mask, 0);

    transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    fields_transfer_forward(&transfer, FIELDS_WORLD_TARGET, FIELDS_WORLD_SOURCE);
    CHECK_EQUAL(transfer.source, FIELDS_WORLD_TARGET);
    CHECK_EQUAL(transfer.target, FIELDS_WORLD_SOURCE);
    transfer.source = FIELDS_WORLD_MIDDLE;
    transfer.target = FIELDS_WORLD_TARGET;
    check_is_sample(&transfer, FIELDS_SUBSETS - 1);

    fields_transfer_reset(&transfer);
    CHECK_EQUAL(transfer.entity, 0);
    CHECK_EQUAL(transfer.generation, 0);
    CHECK_EQUAL(transfer.flags, 0);
    CHECK_EQUAL(transfer.mask, 0);
    CHECK_EQUAL(transfer.source, FIELDS_WORLD_MIDDLE);
    CHECK_EQUAL(transfer.target, FIELDS_WORLD_TARGET);
}

static void test_names(void)
{
    check_case("names and the table");
    CHECK(strcmp(fields_world_name(FIELDS_WORLD_TARGET), "target") == 0);
    CHECK(strcmp(fields_world_name(2), "unknown") == 0);
    CHECK(strcmp(fields_world_name(255), "unknown") == 0);
    CHECK(!fields_world_is_valid(2));
    CHECK(strcmp(fields_transfer_component_name(FIELDS_LAST_TAG_BIT), "LastTag") == 0);
    CHECK(strcmp(fields_transfer_component_name(5), "unknown") == 0);
    for (unsigned i = 0; i < FIELDS_TRANSFER_COMPONENT_COUNT; i++) {
        CHECK_EQUAL(fields_transfer_component_table[i].bit, component_bits[i]);
    }
    CHECK_EQUAL(fields_transfer_component_table[4].offset,
                offsetof(fields_transfer, components.arrays));
    CHECK_EQUAL(fields_transfer_component_table[4].size, sizeof(fields_arrays));
    CHECK_EQUAL(fields_transfer_component_table[4].alignment, 8);
    CHECK_EQUAL(fields_transfer_component_table[5].size, 0);
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
