/*
 * wire.h - how a value becomes bytes and bytes become a value, the same on every machine.
 *
 * Integers are little-endian and floats are their IEEE 754 bits as such an integer. Each function
 * works at `*at` and moves it past what it wrote or read; that there is room is the caller's promise,
 * because generated code checks a frame's length once and not at each of its bytes.
 */
#ifndef CORINTH_WIRE_H
#define CORINTH_WIRE_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <corinth/platform.h>

CORINTH_STATIC_ASSERT(sizeof(float) == 4, "a float is 32 bits");
CORINTH_STATIC_ASSERT(sizeof(double) == 8, "a double is 64 bits");
CORINTH_STATIC_ASSERT(FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53, "floats are IEEE 754");

#ifdef __cplusplus
extern "C" {
#endif

static inline void corinth_internal_put_u8(unsigned char **at, uint8_t value)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);

    (*at)[0] = value;
    *at += 1;
}

static inline void corinth_internal_put_u16(unsigned char **at, uint16_t value)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);

    (*at)[0] = (unsigned char)(value & 0xff);
    (*at)[1] = (unsigned char)(value >> 8);
    *at += 2;
}

static inline void corinth_internal_put_u32(unsigned char **at, uint32_t value)
{
    corinth_internal_put_u16(at, (uint16_t)(value & 0xffff));
    corinth_internal_put_u16(at, (uint16_t)(value >> 16));
}

static inline void corinth_internal_put_u64(unsigned char **at, uint64_t value)
{
    corinth_internal_put_u32(at, (uint32_t)(value & 0xffffffff));
    corinth_internal_put_u32(at, (uint32_t)(value >> 32));
}

static inline void corinth_internal_put_f32(unsigned char **at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    corinth_internal_put_u32(at, bits);
}

static inline void corinth_internal_put_f64(unsigned char **at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    corinth_internal_put_u64(at, bits);
}

static inline void corinth_internal_put_bytes(unsigned char **at, const void *bytes, size_t size)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);
    CORINTH_ASSERT(bytes != NULL);

    memcpy(*at, bytes, size);
    *at += size;
}

static inline uint8_t corinth_internal_get_u8(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);

    uint8_t value = (*at)[0];
    *at += 1;
    return value;
}

static inline uint16_t corinth_internal_get_u16(const unsigned char **at)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);

    uint16_t value = (uint16_t)((*at)[0] | (unsigned)(*at)[1] << 8);
    *at += 2;
    return value;
}

static inline uint32_t corinth_internal_get_u32(const unsigned char **at)
{
    uint32_t low = corinth_internal_get_u16(at);
    uint32_t high = corinth_internal_get_u16(at);
    return low | high << 16;
}

static inline uint64_t corinth_internal_get_u64(const unsigned char **at)
{
    uint64_t low = corinth_internal_get_u32(at);
    uint64_t high = corinth_internal_get_u32(at);
    return low | high << 32;
}

static inline float corinth_internal_get_f32(const unsigned char **at)
{
    uint32_t bits = corinth_internal_get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double corinth_internal_get_f64(const unsigned char **at)
{
    uint64_t bits = corinth_internal_get_u64(at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void corinth_internal_get_bytes(const unsigned char **at, void *bytes, size_t size)
{
    CORINTH_ASSERT(at != NULL && *at != NULL);
    CORINTH_ASSERT(bytes != NULL);

    memcpy(bytes, *at, size);
    *at += size;
}

/* False, and `value` unchanged, if the byte is neither 0 nor 1: no such bool may come to exist. */
static inline bool corinth_internal_get_bool(const unsigned char **at, bool *value)
{
    CORINTH_ASSERT(value != NULL);

    uint8_t byte = corinth_internal_get_u8(at);
    if (byte > 1) {
        return false;
    }
    *value = byte == 1;
    return true;
}

/*
 * Whether each byte of `values` is 0 or 1. It reads them as bytes, because to read another value as a
 * bool is undefined behaviour already.
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

#ifdef __cplusplus
}
#endif

#endif
