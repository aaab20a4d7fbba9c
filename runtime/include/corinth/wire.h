/*
 * wire.h - encodes values as bytes and decodes them, the same on every machine.
 *
 * Integers are little-endian; a float's IEEE 754 bits are encoded as an integer. Each function
 * works at `*at` and moves it past what it wrote or read. The caller makes sure that there is room:
 * generated code checks a frame's length once and not at each value.
 */
#ifndef CORINTH_WIRE_H
#define CORINTH_WIRE_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <corinth/platform.h>
#include <corinth/status.h>

CORINTH_BEGIN_DECLARATIONS

CORINTH_STATIC_ASSERT(sizeof(float) == 4, "a float is 32 bits");
CORINTH_STATIC_ASSERT(sizeof(double) == 8, "a double is 64 bits");
CORINTH_STATIC_ASSERT(FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53, "floats are IEEE 754");

/* A frame begins with these bytes, "CRN1"; then comes the version of the format. */
#define CORINTH_INTERNAL_FRAME_MAGIC UINT32_C(0x314E5243)
#define CORINTH_INTERNAL_FRAME_VERSION 1

/* The offset of the mask. The mask's size, and all that follows it, depend on the schema. */
#define CORINTH_INTERNAL_FRAME_HEADER_SIZE 32

/* What each frame holds between its version and its mask, in this order. */
typedef struct corinth_internal_frame {
    uint64_t wire_hash;
    uint32_t length; /* of the whole frame in bytes, magic included */
    CORINTH_ALIGNAS(8) uint64_t entity;
    uint32_t generation;
    uint8_t source;
    uint8_t target;
    uint8_t flags;
} corinth_internal_frame;

/*
 * Returns the same pointer, by no instruction at all, but hides from the compiler which object it
 * points to. A mask decides at run time what is copied and coded. A compiler that sees the caller's
 * small buffer, or a transfer that some path doesn't fill, can't follow that and would warn about
 * what never happens.
 */
static inline const void *corinth_internal_hide(const void *object)
{
    __asm__("" : "+r"(object));
    return object;
}

static inline void *corinth_internal_hide_output(void *object)
{
    __asm__("" : "+r"(object));
    return object;
}

static inline void corinth_internal_put_u8(unsigned char **at, uint8_t value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    (*at)[0] = value;
    *at += 1;
}

static inline void corinth_internal_put_u16(unsigned char **at, uint16_t value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    (*at)[0] = (unsigned char)(value & 0xff);
    (*at)[1] = (unsigned char)(value >> 8);
    *at += 2;
}

static inline void corinth_internal_put_u32(unsigned char **at, uint32_t value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    corinth_internal_put_u16(at, (uint16_t)(value & 0xffff));
    corinth_internal_put_u16(at, (uint16_t)(value >> 16));
}

static inline void corinth_internal_put_u64(unsigned char **at, uint64_t value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    corinth_internal_put_u32(at, (uint32_t)(value & 0xffffffff));
    corinth_internal_put_u32(at, (uint32_t)(value >> 32));
}

static inline void corinth_internal_put_f32(unsigned char **at, float value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    corinth_internal_put_u32(at, bits);
}

static inline void corinth_internal_put_f64(unsigned char **at, double value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    corinth_internal_put_u64(at, bits);
}

static inline void corinth_internal_put_bytes(unsigned char **at, const void *bytes, size_t size)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);
    CORINTH_ASSERT(bytes != NULL);

    memcpy(*at, bytes, size);
    *at += size;
}

static inline uint8_t corinth_internal_get_u8(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint8_t value = (*at)[0];
    *at += 1;
    return value;
}

static inline uint16_t corinth_internal_get_u16(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint16_t value = (uint16_t)((*at)[0] | (unsigned)(*at)[1] << 8);
    *at += 2;
    return value;
}

static inline uint32_t corinth_internal_get_u32(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint32_t low = corinth_internal_get_u16(at);
    uint32_t high = corinth_internal_get_u16(at);
    return low | high << 16;
}

static inline uint64_t corinth_internal_get_u64(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint64_t low = corinth_internal_get_u32(at);
    uint64_t high = corinth_internal_get_u32(at);
    return low | high << 32;
}

static inline float corinth_internal_get_f32(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint32_t bits = corinth_internal_get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double corinth_internal_get_f64(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);

    uint64_t bits = corinth_internal_get_u64(at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void corinth_internal_get_bytes(const unsigned char **at, void *bytes, size_t size)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);
    CORINTH_ASSERT(bytes != NULL);

    memcpy(bytes, *at, size);
    *at += size;
}

/* Returns false and leaves `value` alone if the byte is neither 0 nor 1, as no bool may hold it. */
static inline bool corinth_internal_get_bool(const unsigned char **at, bool *value)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);
    CORINTH_ASSERT(value != NULL);

    uint8_t byte = corinth_internal_get_u8(at);
    if (byte > 1) {
        return false;
    }
    *value = byte == 1;
    return true;
}

/*
 * Whether each byte of `values` is 0 or 1. It reads them as bytes, because reading any other value
 * as a bool would be undefined behaviour.
 */
static inline bool corinth_internal_are_bools(const bool *values, size_t count)
{
    CORINTH_ASSERT(values != NULL);
    CORINTH_ASSERT(count > 0);

    bool valid = true;
    for (size_t i = 0; i < count; i++) {
        unsigned char byte;
        memcpy(&byte, &values[i], sizeof byte);
        valid = byte <= 1 && valid;
    }
    return valid;
}

static inline void corinth_internal_put_frame(
    unsigned char **at, const corinth_internal_frame *frame)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL);
    CORINTH_ASSERT(frame != NULL);
    CORINTH_ASSERT(frame->length > CORINTH_INTERNAL_FRAME_HEADER_SIZE);

    const unsigned char *begin = *at;
    corinth_internal_put_u32(at, CORINTH_INTERNAL_FRAME_MAGIC);
    corinth_internal_put_u8(at, CORINTH_INTERNAL_FRAME_VERSION);
    corinth_internal_put_u64(at, frame->wire_hash);
    corinth_internal_put_u32(at, frame->length);
    corinth_internal_put_u64(at, frame->entity);
    corinth_internal_put_u32(at, frame->generation);
    corinth_internal_put_u8(at, frame->source);
    corinth_internal_put_u8(at, frame->target);
    corinth_internal_put_u8(at, frame->flags);
    CORINTH_ASSERT(*at - begin == CORINTH_INTERNAL_FRAME_HEADER_SIZE);
}

/*
 * Reads the header of an untrusted frame from `size` bytes. Returns BAD_TRANSFER if they aren't a
 * frame of this format or the frame isn't complete, and BAD_SCHEMA if it has another schema's wire
 * hash. The caller must check worlds, flags and length against the schema; but if this returns OK,
 * `length` is at most `size`.
 */
static inline corinth_status corinth_internal_get_frame(
    const unsigned char **at, size_t size, uint64_t wire_hash, corinth_internal_frame *frame)
{
    CORINTH_ASSERT(at != NULL);
    CORINTH_ASSERT(*at != NULL || size == 0);
    CORINTH_ASSERT(frame != NULL);

    if (size < CORINTH_INTERNAL_FRAME_HEADER_SIZE) {
        return CORINTH_BAD_TRANSFER;
    }
    const unsigned char *begin = *at;
    if (corinth_internal_get_u32(at) != CORINTH_INTERNAL_FRAME_MAGIC ||
        corinth_internal_get_u8(at) != CORINTH_INTERNAL_FRAME_VERSION) {
        return CORINTH_BAD_TRANSFER;
    }
    frame->wire_hash = corinth_internal_get_u64(at);
    frame->length = corinth_internal_get_u32(at);
    frame->entity = corinth_internal_get_u64(at);
    frame->generation = corinth_internal_get_u32(at);
    frame->source = corinth_internal_get_u8(at);
    frame->target = corinth_internal_get_u8(at);
    frame->flags = corinth_internal_get_u8(at);
    CORINTH_ASSERT(*at - begin == CORINTH_INTERNAL_FRAME_HEADER_SIZE);
    if (frame->wire_hash != wire_hash) {
        return CORINTH_BAD_SCHEMA;
    }
    return frame->length <= size ? CORINTH_OK : CORINTH_BAD_TRANSFER;
}

CORINTH_END_DECLARATIONS

#endif
