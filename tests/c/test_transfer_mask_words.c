/*
 * Goal: a mask of several words behaves as one of a few bits, and a large transfer is copied by its
 * components. Method: every pair of components left out of a transfer, which is compared, copied
 * and encoded; every bit that is no component's.
 */
#include "check.h"

#include <string.h>

#include "words_transfer.h"

#define WATCHDOG_S 30
#define ENTITY UINT64_C(0xfedcba9876543210)
#define GENERATION 0x89abcdefu

static words_transfer sample_transfer(void)
{
    words_transfer transfer;
    memset(&transfer, 0x77, sizeof transfer);
    words_transfer_init(&transfer, WORDS_WORLD_SOURCE, WORDS_WORLD_TARGET);
    transfer.entity = ENTITY;
    transfer.generation = GENERATION;
    transfer.flags = WORDS_TRANSFER_COMPLETE;
    words_transfer_add_first(&transfer)->value = UINT64_MAX;
    memset(words_transfer_add_last(&transfer)->value, 0x11, sizeof(words_last));
    words_next *next = words_transfer_add_next(&transfer);
    next->value = 0x1234;
    next->is_odd = true;
    memset(words_transfer_add_far(&transfer)->value, 0x22, sizeof(words_far));
    words_transfer_pack_end(&transfer);
    return transfer;
}

static void check_sample(const words_transfer *transfer, words_mask mask)
{
    static const unsigned bits[WORDS_TRANSFER_COMPONENT_COUNT] = {
        WORDS_FIRST_BIT, WORDS_LAST_BIT, WORDS_NEXT_BIT, WORDS_FAR_BIT, WORDS_END_BIT,
    };
    CHECK_EQUAL(transfer->entity, ENTITY);
    CHECK_EQUAL(transfer->generation, GENERATION);
    CHECK_EQUAL(transfer->source, WORDS_WORLD_SOURCE);
    CHECK_EQUAL(transfer->target, WORDS_WORLD_TARGET);
    CHECK_EQUAL(transfer->flags, WORDS_TRANSFER_COMPLETE);
    CHECK(words_mask_equal(transfer->mask, mask));
    for (unsigned i = 0; i < WORDS_TRANSFER_COMPONENT_COUNT; i++) {
        bool is_word_set = (transfer->mask.words[bits[i] / 64] >> bits[i] % 64 & 1) != 0;
        CHECK_EQUAL(words_mask_has(mask, bits[i]), is_word_set);
    }
    const words_first *first = words_transfer_unpack_first(transfer);
    const words_last *last = words_transfer_unpack_last(transfer);
    const words_next *next = words_transfer_unpack_next(transfer);
    const words_far *far = words_transfer_unpack_far(transfer);
    CHECK(first == NULL || first->value == UINT64_MAX);
    CHECK(last == NULL || (last->value[0] == 0x11 && last->value[199] == 0x11));
    CHECK(next == NULL || (next->value == 0x1234 && next->is_odd));
    CHECK(far == NULL || (far->value[0] == 0x22222222u && far->value[19] == 0x22222222u));
    CHECK_EQUAL(first != NULL, words_mask_has(mask, WORDS_FIRST_BIT));
    CHECK_EQUAL(last != NULL, words_mask_has(mask, WORDS_LAST_BIT));
    CHECK_EQUAL(next != NULL, words_mask_has(mask, WORDS_NEXT_BIT));
    CHECK_EQUAL(far != NULL, words_mask_has(mask, WORDS_FAR_BIT));
    CHECK_EQUAL(words_transfer_has_end(transfer), words_mask_has(mask, WORDS_END_BIT));
}

static void test_pairs(void)
{
    check_case("every pair left out, copied, coded");
    CHECK_EQUAL(WORDS_MASK_WORDS, 3);
    for (unsigned i = 0; i < WORDS_TRANSFER_COMPONENT_COUNT; i++) {
        for (unsigned j = i; j < WORDS_TRANSFER_COMPONENT_COUNT; j++) {
            words_mask left_out =
                words_mask_or(words_mask_of(words_transfer_component_table[i].bit),
                              words_mask_of(words_transfer_component_table[j].bit));
            words_transfer transfer = sample_transfer();
            transfer.mask = words_mask_remove(transfer.mask, left_out);
            words_mask mask = words_mask_remove(words_mask_all(), left_out);
            check_sample(&transfer, mask);
            CHECK(words_mask_equal(words_mask_and(mask, left_out), words_mask_none()));

            words_transfer copy;
            memset(&copy, 0xcc, sizeof copy);
            words_transfer_copy(&copy, &transfer);
            check_sample(&copy, mask);
            unsigned char buffer[WORDS_TRANSFER_ENCODED_MAX];
            size_t length = words_transfer_encode(&transfer, buffer, sizeof buffer);
            size_t consumed = 0;
            CHECK_EQUAL(words_transfer_decode(&copy, buffer, length, &consumed), CORINTH_OK);
            CHECK_EQUAL(consumed, length);
            check_sample(&copy, mask);
        }
    }
}

static void test_unknown_bits(void)
{
    check_case("every bit that is no component's");
    for (unsigned bit = 0; bit < 64 * WORDS_MASK_WORDS; bit++) {
        words_transfer transfer = sample_transfer();
        transfer.mask = words_mask_or(transfer.mask, words_mask_of(bit));
        bool is_known = words_mask_has(words_mask_all(), bit);
        corinth_status expected = is_known ? CORINTH_OK : CORINTH_BAD_TRANSFER;
        CHECK_EQUAL(words_transfer_validate(&transfer), expected);
    }
}

static void test_names(void)
{
    check_case("names of components whose bits have gaps");
    CHECK(strcmp(words_transfer_component_name(WORDS_END_BIT), "End") == 0);
    CHECK(strcmp(words_transfer_component_name(WORDS_END_BIT - 1), "unknown") == 0);
    CHECK(strcmp(words_transfer_component_name(300), "unknown") == 0);
}

int main(int argc, char **argv)
{
    check_begin(argc, argv, WATCHDOG_S);
    test_pairs();
    test_unknown_bits();
    test_names();
    return 0;
}
