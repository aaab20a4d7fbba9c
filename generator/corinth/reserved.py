"""Words that a schema may not use as a name, and why.

Kept apart from `names` because it is data: three word lists and the question that they answer.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


C_WORDS = _words(
    """
    auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while alignas alignof bool complex constexpr false imaginary
    noreturn nullptr static_assert thread_local true typeof typeof_unqual
    """
)
"""Keywords of C11 to C23, with those that a standard header spells without the underscore."""

CPP_WORDS = _words(
    """
    and and_eq asm bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield
    compl concept consteval constinit const_cast decltype delete dynamic_cast explicit export
    friend mutable namespace new noexcept not not_eq operator or or_eq private protected public
    reinterpret_cast requires static_cast template this throw try typeid typename using virtual
    wchar_t xor xor_eq
    """
)
"""Keywords of C++11 to C++23, with the alternative tokens."""

LIBRARY_WORDS = _words(
    """
    NULL EOF errno stdin stdout stderr assert offsetof setjmp linux unix i386 mips sparc
    signbit isnan isinf isfinite isnormal fpclassify va_start va_arg va_end va_copy
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t ptrdiff_t intptr_t
    uintptr_t
    """
)
"""Names that the standard headers or a compiler's GNU mode define as macros or types."""

GENERATED_WORDS = _words(
    """
    transfer coordinator world lane mask port stats route claim batch entity status component
    generation source target flags internal doorbell drain undelivered wire layout arena ticket
    monitor cluster corinth
    """
)
"""What the generator calls its own things, now or in a version to come."""

HEADER_WORDS = _words(
    """
    assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal
    stdalign stdarg stdatomic stdbit stdbool stdckdint stddef stdint stdio stdlib stdnoreturn
    string strings tgmath threads time uchar wchar wctype unistd poll sched semaphore pthread
    dirent fcntl termios syslog
    """
)
"""Headers of C and POSIX: a schema of that name would hide them with its own NAME.h."""


def why_reserved(word: str) -> str | None:
    """The reason why `word` can't be a name of its own in C and C++, or None where it can."""
    if word in C_WORDS:
        return "is a keyword of C"
    if word in CPP_WORDS:
        return "is a keyword of C++"
    if word in LIBRARY_WORDS:
        return "is a name of the C library or compiler"
    return None
