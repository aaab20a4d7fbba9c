"""Reserved: words that can't be emitted by themselves, why, and what to use instead."""

from __future__ import annotations

import re

from corinth.diagnostics import Diagnostics, Span
from corinth.names import snake_case
from corinth.system import system_names


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


C_WORDS = _words(
    """
    auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while alignas alignof bool constexpr false nullptr static_assert
    thread_local true typeof typeof_unqual
    """
)
"""Keywords of C11 to C23, with those that <stdbool.h> and its like define before C23."""

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

GLOBAL_NAMES = {
    "main": "is the function that a program begins with",
    "std": "is the namespace of C++'s library",
    "posix": "is a namespace that the C++ standard reserves",
    "abi": "is a namespace of <cxxabi.h>",
}
"""What every program of C++ has or may have at its outermost level, and no C header declares."""

STANDARD_NAMESPACE = re.compile(r"std\d+")
"""The C++ standard keeps them for its next libraries."""


def why_reserved(word: str) -> str | None:
    """The reason why no member or namespace can be called `word`, or None where it can."""
    if word in C_WORDS:
        return "is a keyword of C"
    if word in CPP_WORDS:
        return "is a keyword of C++"
    macro = system_names().macro(word)
    return None if macro is None else f"is {macro}"


BARE_KINDS = ("schema", "component", "field")
"""What has a name that is emitted by itself."""


def check_bare_name(what: str, name: str, span: Span, diagnostics: Diagnostics) -> None:
    """Refuse a name that can't be emitted by itself: that of a schema, a component or a field.

    A component's is a member of the transfer, a schema's a namespace of C++. The names of worlds,
    enums, structs and values are only emitted as a part of others.
    """
    word = name if what == "field" else snake_case(name)
    reason = why_reserved(word)
    if reason is None and what == "schema":
        reason = _why_no_schema(word)
    if reason is not None:
        message = f"a {what} can't be called `{name}`"
        hint = f"`{word}` {reason}; try `{_alternative(what, name)}`"
        diagnostics.error("reserved-word", message, span, hint)


def _why_no_schema(word: str) -> str | None:
    """A schema has a header and a namespace of its name."""
    if f"{word}.h" in system_names().files:
        return f"would make a {word}.h, which hides the system's header"
    origin = GLOBAL_NAMES.get(word)
    if STANDARD_NAMESPACE.fullmatch(word):
        origin = GLOBAL_NAMES["posix"]
    declared = system_names().declared(word)
    if declared is not None:
        origin = f"is {declared}"
    return None if origin is None else f"{origin}, and in C++ the schema's would be a namespace"


def _alternative(what: str, name: str) -> str:
    """A name to suggest in place of a reserved one, in the same style."""
    if what == "component" and name[0].isupper():
        return f"My{name}"
    return f"MY_{name}" if name.isupper() and len(name) > 1 else f"my_{name}"
