/*
 * Goal: validate believes nothing. Method: each way to forge a header or a component of a valid
 * transfer, one at a time: every undefined bit, world and flag, every illegal byte of a bool or an
 * enum wherever it stands. A forgery of a component that isn't aboard does no harm.
 */
#include "check.h"

#include <string.h>

#include "transfer_samples.h"

#define WATCHDOG_S 30
#define FORGERIES_MIN 64

static unsigned forgeries = 0;

static fields_transfer valid_transfer(void)
{
    return sample_transfer(FIELDS_SUBSETS - 1, 0);
}

static void expect(const fields_transfer *transfer, corinth_status expected)
{
    CHECK_EQUAL(fields_transfer_validate(transfer), expected);
    forgeries += expected != CORINTH_OK;
}

static void test_worlds(void)
{
    check_case("worlds");
    for (unsigned world = 0; world < 256; world++) {
        bool is_known = world <= FIELDS_WORLD_MIDDLE || world == FIELDS_WORLD_TARGET;
        fields_transfer transfer = valid_transfer();
        transfer.source = (fields_world)world;
        expect(&transfer, is_known ? CORINTH_OK : CORINTH_BAD_WORLD);
        transfer = valid_transfer();
        transfer.target = (fields_world)world;
        expect(&transfer, is_known ? CORINTH_OK : CORINTH_BAD_WORLD);
    }
}

static void test_flags_and_mask(void)
{
    check_case("flags and mask");
    for (unsigned bit = 0; bit < 8; bit++) {
        fields_transfer transfer = valid_transfer();
        transfer.flags = (uint8_t)(1u << bit);
        expect(&transfer, bit < 3 ? CORINTH_OK : CORINTH_BAD_TRANSFER);
        transfer = valid_transfer();
        transfer.mask = (uint8_t)(transfer.mask | 1u << bit);
        expect(&transfer, is_component(bit) ? CORINTH_OK : CORINTH_BAD_TRANSFER);
    }
}

/* Every single-bit flip of the bytes that a header's rules cover. */
static void test_flips_of_the_header(void)
{
    check_case("single-bit flips of source, target, flags and mask");
    for (size_t i = offsetof(fields_transfer, source); i < FIELDS_TRANSFER_HEADER_SIZE; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            unsigned char bytes[sizeof(fields_transfer)];
            fields_transfer transfer = valid_transfer();
            memcpy(bytes, &transfer, sizeof bytes);
            bytes[i] = (unsigned char)(bytes[i] ^ 1u << bit);
            memcpy(&transfer, bytes, sizeof bytes);
            bool is_valid = fields_world_is_valid(transfer.source) &&
                            fields_world_is_valid(transfer.target) && transfer.flags < 8 &&
                            (transfer.mask & 0xa0) == 0;
            CHECK_EQUAL(fields_transfer_validate(&transfer) == CORINTH_OK, is_valid);
            forgeries += !is_valid;
        }
    }
}

/* Every value of the byte at `offset`, of which `legal` from 0 on are right. */
static void forge_byte(size_t offset, unsigned legal, fields_mask owner)
{
    for (unsigned value = 0; value < 256; value++) {
        unsigned char bytes[sizeof(fields_transfer)];
        fields_transfer transfer = valid_transfer();
        memcpy(bytes, &transfer, sizeof bytes);
        bytes[offset] = (unsigned char)value;
        memcpy(&transfer, bytes, sizeof bytes);
        expect(&transfer, value < legal ? CORINTH_OK : CORINTH_BAD_TRANSFER);
        transfer.mask = (uint8_t)fields_mask_remove(transfer.mask, owner);
        expect(&transfer, CORINTH_OK);
    }
}

static void forge_inner(size_t offset)
{
    forge_byte(offset + offsetof(fields_inner, is_set), 2, FIELDS_STRUCTS_MASK);
    forge_byte(offset + offsetof(fields_inner, several), 3, FIELDS_STRUCTS_MASK);
    forge_byte(offset + offsetof(fields_inner, several) + 1, 3, FIELDS_STRUCTS_MASK);
}

static void test_bools_and_enums(void)
{
    check_case("bytes of bools and enums, in structs and arrays too");
    size_t structs = offsetof(fields_transfer, components.structs);
    size_t more = structs + offsetof(fields_structs, more);
    size_t are_set = structs + offsetof(fields_structs, are_set);
    size_t enums = offsetof(fields_transfer, components.enums);

    forge_byte(enums + offsetof(fields_enums, dense), 3, FIELDS_ENUMS_MASK);
    forge_inner(structs + offsetof(fields_structs, first));
    forge_inner(more);
    forge_inner(more + sizeof(fields_inner));
    forge_byte(are_set, 2, FIELDS_STRUCTS_MASK);
    forge_byte(are_set + 1, 2, FIELDS_STRUCTS_MASK);
}

static void test_wide_enum(void)
{
    check_case("values of an enum with gaps");
    for (int value = INT16_MIN; value <= INT16_MAX; value++) {
        fields_transfer transfer = valid_transfer();
        transfer.components.enums.sparse = (fields_sparse)value;
        bool is_listed = value == -300 || value == 0 || value == 300;
        expect(&transfer, is_listed ? CORINTH_OK : CORINTH_BAD_TRANSFER);
    }
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    test_worlds();
    test_flags_and_mask();
    test_flips_of_the_header();
    test_bools_and_enums();
    test_wide_enum();
    printf("%u forgeries were refused\n", forgeries);
    CHECK(forgeries >= FORGERIES_MIN);
    return 0;
}
