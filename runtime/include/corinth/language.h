/*
 * language.h - what C and C++ spell differently, and the warnings that headers for both silence.
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
 * A number as a value of an integer type, for constants that programs use by name. The compiler
 * applies the program's own warnings where a macro is used, and C++ has one for C's casts.
 */
#ifdef __cplusplus
#define CORINTH_CONSTANT(type, number) (type{number})
#else
#define CORINTH_CONSTANT(type, number) ((type)(number))
#endif

/*
 * The runtime's and the generated headers put their declarations between
 * CORINTH_BEGIN_DECLARATIONS and CORINTH_END_DECLARATIONS. In C++ the pair gives them C's linkage.
 * In both languages it silences the warnings below: a program may want them for its own code, but a
 * header for both C11 and C++17 can't avoid them. The headers cause no other warning of gcc or
 * clang. The runtime's sources use the pair too, because some programs compile everything as C++.
 *
 *     padded                          members lie where C's rules and cache lines want them
 *     declaration-after-statement     a variable is declared where it gets its value
 *     old-style-cast, useless-cast    C has no other casts; types differ from target to target
 *     zero-as-null-pointer-constant   C has no nullptr
 *     unsafe-buffer-usage             C has no std::span
 *     c++98-compat, pre-c11-compat    C begins with C11, C++ with C++17; clang 14 has both for C++
 *     pre-c23-compat                  bool is stdbool.h's in C11 and a keyword in C23
 *
 * The first pragma makes clang ignore the names in this list that its release doesn't know.
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
