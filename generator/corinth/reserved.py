"""Reserved: words that a schema may not use as a name, why, and what to use instead."""

from __future__ import annotations

import re

from corinth.diagnostics import Diagnostics, Span
from corinth.names import snake_case


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
    uintptr_t intmax_t uintmax_t ssize_t time_t clock_t off_t pid_t uid_t gid_t mode_t va_list
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


PRIVATE_PREFIXES = ("corinth", "internal")
"""First words of names that belong to the runtime and to templates."""


def why_reserved(word: str) -> str | None:
    """The reason why `word` can't be a name of its own in C and C++, or None where it can."""
    if word in C_WORDS:
        return "is a keyword of C"
    if word in CPP_WORDS:
        return "is a keyword of C++"
    if word in LIBRARY_WORDS:
        return "is a name of the C library or compiler"
    return None


def check_name(what: str, name: str, span: Span, diagnostics: Diagnostics) -> None:
    """Refuse a name that is a reserved word. `what` is schema, field, component, and so on.

    Not for the values of enums: they are emitted with their enum's name before them.
    """
    word = name if what == "field" else snake_case(name)
    reason = why_reserved(word)
    if reason is not None:
        rule, reason = "reserved-word", f"`{word}` {reason}"
    elif what == "schema" and word in HEADER_WORDS:
        rule, reason = "reserved-word", f"{word}.h would hide the system's header"
    elif what != "field" and word.split("_")[0] in PRIVATE_PREFIXES:
        rule, reason = "reserved-name", "names that begin so are the generator's own"
    elif what not in ("field", "schema") and word in GENERATED_WORDS:
        rule, reason = "reserved-name", f"the generator uses `{word}` itself"
    else:
        return
    article = "an" if what == "enum" else "a"
    message = f"{article} {what} can't be called `{name}`"
    diagnostics.error(rule, message, span, f"{reason}; try `{_alternative(name)}`")


def _alternative(name: str) -> str:
    """A name to suggest in place of a reserved one, in the same style."""
    bare = re.sub("^(corinth|internal)_?", "", name, flags=re.IGNORECASE)
    word = snake_case(bare)
    if bare and bare != name and why_reserved(word) is None and word not in GENERATED_WORDS:
        return bare
    return f"My{name}" if name[0].isupper() else f"my_{name}"
