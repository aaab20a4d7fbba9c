/*
 * tsan_plain.c - what gcc and clang call for plain accesses under -fsanitize=thread.
 *
 * Calls of memcpy and its like in instrumented objects are renamed to explorer_memcpy and so on
 * when the program is built, so that the explorer's own and the C library's stay what they are.
 */
#include "core.h"

#include <string.h>

#define CALLER ((uintptr_t)__builtin_return_address(0))

#define DEFINE_ACCESS(name, size, is_write)                                                       \
    void __tsan_##name(const void *address);                                                      \
    void __tsan_##name(const void *address)                                                       \
    {                                                                                             \
        shadow_access((uintptr_t)address, size, is_write, CALLER);                                \
    }

#define DEFINE_ACCESSES(size)                                                                     \
    DEFINE_ACCESS(read##size, size, false)                                                        \
    DEFINE_ACCESS(write##size, size, true)                                                        \
    DEFINE_ACCESS(unaligned_read##size, size, false)                                              \
    DEFINE_ACCESS(unaligned_write##size, size, true)                                              \
    DEFINE_ACCESS(volatile_read##size, size, false)                                               \
    DEFINE_ACCESS(volatile_write##size, size, true)                                               \
    DEFINE_ACCESS(unaligned_volatile_read##size, size, false)                                     \
    DEFINE_ACCESS(unaligned_volatile_write##size, size, true)                                     \
    void __tsan_read_write##size(const void *address);                                            \
    void __tsan_read_write##size(const void *address)                                             \
    {                                                                                             \
        shadow_access((uintptr_t)address, size, false, CALLER);                                   \
        shadow_access((uintptr_t)address, size, true, CALLER);                                    \
    }                                                                                             \
    void __tsan_unaligned_read_write##size(const void *address);                                  \
    void __tsan_unaligned_read_write##size(const void *address)                                   \
    {                                                                                             \
        shadow_access((uintptr_t)address, size, false, CALLER);                                   \
        shadow_access((uintptr_t)address, size, true, CALLER);                                    \
    }

DEFINE_ACCESSES(1)
DEFINE_ACCESSES(2)
DEFINE_ACCESSES(4)
DEFINE_ACCESSES(8)
DEFINE_ACCESSES(16)

void __tsan_read_range(const void *address, size_t size);
void __tsan_read_range(const void *address, size_t size)
{
    shadow_access((uintptr_t)address, size, false, CALLER);
}

void __tsan_write_range(const void *address, size_t size);
void __tsan_write_range(const void *address, size_t size)
{
    shadow_access((uintptr_t)address, size, true, CALLER);
}

/* Nothing is kept of calls: a trace shows the inlined ones by the debug information. */
void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(const void *caller);
void __tsan_func_entry(const void *caller)
{
    (void)caller;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

void __tsan_vptr_read(const void *address);
void __tsan_vptr_read(const void *address)
{
    shadow_access((uintptr_t)address, sizeof(void *), false, CALLER);
}

void __tsan_vptr_update(const void *address, const void *value);
void __tsan_vptr_update(const void *address, const void *value)
{
    (void)value;
    shadow_access((uintptr_t)address, sizeof(void *), true, CALLER);
}

static void *copy(void *to, const void *from, size_t size, uintptr_t code)
{
    shadow_access((uintptr_t)from, size, false, code);
    shadow_access((uintptr_t)to, size, true, code);
    return memmove(to, from, size);
}

static void *fill(void *to, int value, size_t size, uintptr_t code)
{
    shadow_access((uintptr_t)to, size, true, code);
    return memset(to, value, size);
}

#define DEFINE_COPY(name)                                                                         \
    void *name(void *to, const void *from, size_t size);                                          \
    void *name(void *to, const void *from, size_t size)                                           \
    {                                                                                             \
        return copy(to, from, size, CALLER);                                                      \
    }

#define DEFINE_FILL(name)                                                                         \
    void *name(void *to, int value, size_t size);                                                 \
    void *name(void *to, int value, size_t size)                                                  \
    {                                                                                             \
        return fill(to, value, size, CALLER);                                                     \
    }

DEFINE_COPY(__tsan_memcpy)
DEFINE_COPY(__tsan_memmove)
DEFINE_FILL(__tsan_memset)
DEFINE_COPY(explorer_memcpy)
DEFINE_COPY(explorer_memmove)
DEFINE_FILL(explorer_memset)

int explorer_memcmp(const void *one, const void *other, size_t size);
int explorer_memcmp(const void *one, const void *other, size_t size)
{
    shadow_access((uintptr_t)one, size, false, CALLER);
    shadow_access((uintptr_t)other, size, false, CALLER);
    return memcmp(one, other, size);
}
