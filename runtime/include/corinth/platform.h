/*
 * platform.h - what the runtime assumes about compiler and machine, and nothing else.
 *
 * Atomics are plain integers of 4 or 8 bytes, accessed only through the functions below. They are
 * gcc's and clang's __atomic builtins, which follow the C11 memory model: types and layout are the
 * same in C and C++, and instrumentation sees them. The memory order is part of each function's
 * name, so that it stands at every call.
 */
#ifndef CORINTH_PLATFORM_H
#define CORINTH_PLATFORM_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <corinth/language.h>

#if !defined(__GNUC__) && !defined(__clang__)
#error "Corinth needs gcc or clang: its atomics are their __atomic builtins"
#endif

/* Generated headers state the version that they were made for and don't compile with another. */
#define CORINTH_ABI_VERSION 2

/*
 * The distance in bytes between data of different threads. It is 128 and not 64 because prefetchers
 * fetch lines in pairs. A build that overrides it must do so everywhere. Every init refers to a
 * symbol whose name holds the value, so a mixture doesn't link.
 */
#ifndef CORINTH_CACHE_LINE
#define CORINTH_CACHE_LINE 128
#endif

/*
 * A broken precondition stops a debug build. With NDEBUG the condition is compiled but never
 * evaluated, so that a variable which only an assertion reads counts as used. No layout depends on
 * NDEBUG.
 */
#ifdef NDEBUG
#define CORINTH_ASSERT(condition) ((void)sizeof((condition) ? 1 : 0))
#else
#define CORINTH_ASSERT(condition) assert(condition)
#endif

/* Inlined in debug builds too: a debugger steps over what is one instruction. */
#define CORINTH_INLINE static inline __attribute__((always_inline))

#define CORINTH_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define CORINTH_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

CORINTH_BEGIN_DECLARATIONS

/*
 * A position counts all slots that ever passed one end of a ring: 64 bits everywhere, and aligned
 * so that it is atomic everywhere. Two positions are compared by their unsigned difference, so a
 * ring may begin anywhere and pass 2^64.
 */
typedef uint64_t corinth_position __attribute__((aligned(8)));

/* A statistics counter: 64 bits everywhere, and aligned so that it is atomic everywhere. */
typedef uint64_t corinth_counter __attribute__((aligned(8)));

CORINTH_STATIC_ASSERT(sizeof(bool) == 1, "bool is one byte in every component");
CORINTH_STATIC_ASSERT(
    CORINTH_CACHE_LINE != 0 && (CORINTH_CACHE_LINE & (CORINTH_CACHE_LINE - 1)) == 0, "lines");
CORINTH_STATIC_ASSERT(CORINTH_CACHE_LINE >= 32, "not below any cache line in use");
/* 2 means always lock-free. The atomics in use are as wide as int and long long. */
CORINTH_STATIC_ASSERT(__GCC_ATOMIC_INT_LOCK_FREE == 2, "32-bit marks are lock-free");
#ifdef __clang__
/* Where a long long is aligned to 4 bytes, clang's macro says "sometimes" for all of them. */
CORINTH_STATIC_ASSERT(__atomic_always_lock_free(8, NULL), "positions and counters are lock-free");
#else
CORINTH_STATIC_ASSERT(__GCC_ATOMIC_LLONG_LOCK_FREE == 2, "positions and counters are lock-free");
#endif

/*
 * Does nothing: it exists to be linked. Its name holds the ABI version and the cache line, so a
 * program and a runtime that were built with different ones don't link.
 */
#define CORINTH_INTERNAL_JOIN(version, line) corinth_abi_##version##_line_##line
#define CORINTH_INTERNAL_ABI_SYMBOL(version, line) CORINTH_INTERNAL_JOIN(version, line)
#define corinth_internal_require_abi \
    CORINTH_INTERNAL_ABI_SYMBOL(CORINTH_ABI_VERSION, CORINTH_CACHE_LINE)
void corinth_internal_require_abi(void);

#define CORINTH_CAPACITY_MAX ((size_t)1 << 30)
#define CORINTH_IS_POWER_OF_TWO(value) ((value) != 0 && ((value) & ((value)-1)) == 0)

CORINTH_INLINE corinth_position corinth_internal_load_relaxed(const corinth_position *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_RELAXED);
}

CORINTH_INLINE corinth_position corinth_internal_load_acquire(const corinth_position *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_ACQUIRE);
}

CORINTH_INLINE void corinth_internal_store_relaxed(corinth_position *object, corinth_position value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE void corinth_internal_store_release(corinth_position *object, corinth_position value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELEASE);
}

/* Stores `desired` if `*object` equals `*expected`; otherwise loads `*object` into `*expected`. */
CORINTH_INLINE bool corinth_internal_compare_exchange_relaxed(
    corinth_position *object, corinth_position *expected, corinth_position desired)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT(expected != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_compare_exchange_n(
        object, expected, desired, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint64_t corinth_internal_load_relaxed_u64(const corinth_counter *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint64_t corinth_internal_load_acquire_u64(const corinth_counter *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_ACQUIRE);
}

CORINTH_INLINE void corinth_internal_store_relaxed_u64(corinth_counter *object, uint64_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE void corinth_internal_store_release_u64(corinth_counter *object, uint64_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELEASE);
}

CORINTH_INLINE uint64_t corinth_internal_fetch_and_relaxed_u64(
    corinth_counter *object, uint64_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_and(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint64_t corinth_internal_fetch_and_release_u64(
    corinth_counter *object, uint64_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_and(object, value, __ATOMIC_RELEASE);
}

CORINTH_INLINE uint32_t corinth_internal_load_relaxed_u32(const uint32_t *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint32_t corinth_internal_load_acquire_u32(const uint32_t *object)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_load_n(object, __ATOMIC_ACQUIRE);
}

CORINTH_INLINE void corinth_internal_store_relaxed_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE void corinth_internal_store_release_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    __atomic_store_n(object, value, __ATOMIC_RELEASE);
}

CORINTH_INLINE uint32_t corinth_internal_exchange_acquire_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_exchange_n(object, value, __ATOMIC_ACQUIRE);
}

CORINTH_INLINE uint32_t corinth_internal_fetch_add_release_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_add(object, value, __ATOMIC_RELEASE);
}

CORINTH_INLINE uint32_t corinth_internal_fetch_or_relaxed_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_or(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint32_t corinth_internal_fetch_or_release_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_or(object, value, __ATOMIC_RELEASE);
}

CORINTH_INLINE uint32_t corinth_internal_fetch_and_relaxed_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_and(object, value, __ATOMIC_RELAXED);
}

CORINTH_INLINE uint32_t corinth_internal_fetch_and_acquire_u32(uint32_t *object, uint32_t value)
{
    CORINTH_ASSERT(object != NULL);
    CORINTH_ASSERT((uintptr_t)object % sizeof(*object) == 0);
    return __atomic_fetch_and(object, value, __ATOMIC_ACQUIRE);
}

/* Keeps the compiler, and only it, from moving loads and stores across. */
CORINTH_INLINE void corinth_internal_fence_signal(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/*
 * gcc warns that its thread sanitizer doesn't model fences. It doesn't have to: the fences here
 * decide only who sleeps and who wakes. Acquire and release order everything that is handed over.
 */
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
CORINTH_INLINE void corinth_internal_fence_seq_cst(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

CORINTH_END_DECLARATIONS

#endif
