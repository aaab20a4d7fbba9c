/*
 * language.h - what C and C++ say in different words, and which warnings headers for both are
 * spared.
 */
#ifndef CORINTH_LANGUAGE_H
#define CORINTH_LANGUAGE_H

#ifdef __cplusplus
#define CORINTH_ALIGNAS(bytes) alignas(bytes)
#define CORINTH_ALIGNOF(type) alignof(type)
#define CORINTH_STATIC_ASSERT(condition, message) static_assert(condition, message)
#else
#define CORINTH_ALIGNAS(bytes) _Alignas(bytes)
#define CORINTH_ALIGNOF(type) _Alignof(type)
#define CORINTH_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#endif

/*
 * A number as a value of an integer type, for constants that programs use by name: where a macro is
 * used, the program's own warnings apply, and C++ has one for casts.
 */
#ifdef __cplusplus
#define CORINTH_CONSTANT(type, number) (type{number})
#else
#define CORINTH_CONSTANT(type, number) ((type)(number))
#endif

/*
 * The runtime's and the generated headers stand between CORINTH_BEGIN_DECLARATIONS and
 * CORINTH_END_DECLARATIONS. In C++ that gives C's linkage. In both languages it silences the
 * warnings below, which a program may want for itself but a header for C11 and C++17 can't follow.
 * Whatever else the two compilers warn of has been mended. The runtime's sources do the same, as
 * some programs compile everything as C++.
 *
 *     padded                          members lie where C's rules and cache lines want them
 *     declaration-after-statement     a variable is declared where it gets its value
 *     old-style-cast, useless-cast    C has no other casts; types differ from target to target
 *     zero-as-null-pointer-constant   C has no nullptr
 *     unsafe-buffer-usage             C has no std::span
 *     c++98-compat, pre-c11-compat    C begins with C11, C++ with C++17; clang 14 tells both of C++
 *     pre-c23-compat                  bool is stdbool.h's in C11 and a keyword in C23
 *
 * clang is told first to pass over a name that this release of it doesn't know.
 */
#define CORINTH_INTERNAL_PRAGMA(text) _Pragma(#text)
#define CORINTH_INTERNAL_IGNORE(warning) CORINTH_INTERNAL_PRAGMA(GCC diagnostic ignored warning)

#ifdef __clang__
#define CORINTH_INTERNAL_IGNORE_STYLE                          \
    CORINTH_INTERNAL_IGNORE("-Wunknown-warning-option")        \
    CORINTH_INTERNAL_IGNORE("-Wpadded")                        \
    CORINTH_INTERNAL_IGNORE("-Wdeclaration-after-statement")   \
    CORINTH_INTERNAL_IGNORE("-Wold-style-cast")                \
    CORINTH_INTERNAL_IGNORE("-Wzero-as-null-pointer-constant") \
    CORINTH_INTERNAL_IGNORE("-Wunsafe-buffer-usage")           \
    CORINTH_INTERNAL_IGNORE("-Wc++98-compat")                  \
    CORINTH_INTERNAL_IGNORE("-Wc++98-compat-pedantic")         \
    CORINTH_INTERNAL_IGNORE("-Wpre-c11-compat")                \
    CORINTH_INTERNAL_IGNORE("-Wpre-c23-compat")
#elif defined(__cplusplus)
#define CORINTH_INTERNAL_IGNORE_STYLE           \
    CORINTH_INTERNAL_IGNORE("-Wpadded")         \
    CORINTH_INTERNAL_IGNORE("-Wold-style-cast") \
    CORINTH_INTERNAL_IGNORE("-Wuseless-cast")   \
    CORINTH_INTERNAL_IGNORE("-Wzero-as-null-pointer-constant")
#else
#define CORINTH_INTERNAL_IGNORE_STYLE   \
    CORINTH_INTERNAL_IGNORE("-Wpadded") \
    CORINTH_INTERNAL_IGNORE("-Wdeclaration-after-statement")
#endif

#ifdef __cplusplus
#define CORINTH_BEGIN_DECLARATIONS \
    CORINTH_INTERNAL_PRAGMA(GCC diagnostic push) CORINTH_INTERNAL_IGNORE_STYLE extern "C" {
#define CORINTH_END_DECLARATIONS } CORINTH_INTERNAL_PRAGMA(GCC diagnostic pop)
#else
#define CORINTH_BEGIN_DECLARATIONS \
    CORINTH_INTERNAL_PRAGMA(GCC diagnostic push) CORINTH_INTERNAL_IGNORE_STYLE
#define CORINTH_END_DECLARATIONS CORINTH_INTERNAL_PRAGMA(GCC diagnostic pop)
#endif

#endif
