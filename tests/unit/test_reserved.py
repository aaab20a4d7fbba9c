"""Goal: a name that is emitted by itself is no word of C or C++, no macro, and nothing global.
Method: each sort of name with words of each sort; what a hint suggests is taken as the name.
"""

from __future__ import annotations

import re

import pytest

from corinth.diagnostics import Diagnostics, Span
from corinth.reserved import check_bare_name

PLACE = Span("server.yaml", 1, 1)


@pytest.mark.parametrize(
    "word",
    [
        *("auto", "int", "register", "restrict", "bool", "alignas", "constexpr"),
        *("typeof_unqual", "thread_local", "static_assert", "nullptr", "true"),
        *("class", "new", "delete", "template", "co_await", "char8_t", "requires", "this"),
        *("and", "and_eq", "bitand", "bitor", "compl", "not", "not_eq", "or", "or_eq", "xor"),
        *("errno", "stdin", "unix", "linux", "xor_eq", "complex", "noreturn"),
        *("st_mtime", "s6_addr", "sa_handler", "si_pid", "h_errno", "sched_priority"),
    ],
)
@pytest.mark.parametrize("what", ["field", "component", "schema"])
def test_reserved_words(what: str, word: str) -> None:
    """Goal: no bare word is one of C or C++, nor a macro. Method: every kind with each sort."""
    diagnostics = Diagnostics()
    check_bare_name(what, word, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"`{word}` is a" in diagnostics.errors[0].hint


@pytest.mark.parametrize("name", ["I", "UINT8_MAX", "EOF", "PATH_MAX", "CORINTH_CACHE_LINE"])
def test_no_field_is_a_macro(name: str) -> None:
    """Goal: a macro of a header never replaces a member. Method: fields in upper case."""
    diagnostics = Diagnostics()
    check_bare_name("field", name, PLACE, diagnostics)
    (error,) = diagnostics.errors
    assert re.search(r"is a macro of <\w+(/\w+)?\.h>; try `MY_", error.hint, re.IGNORECASE)


@pytest.mark.parametrize(
    "name",
    [
        *("exit", "log", "index", "free", "select"),
        *("main", "std", "posix", "abi", "std2", "std20", "Main", "STD"),
    ],
)
def test_no_schema_is_called_like_something_global(name: str) -> None:
    """Goal: the namespace that C++ sees can be opened. Method: what <…> declares globally, and what
    a program of C++ has or the language keeps without any header of C.
    """
    diagnostics = Diagnostics()
    check_bare_name("schema", name, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert "C++" in diagnostics.errors[0].hint


@pytest.mark.parametrize("name", ["Class", "New", "Register", "AndEq", "StaticAssert", "Errno"])
def test_reserved_words_in_camel_case(name: str) -> None:
    """Goal: a word is refused as it would be emitted. Method: components in CamelCase."""
    diagnostics = Diagnostics()
    check_bare_name("component", name, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"try `My{name}`" in diagnostics.errors[0].hint


@pytest.mark.parametrize(
    ("what", "name"),
    [
        *(("component", n) for n in ("Class", "Errno", "static", "SA_HANDLER")),
        *(("schema", n) for n in ("errno", "string", "time", "std", "int", "main", "std20")),
        *(("field", n) for n in ("new", "EOF", "st_mtime", "I", "i386", "linux")),
    ],
)
def test_suggestions_are_accepted(what: str, name: str) -> None:
    """Goal: following a hint mends the error. Method: take what it suggests as the name."""
    diagnostics = Diagnostics()
    check_bare_name(what, name, PLACE, diagnostics)
    suggested = re.search(r"try `(\w+)`", diagnostics.errors[0].hint)
    assert suggested is not None, name
    second = Diagnostics()
    check_bare_name(what, suggested[1], PLACE, second)
    assert not second, f"{name}: {suggested[1]}"
