/*
 * transfer_samples.h - transfers to send: every component with values that fill all of its bytes,
 * and comparisons of what arrived, member by member because padding means nothing.
 */
#ifndef TRANSFER_SAMPLES_H
#define TRANSFER_SAMPLES_H

#include "check.h"

#include <string.h>

#include "parcel_transfer.h"

#define PARCEL_BITS 7
#define PARCEL_SUBSETS 128

static inline parcel_weight sample_weight(void)
{
    parcel_weight weight;
    weight.grams = 0xfedcba98u;
    weight.exact = -1234.5625;
    weight.rough = 0.15625f;
    return weight;
}

static inline parcel_state sample_state(void)
{
    parcel_state state;
    state.stage = PARCEL_STAGE_ARRIVED;
    state.grade = PARCEL_GRADE_BAD;
    return state;
}

static inline parcel_label sample_label(unsigned which)
{
    parcel_label label;
    label.is_fragile = which % 2 == 0;
    label.stages[0] = (parcel_stage)(which % 3);
    label.stages[1] = (parcel_stage)((which + 1) % 3);
    return label;
}

static inline parcel_labels sample_labels(void)
{
    parcel_labels labels;
    labels.first = sample_label(0);
    labels.more[0] = sample_label(1);
    labels.more[1] = sample_label(2);
    labels.is_signed[0] = true;
    labels.is_signed[1] = false;
    return labels;
}

static inline parcel_content sample_content(void)
{
    parcel_content content;
    for (size_t i = 0; i < sizeof content.bytes; i++) {
        content.bytes[i] = (uint8_t)(200 + i);
    }
    memcpy(content.text, "gl\xc3\xbc" "\x7f", sizeof content.text);
    content.sender = UINT64_C(0xf1e2d3c4b5a69788);
    content.offsets[0] = INT64_MIN;
    content.offsets[1] = -2;
    return content;
}

/* One of the seven bits is free, which subsets of all of them may name. */
static inline bool is_component(unsigned bit)
{
    return parcel_mask_has(parcel_mask_all(), bit);
}

static inline void pack_sample(parcel_transfer *transfer, unsigned bit)
{
    parcel_weight weight = sample_weight();
    parcel_state state = sample_state();
    parcel_labels labels = sample_labels();
    parcel_content content = sample_content();

    switch (bit) {
    case PARCEL_WEIGHT_BIT:
        parcel_transfer_pack_weight(transfer, &weight);
        break;
    case PARCEL_STATE_BIT:
        parcel_transfer_pack_state(transfer, &state);
        break;
    case PARCEL_LABELS_BIT:
        parcel_transfer_pack_labels(transfer, &labels);
        break;
    case PARCEL_URGENT_BIT:
        parcel_transfer_pack_urgent(transfer);
        break;
    case PARCEL_CONTENT_BIT:
        parcel_transfer_pack_content(transfer, &content);
        break;
    case PARCEL_INSURED_BIT:
        parcel_transfer_pack_insured(transfer);
        break;
    default:
        CHECK(is_component(bit));
    }
}

/* A parcel on the last lane with the components of `subset`, over memory full of `stale` bytes. */
static inline parcel_transfer sample_parcel(unsigned subset, int stale)
{
    parcel_transfer transfer;
    memset(&transfer, stale, sizeof transfer);
    parcel_transfer_init(&transfer, PARCEL_WORLD_VAN, PARCEL_WORLD_DOOR);
    transfer.entity = UINT64_C(0x0123456789abcdef);
    transfer.generation = 0x89abcdefu;
    transfer.flags = PARCEL_TRANSFER_PRIORITY | PARCEL_TRANSFER_COMPLETE;
    for (unsigned bit = 0; bit < PARCEL_BITS; bit++) {
        if ((subset >> bit & 1) != 0 && is_component(bit)) {
            pack_sample(&transfer, bit);
        }
    }
    return transfer;
}

static inline bool is_sample_weight(const parcel_weight *weight)
{
    parcel_weight sample = sample_weight();
    return weight != NULL && weight->grams == sample.grams &&
           memcmp(&weight->exact, &sample.exact, sizeof sample.exact) == 0 &&
           memcmp(&weight->rough, &sample.rough, sizeof sample.rough) == 0;
}

static inline bool is_sample_label(const parcel_label *label, unsigned which)
{
    parcel_label sample = sample_label(which);
    return label->is_fragile == sample.is_fragile && label->stages[0] == sample.stages[0] &&
           label->stages[1] == sample.stages[1];
}

static inline bool is_sample_labels(const parcel_labels *labels)
{
    return labels != NULL && is_sample_label(&labels->first, 0) &&
           is_sample_label(&labels->more[0], 1) && is_sample_label(&labels->more[1], 2) &&
           labels->is_signed[0] && !labels->is_signed[1];
}

static inline bool is_sample_content(const parcel_content *content)
{
    parcel_content sample = sample_content();
    return content != NULL && memcmp(content->bytes, sample.bytes, sizeof sample.bytes) == 0 &&
           memcmp(content->text, sample.text, sizeof sample.text) == 0 &&
           content->sender == sample.sender && content->offsets[0] == sample.offsets[0] &&
           content->offsets[1] == sample.offsets[1];
}

static inline bool is_sample_state(const parcel_state *state)
{
    return state != NULL && state->stage == PARCEL_STAGE_ARRIVED &&
           state->grade == PARCEL_GRADE_BAD;
}

/* The header is that of `sample_parcel`, and exactly the components of `subset` are aboard. */
static inline void check_is_sample(const parcel_transfer *transfer, unsigned subset)
{
    subset &= parcel_mask_all();
    CHECK_EQUAL(transfer->entity, UINT64_C(0x0123456789abcdef));
    CHECK_EQUAL(transfer->generation, 0x89abcdefu);
    CHECK_EQUAL(transfer->source, PARCEL_WORLD_VAN);
    CHECK_EQUAL(transfer->target, PARCEL_WORLD_DOOR);
    CHECK_EQUAL(transfer->flags, PARCEL_TRANSFER_PRIORITY | PARCEL_TRANSFER_COMPLETE);
    CHECK_EQUAL(transfer->mask, subset);
    const parcel_weight *weight = parcel_transfer_unpack_weight(transfer);
    const parcel_state *state = parcel_transfer_unpack_state(transfer);
    const parcel_labels *labels = parcel_transfer_unpack_labels(transfer);
    const parcel_content *content = parcel_transfer_unpack_content(transfer);
    CHECK((subset & PARCEL_WEIGHT_MASK) != 0 ? is_sample_weight(weight) : weight == NULL);
    CHECK((subset & PARCEL_STATE_MASK) != 0 ? is_sample_state(state) : state == NULL);
    CHECK((subset & PARCEL_LABELS_MASK) != 0 ? is_sample_labels(labels) : labels == NULL);
    CHECK((subset & PARCEL_CONTENT_MASK) != 0 ? is_sample_content(content) : content == NULL);
    CHECK_EQUAL(parcel_transfer_has_urgent(transfer), (subset & PARCEL_URGENT_MASK) != 0);
    CHECK_EQUAL(parcel_transfer_has_insured(transfer), (subset & PARCEL_INSURED_MASK) != 0);
}

#endif
