/*
 * Goal: a frame carries a transfer between any two machines, and decode believes nothing of one.
 * Method: a frame byte by byte; every subset there and back; and of valid frames every truncation,
 * every forged length, every single-bit flip and random bytes, each in a heap block of exactly the
 * frame's size, so that AddressSanitizer sees a read beyond it.
 */
#include "check.h"

#include <string.h>

#include "transfer_samples.h"
#include "stress.h"

#define LENGTH_OFFSET 13
#define MASK_OFFSET 32
#define RANDOM_FRAMES 500000u

/* Decodes a copy of `size` bytes in a heap block of that size. */
static corinth_status decode_exactly(
    fields_transfer *transfer, const unsigned char *bytes, size_t size, size_t *consumed)
{
    unsigned char *block = malloc(size > 0 ? size : 1);
    CHECK(block != NULL);
    memcpy(block, bytes, size);
    corinth_status status = fields_transfer_decode(transfer, block, size, consumed);
    free(block);
    return status;
}

/* A frame that must be refused leaves nothing behind. */
static void expect_refusal(const unsigned char *bytes, size_t size, corinth_status expected)
{
    fields_transfer transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    size_t consumed = 99;
    CHECK_EQUAL(decode_exactly(&transfer, bytes, size, &consumed), expected);
    CHECK_EQUAL(consumed, 0);
    CHECK_EQUAL(transfer.mask, 0);
}

static void test_bytes(void)
{
    check_case("a frame, byte by byte");
    static const unsigned char head[] = {'C', 'R', 'N', '1', 1};
    static const unsigned char rest[] = {
        36,   0,    0,    0,                            /* length */
        0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, /* entity */
        0xef, 0xcd, 0xab, 0x89,                         /* generation */
        1,    3,    6,                                  /* source, target, flags */
        0x4a,                                           /* mask: Enums, Tag, LastTag */
        2,    0xd4, 0xfe,                               /* last, -300 */
    };
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(0x4a, 0xee);
    CHECK_EQUAL(fields_transfer_encode(&transfer, frame, sizeof frame), 36);
    CHECK(memcmp(frame, head, sizeof head) == 0);
    for (unsigned i = 0; i < 8; i++) {
        CHECK_EQUAL(frame[sizeof head + i], FIELDS_TRANSFER_WIRE_HASH >> 8 * i & 0xff);
    }
    CHECK(memcmp(frame + sizeof head + 8, rest, sizeof rest) == 0);
}

static void test_every_subset(void)
{
    check_case("every subset there and back, whatever the memory held before");
    for (unsigned subset = 0; subset < FIELDS_SUBSETS; subset++) {
        unsigned char one[FIELDS_TRANSFER_ENCODED_MAX];
        unsigned char other[FIELDS_TRANSFER_ENCODED_MAX];
        memset(one, 0x13, sizeof one);
        memset(other, 0x31, sizeof other);
        fields_transfer transfer = sample_transfer(subset, 0xaa);
        size_t length = fields_transfer_encode(&transfer, one, sizeof one);
        transfer = sample_transfer(subset, 0x55);
        CHECK_EQUAL(fields_transfer_encode(&transfer, other, sizeof other), length);
        CHECK(memcmp(one, other, length) == 0);

        fields_transfer arrived;
        memset(&arrived, 0x99, sizeof arrived);
        size_t consumed = 0;
        CHECK_EQUAL(decode_exactly(&arrived, one, length, &consumed), CORINTH_OK);
        CHECK_EQUAL(consumed, length);
        check_is_sample(&arrived, subset);
    }
}

static void test_room(void)
{
    check_case("a buffer that is exactly large enough, and one that isn't");
    fields_transfer transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    for (size_t size = 0; size <= FIELDS_TRANSFER_ENCODED_MAX; size++) {
        unsigned char *block = malloc(size > 0 ? size : 1);
        CHECK(block != NULL);
        memset(block, 0x42, size > 0 ? size : 1);
        size_t written = fields_transfer_encode(&transfer, block, size);
        CHECK_EQUAL(written, size == FIELDS_TRANSFER_ENCODED_MAX ? size : 0);
        CHECK(written > 0 || block[0] == 0x42);
        free(block);
    }
}

static void test_invalid_is_not_encoded(void)
{
    check_case("what decode would refuse isn't encoded");
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    transfer.target = 2;
    CHECK_EQUAL(fields_transfer_encode(&transfer, frame, sizeof frame), 0);
    transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    transfer.components.enums.dense = 3;
    CHECK_EQUAL(fields_transfer_encode(&transfer, frame, sizeof frame), 0);
    transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    transfer.mask |= 0x80;
    CHECK_EQUAL(fields_transfer_encode(&transfer, frame, sizeof frame), 0);
}

static void test_truncations(void)
{
    check_case("every truncation of every subset's frame, with the length as it was and adapted");
    size_t consumed = 99;
    fields_transfer nothing;
    CHECK_EQUAL(fields_transfer_decode(&nothing, NULL, 0, &consumed), CORINTH_BAD_TRANSFER);
    CHECK_EQUAL(consumed, 0);
    for (unsigned subset = 0; subset < FIELDS_SUBSETS; subset++) {
        unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
        fields_transfer transfer = sample_transfer(subset, 0);
        size_t length = fields_transfer_encode(&transfer, frame, sizeof frame);
        for (size_t size = 0; size < length; size++) {
            expect_refusal(frame, size, CORINTH_BAD_TRANSFER);
            if (size >= LENGTH_OFFSET + 4) {
                unsigned char adapted[FIELDS_TRANSFER_ENCODED_MAX];
                memcpy(adapted, frame, length);
                adapted[LENGTH_OFFSET] = (unsigned char)size;
                expect_refusal(adapted, size, CORINTH_BAD_TRANSFER);
            }
        }
    }
}

static void test_lengths(void)
{
    check_case("forged lengths");
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX + 1] = {0};
    fields_transfer transfer = sample_transfer(FIELDS_SCALARS_MASK, 0);
    size_t length = fields_transfer_encode(&transfer, frame, sizeof frame);
    static const uint32_t forged[] = {
        0, 1, 31, 32, 33, FIELDS_TRANSFER_ENCODED_MAX, FIELDS_TRANSFER_ENCODED_MAX + 1,
        0x7fffffff, 0x80000000, UINT32_MAX,
    };
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        unsigned char *at = frame + LENGTH_OFFSET;
        corinth_internal_put_u32(&at, forged[i]);
        expect_refusal(frame, length, CORINTH_BAD_TRANSFER);
        expect_refusal(frame, sizeof frame, CORINTH_BAD_TRANSFER);
    }
}

static void test_garbage_after(void)
{
    check_case("what follows a frame is left alone");
    unsigned char stream[3 * FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(FIELDS_ENUMS_MASK, 0);
    size_t first = fields_transfer_encode(&transfer, stream, sizeof stream);
    transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    size_t second = fields_transfer_encode(&transfer, stream + first, sizeof stream - first);
    memset(stream + first + second, 0xff, 20);

    size_t consumed = 0;
    size_t total = first + second + 20;
    CHECK_EQUAL(decode_exactly(&transfer, stream, total, &consumed), CORINTH_OK);
    CHECK_EQUAL(consumed, first);
    check_is_sample(&transfer, FIELDS_ENUMS_MASK);
    CHECK_EQUAL(decode_exactly(&transfer, stream + first, total - first, &consumed), CORINTH_OK);
    CHECK_EQUAL(consumed, second);
    check_is_sample(&transfer, FIELDS_SUBSETS - 1);
    expect_refusal(stream + first + second, 20, CORINTH_BAD_TRANSFER);
}

static void test_flips(void)
{
    check_case("every single-bit flip: refused, or a valid transfer that encodes to these bytes");
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    size_t length = fields_transfer_encode(&transfer, frame, sizeof frame);
    for (size_t i = 0; i < 8 * length; i++) {
        unsigned char flipped[FIELDS_TRANSFER_ENCODED_MAX];
        memcpy(flipped, frame, length);
        flipped[i / 8] = (unsigned char)(flipped[i / 8] ^ 1u << i % 8);
        if (i / 8 < 5) {
            expect_refusal(flipped, length, CORINTH_BAD_TRANSFER);
        } else if (i / 8 < LENGTH_OFFSET) {
            expect_refusal(flipped, length, CORINTH_BAD_SCHEMA);
        } else {
            fields_transfer arrived;
            size_t consumed = 0;
            unsigned char again[FIELDS_TRANSFER_ENCODED_MAX];
            if (decode_exactly(&arrived, flipped, length, &consumed) == CORINTH_OK) {
                CHECK_EQUAL(fields_transfer_encode(&arrived, again, sizeof again), length);
                CHECK(memcmp(again, flipped, length) == 0);
            } else {
                CHECK_EQUAL(arrived.mask, 0);
                CHECK_EQUAL(consumed, 0);
            }
        }
    }
}

/* Illegal bytes are what flips of samples may miss: all 256 values of each byte after the mask. */
static void test_bytes_of_components(void)
{
    check_case("every value of every byte of the components");
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(FIELDS_STRUCTS_MASK, 0);
    size_t length = fields_transfer_encode(&transfer, frame, sizeof frame);
    CHECK_EQUAL(length, MASK_OFFSET + 1 + 11);
    unsigned refused = 0;
    for (size_t i = MASK_OFFSET + 1; i < length; i++) {
        for (unsigned value = 0; value < 256; value++) {
            unsigned char forged[FIELDS_TRANSFER_ENCODED_MAX];
            memcpy(forged, frame, length);
            forged[i] = (unsigned char)value;
            size_t consumed = 0;
            fields_transfer arrived;
            refused += decode_exactly(&arrived, forged, length, &consumed) != CORINTH_OK;
        }
    }
    /* Three structs of one bool and two enums, then two bools. */
    CHECK_EQUAL(refused, 5u * (256 - 2) + 6u * (256 - 3));
}

static void test_random_bytes(stress *run)
{
    check_case("random bytes behind a right beginning");
    check_random random = check_random_stream(run->seed, 0);
    unsigned char frame[FIELDS_TRANSFER_ENCODED_MAX];
    fields_transfer transfer = sample_transfer(FIELDS_SUBSETS - 1, 0);
    (void)fields_transfer_encode(&transfer, frame, sizeof frame);
    uint64_t frames = check_scaled(RANDOM_FRAMES);
    for (uint64_t i = 0; i < frames; i++) {
        size_t size = check_random_below(&random, FIELDS_TRANSFER_ENCODED_MAX + 1);
        for (size_t j = LENGTH_OFFSET; j < size; j++) {
            frame[j] = (unsigned char)check_random_below(&random, 256);
        }
        if (size >= LENGTH_OFFSET + 4 && check_random_below(&random, 4) != 0) {
            unsigned char *at = frame + LENGTH_OFFSET;
            corinth_internal_put_u32(&at, (uint32_t)size);
        }
        size_t consumed = 0;
        corinth_status status = decode_exactly(&transfer, frame, size, &consumed);
        CHECK(status != CORINTH_OK || fields_transfer_validate(&transfer) == CORINTH_OK);
        CHECK(status == CORINTH_OK || transfer.mask == 0);
    }
    stress_reached(run, "frames", frames, frames);
}

int main(int argc, char **argv)
{
    stress run = stress_begin(argc, argv);
    test_bytes();
    test_every_subset();
    test_room();
    test_invalid_is_not_encoded();
    test_truncations();
    test_lengths();
    test_garbage_after();
    test_flips();
    test_bytes_of_components();
    while (stress_next_round(&run)) {
        test_random_bytes(&run);
    }
    return 0;
}
