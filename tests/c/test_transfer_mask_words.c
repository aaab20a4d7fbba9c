/*
 * Goal: a mask of several words behaves as one of a few bits, and a large transfer is copied by its
 * components. Method: every pair of components left out of a transfer, which is compared, copied
 * and encoded; every bit that is no component's.
 */
#include "check.h"

#include <string.h>

#include "crate_transfer.h"

#define WATCHDOG_S 30
#define ENTITY UINT64_C(0xfedcba9876543210)
#define GENERATION 0x89abcdefu

static crate_transfer sample_crate(void)
{
    crate_transfer transfer;
    memset(&transfer, 0x77, sizeof transfer);
    crate_transfer_init(&transfer, CRATE_WORLD_HERE, CRATE_WORLD_THERE);
    transfer.entity = ENTITY;
    transfer.generation = GENERATION;
    transfer.flags = CRATE_TRANSFER_COMPLETE;
    crate_transfer_add_first(&transfer)->value = UINT64_MAX;
    memset(crate_transfer_add_last(&transfer)->value, 0x11, sizeof(crate_last));
    crate_next *next = crate_transfer_add_next(&transfer);
    next->value = 0x1234;
    next->is_odd = true;
    memset(crate_transfer_add_far(&transfer)->value, 0x22, sizeof(crate_far));
    crate_transfer_pack_end(&transfer);
    return transfer;
}

static void check_crate(const crate_transfer *transfer, crate_mask mask)
{
    static const unsigned bits[CRATE_TRANSFER_COMPONENT_COUNT] = {
        CRATE_FIRST_BIT, CRATE_LAST_BIT, CRATE_NEXT_BIT, CRATE_FAR_BIT, CRATE_END_BIT,
    };
    CHECK_EQUAL(transfer->entity, ENTITY);
    CHECK_EQUAL(transfer->generation, GENERATION);
    CHECK_EQUAL(transfer->source, CRATE_WORLD_HERE);
    CHECK_EQUAL(transfer->target, CRATE_WORLD_THERE);
    CHECK_EQUAL(transfer->flags, CRATE_TRANSFER_COMPLETE);
    CHECK(crate_mask_equal(transfer->mask, mask));
    for (unsigned i = 0; i < CRATE_TRANSFER_COMPONENT_COUNT; i++) {
        bool is_word_set = (transfer->mask.words[bits[i] / 64] >> bits[i] % 64 & 1) != 0;
        CHECK_EQUAL(crate_mask_has(mask, bits[i]), is_word_set);
    }
    const crate_first *first = crate_transfer_unpack_first(transfer);
    const crate_last *last = crate_transfer_unpack_last(transfer);
    const crate_next *next = crate_transfer_unpack_next(transfer);
    const crate_far *far = crate_transfer_unpack_far(transfer);
    CHECK(first == NULL || first->value == UINT64_MAX);
    CHECK(last == NULL || (last->value[0] == 0x11 && last->value[199] == 0x11));
    CHECK(next == NULL || (next->value == 0x1234 && next->is_odd));
    CHECK(far == NULL || (far->value[0] == 0x22222222u && far->value[19] == 0x22222222u));
    CHECK_EQUAL(first != NULL, crate_mask_has(mask, CRATE_FIRST_BIT));
    CHECK_EQUAL(last != NULL, crate_mask_has(mask, CRATE_LAST_BIT));
    CHECK_EQUAL(next != NULL, crate_mask_has(mask, CRATE_NEXT_BIT));
    CHECK_EQUAL(far != NULL, crate_mask_has(mask, CRATE_FAR_BIT));
    CHECK_EQUAL(crate_transfer_has_end(transfer), crate_mask_has(mask, CRATE_END_BIT));
}

static void test_pairs(void)
{
    check_case("every pair left out, copied, coded");
    CHECK_EQUAL(CRATE_MASK_WORDS, 3);
    for (unsigned i = 0; i < CRATE_TRANSFER_COMPONENT_COUNT; i++) {
        for (unsigned j = i; j < CRATE_TRANSFER_COMPONENT_COUNT; j++) {
            crate_mask left_out =
                crate_mask_or(crate_mask_of(crate_transfer_component_table[i].bit),
                              crate_mask_of(crate_transfer_component_table[j].bit));
            crate_transfer transfer = sample_crate();
            transfer.mask = crate_mask_remove(transfer.mask, left_out);
            crate_mask mask = crate_mask_remove(crate_mask_all(), left_out);
            check_crate(&transfer, mask);
            CHECK(crate_mask_equal(crate_mask_and(mask, left_out), crate_mask_none()));

            crate_transfer copy;
            memset(&copy, 0xcc, sizeof copy);
            crate_transfer_copy(&copy, &transfer);
            check_crate(&copy, mask);
            unsigned char buffer[CRATE_TRANSFER_ENCODED_MAX];
            size_t length = crate_transfer_encode(&transfer, buffer, sizeof buffer);
            size_t consumed = 0;
            CHECK_EQUAL(crate_transfer_decode(&copy, buffer, length, &consumed), CORINTH_OK);
            CHECK_EQUAL(consumed, length);
            check_crate(&copy, mask);
        }
    }
}

static void test_unknown_bits(void)
{
    check_case("every bit that is no component's");
    for (unsigned bit = 0; bit < 64 * CRATE_MASK_WORDS; bit++) {
        crate_transfer transfer = sample_crate();
        transfer.mask = crate_mask_or(transfer.mask, crate_mask_of(bit));
        bool is_known = crate_mask_has(crate_mask_all(), bit);
        corinth_status expected = is_known ? CORINTH_OK : CORINTH_BAD_TRANSFER;
        CHECK_EQUAL(crate_transfer_validate(&transfer), expected);
    }
}

static void test_names(void)
{
    check_case("names of components whose bits have gaps");
    CHECK(strcmp(crate_transfer_component_name(CRATE_END_BIT), "End") == 0);
    CHECK(strcmp(crate_transfer_component_name(CRATE_END_BIT - 1), "unknown") == 0);
    CHECK(strcmp(crate_transfer_component_name(300), "unknown") == 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    test_pairs();
    test_unknown_bits();
    test_names();
    return 0;
}
