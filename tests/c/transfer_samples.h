/*
 * transfer_samples.h - transfers to send: every component with values that fill all of its bytes,
 * and comparisons of what arrived, member by member because padding means nothing.
 */
#ifndef TRANSFER_SAMPLES_H
#define TRANSFER_SAMPLES_H

#include "check.h"

#include <string.h>

#include "fields_transfer.h"

#define FIELDS_BITS 7
#define FIELDS_SUBSETS 128

static inline fields_scalars sample_scalars(void)
{
    fields_scalars scalars;
    scalars.count = 0xfedcba98u;
    scalars.exact = -1234.5625;
    scalars.rough = 0.15625f;
    return scalars;
}

static inline fields_enums sample_enums(void)
{
    fields_enums enums;
    enums.dense = FIELDS_DENSE_LAST;
    enums.sparse = FIELDS_SPARSE_LOW;
    return enums;
}

static inline fields_inner sample_inner(unsigned which)
{
    fields_inner inner;
    inner.is_set = which % 2 == 0;
    inner.several[0] = (fields_dense)(which % 3);
    inner.several[1] = (fields_dense)((which + 1) % 3);
    return inner;
}

static inline fields_structs sample_structs(void)
{
    fields_structs structs;
    structs.first = sample_inner(0);
    structs.more[0] = sample_inner(1);
    structs.more[1] = sample_inner(2);
    structs.are_set[0] = true;
    structs.are_set[1] = false;
    return structs;
}

static inline fields_arrays sample_arrays(void)
{
    fields_arrays arrays;
    for (size_t i = 0; i < sizeof arrays.bytes; i++) {
        arrays.bytes[i] = (uint8_t)(200 + i);
    }
    memcpy(arrays.text, "gl\xc3\xbc" "\x7f", sizeof arrays.text);
    arrays.other = UINT64_C(0xf1e2d3c4b5a69788);
    arrays.offsets[0] = INT64_MIN;
    arrays.offsets[1] = -2;
    return arrays;
}

/* One of the seven bits is free, which subsets of all of them may name. */
static inline bool is_component(unsigned bit)
{
    return fields_mask_has(fields_mask_all(), bit);
}

static inline void pack_sample(fields_transfer *transfer, unsigned bit)
{
    fields_scalars scalars = sample_scalars();
    fields_enums enums = sample_enums();
    fields_structs structs = sample_structs();
    fields_arrays arrays = sample_arrays();

    switch (bit) {
    case FIELDS_SCALARS_BIT:
        fields_transfer_pack_scalars(transfer, &scalars);
        break;
    case FIELDS_ENUMS_BIT:
        fields_transfer_pack_enums(transfer, &enums);
        break;
    case FIELDS_STRUCTS_BIT:
        fields_transfer_pack_structs(transfer, &structs);
        break;
    case FIELDS_TAG_BIT:
        fields_transfer_pack_tag(transfer);
        break;
    case FIELDS_ARRAYS_BIT:
        fields_transfer_pack_arrays(transfer, &arrays);
        break;
    case FIELDS_LAST_TAG_BIT:
        fields_transfer_pack_last_tag(transfer);
        break;
    default:
        CHECK(is_component(bit));
    }
}

/* One for the last lane with the components of `subset`, over memory full of `stale` bytes. */
static inline fields_transfer sample_transfer(unsigned subset, int stale)
{
    fields_transfer transfer;
    memset(&transfer, stale, sizeof transfer);
    fields_transfer_init(&transfer, FIELDS_WORLD_MIDDLE, FIELDS_WORLD_TARGET);
    transfer.entity = UINT64_C(0x0123456789abcdef);
    transfer.generation = 0x89abcdefu;
    transfer.flags = FIELDS_TRANSFER_PRIORITY | FIELDS_TRANSFER_COMPLETE;
    for (unsigned bit = 0; bit < FIELDS_BITS; bit++) {
        if ((subset >> bit & 1) != 0 && is_component(bit)) {
            pack_sample(&transfer, bit);
        }
    }
    return transfer;
}

static inline bool is_sample_scalars(const fields_scalars *scalars)
{
    fields_scalars sample = sample_scalars();
    return scalars != NULL && scalars->count == sample.count &&
           memcmp(&scalars->exact, &sample.exact, sizeof sample.exact) == 0 &&
           memcmp(&scalars->rough, &sample.rough, sizeof sample.rough) == 0;
}

static inline bool is_sample_inner(const fields_inner *inner, unsigned which)
{
    fields_inner sample = sample_inner(which);
    return inner->is_set == sample.is_set && inner->several[0] == sample.several[0] &&
           inner->several[1] == sample.several[1];
}

static inline bool is_sample_structs(const fields_structs *structs)
{
    return structs != NULL && is_sample_inner(&structs->first, 0) &&
           is_sample_inner(&structs->more[0], 1) && is_sample_inner(&structs->more[1], 2) &&
           structs->are_set[0] && !structs->are_set[1];
}

static inline bool is_sample_arrays(const fields_arrays *arrays)
{
    fields_arrays sample = sample_arrays();
    return arrays != NULL && memcmp(arrays->bytes, sample.bytes, sizeof sample.bytes) == 0 &&
           memcmp(arrays->text, sample.text, sizeof sample.text) == 0 &&
           arrays->other == sample.other && arrays->offsets[0] == sample.offsets[0] &&
           arrays->offsets[1] == sample.offsets[1];
}

static inline bool is_sample_enums(const fields_enums *enums)
{
    return enums != NULL && enums->dense == FIELDS_DENSE_LAST &&
           enums->sparse == FIELDS_SPARSE_LOW;
}

/* The header is that of `sample_transfer`, and exactly the components of `subset` are aboard. */
static inline void check_is_sample(const fields_transfer *transfer, unsigned subset)
{
    subset &= fields_mask_all();
    CHECK_EQUAL(transfer->entity, UINT64_C(0x0123456789abcdef));
    CHECK_EQUAL(transfer->generation, 0x89abcdefu);
    CHECK_EQUAL(transfer->source, FIELDS_WORLD_MIDDLE);
    CHECK_EQUAL(transfer->target, FIELDS_WORLD_TARGET);
    CHECK_EQUAL(transfer->flags, FIELDS_TRANSFER_PRIORITY | FIELDS_TRANSFER_COMPLETE);
    CHECK_EQUAL(transfer->mask, subset);
    const fields_scalars *scalars = fields_transfer_unpack_scalars(transfer);
    const fields_enums *enums = fields_transfer_unpack_enums(transfer);
    const fields_structs *structs = fields_transfer_unpack_structs(transfer);
    const fields_arrays *arrays = fields_transfer_unpack_arrays(transfer);
    CHECK((subset & FIELDS_SCALARS_MASK) != 0 ? is_sample_scalars(scalars) : scalars == NULL);
    CHECK((subset & FIELDS_ENUMS_MASK) != 0 ? is_sample_enums(enums) : enums == NULL);
    CHECK((subset & FIELDS_STRUCTS_MASK) != 0 ? is_sample_structs(structs) : structs == NULL);
    CHECK((subset & FIELDS_ARRAYS_MASK) != 0 ? is_sample_arrays(arrays) : arrays == NULL);
    CHECK_EQUAL(fields_transfer_has_tag(transfer), (subset & FIELDS_TAG_MASK) != 0);
    CHECK_EQUAL(fields_transfer_has_last_tag(transfer), (subset & FIELDS_LAST_TAG_MASK) != 0);
}

#endif
