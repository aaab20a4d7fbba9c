/*
 * tsan.c - what gcc and clang call for atomic operations under -fsanitize=thread.
 *
 * The two spell the compare-exchange differently: gcc calls _strong and _weak with a pointer to the
 * expected value, clang calls _val and compares the answer itself. Orders are numbered alike. Names
 * and forms are those of the sanitizers' public interface, hence the leading underscores.
 */
#include "core.h"

#define CALLER ((uintptr_t)__builtin_return_address(0))

static uint64_t take_new(uint64_t before, uint64_t operand)
{
    (void)before;
    return operand;
}

static uint64_t add(uint64_t before, uint64_t operand)
{
    return before + operand;
}

static uint64_t subtract(uint64_t before, uint64_t operand)
{
    return before - operand;
}

static uint64_t and(uint64_t before, uint64_t operand)
{
    return before & operand;
}

static uint64_t or(uint64_t before, uint64_t operand)
{
    return before | operand;
}

static uint64_t exclusive_or(uint64_t before, uint64_t operand)
{
    return before ^ operand;
}

static uint64_t nand(uint64_t before, uint64_t operand)
{
    return ~(before & operand);
}

static operation access_of(operation_kind kind, const volatile void *object, unsigned size,
                           uint64_t value, int order, uintptr_t code)
{
    operation op = {.kind = kind, .size = (uint8_t)size, .address = (uintptr_t)object};
    op.order = (uint8_t)order;
    op.value = value;
    op.code = code;
    return op;
}

static bool compare(operation op, uint64_t expected, int failure_order, bool is_weak,
                    uint64_t *found)
{
    op.expected = expected;
    op.failure_order = (uint8_t)failure_order;
    op.is_weak = is_weak;
    return memory_compare(&op, found);
}

#define DEFINE_UPDATE(bits, name, combine)                                                        \
    uint##bits##_t __tsan_atomic##bits##_##name(                                                  \
        volatile uint##bits##_t *object, uint##bits##_t operand, int order);                      \
    uint##bits##_t __tsan_atomic##bits##_##name(                                                  \
        volatile uint##bits##_t *object, uint##bits##_t operand, int order)                       \
    {                                                                                             \
        operation op = access_of(OP_UPDATE, object, bits / 8, operand, order, CALLER);            \
        return (uint##bits##_t)memory_update(&op, combine);                                       \
    }

#define DEFINE_COMPARE(bits, name, is_weak)                                                       \
    int __tsan_atomic##bits##_##name(volatile uint##bits##_t *object, uint##bits##_t *expected,   \
                                     uint##bits##_t desired, int order, int failure_order);       \
    int __tsan_atomic##bits##_##name(volatile uint##bits##_t *object, uint##bits##_t *expected,   \
                                     uint##bits##_t desired, int order, int failure_order)        \
    {                                                                                             \
        operation op = access_of(OP_COMPARE, object, bits / 8, desired, order, CALLER);           \
        uint64_t found;                                                                           \
        bool succeeded = compare(op, *expected, failure_order, is_weak, &found);                  \
        if (!succeeded) {                                                                         \
            *expected = (uint##bits##_t)found;                                                    \
        }                                                                                         \
        return succeeded;                                                                         \
    }

#define DEFINE_ATOMICS(bits)                                                                      \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *object, int order);  \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *object, int order)   \
    {                                                                                             \
        operation op = access_of(OP_LOAD, object, bits / 8, 0, order, CALLER);                    \
        return (uint##bits##_t)memory_load(&op);                                                  \
    }                                                                                             \
    void __tsan_atomic##bits##_store(                                                             \
        volatile uint##bits##_t *object, uint##bits##_t value, int order);                        \
    void __tsan_atomic##bits##_store(                                                             \
        volatile uint##bits##_t *object, uint##bits##_t value, int order)                         \
    {                                                                                             \
        operation op = access_of(OP_STORE, object, bits / 8, value, order, CALLER);               \
        memory_store(&op);                                                                        \
    }                                                                                             \
    DEFINE_UPDATE(bits, exchange, take_new)                                                       \
    DEFINE_UPDATE(bits, fetch_add, add)                                                           \
    DEFINE_UPDATE(bits, fetch_sub, subtract)                                                      \
    DEFINE_UPDATE(bits, fetch_and, and)                                                           \
    DEFINE_UPDATE(bits, fetch_or, or)                                                             \
    DEFINE_UPDATE(bits, fetch_xor, exclusive_or)                                                  \
    DEFINE_UPDATE(bits, fetch_nand, nand)                                                         \
    DEFINE_COMPARE(bits, compare_exchange_strong, false)                                          \
    DEFINE_COMPARE(bits, compare_exchange_weak, true)                                             \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                    \
        volatile uint##bits##_t *object, uint##bits##_t expected, uint##bits##_t desired,         \
        int order, int failure_order);                                                            \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                    \
        volatile uint##bits##_t *object, uint##bits##_t expected, uint##bits##_t desired,         \
        int order, int failure_order)                                                             \
    {                                                                                             \
        operation op = access_of(OP_COMPARE, object, bits / 8, desired, order, CALLER);           \
        uint64_t found;                                                                           \
        compare(op, expected, failure_order, false, &found);                                      \
        return (uint##bits##_t)found;                                                             \
    }

DEFINE_ATOMICS(8)
DEFINE_ATOMICS(16)
DEFINE_ATOMICS(32)
DEFINE_ATOMICS(64)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
    operation op = {.kind = OP_FENCE, .order = (uint8_t)order, .code = CALLER};
    fence_step(&op);
}

/* A signal fence orders nothing between threads. */
void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
