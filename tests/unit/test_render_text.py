"""Goal: a schema's words can't break the C they stand in.

Method: the worst words by hand, and random ones whose comment must end where it should.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corinth.line_breaks import WIDTH
from corinth.view.text import braces, comment, pad, prose, quote


def test_a_short_comment_stands_on_one_line() -> None:
    assert comment("One accepted socket.") == "/* One accepted socket. */"


def test_an_empty_comment_is_none() -> None:
    assert comment("") == ""
    assert comment(" \n\t\n") == ""


def test_paragraphs_stay_apart() -> None:
    assert comment("One\ntwo\n\nthree") == "/*\n * One two\n *\n * three\n */"


def test_the_following_lines_are_indented() -> None:
    assert comment("a\n\nb", indent="    ").splitlines()[1:] == [
        "     * a",
        "     *",
        "     * b",
        "     */",
    ]


@pytest.mark.parametrize("text", ["*/", "**/", "/*/", "*//*", "a */ int x; /* b", "/*"])
def test_a_comment_neither_ends_nor_begins_early(text: str) -> None:
    inner = comment(text)[2:-2]
    assert "*/" not in inner
    assert "/*" not in inner


@given(st.text(st.sampled_from("*/ \\?=\n\u202e\x00\x1b\u2028ab"), max_size=300))
def test_any_comment_ends_once(text: str) -> None:
    """Also: nothing that acts on a terminal or turns the reading direction is left."""
    result = comment(text, indent="    ")
    if result:
        assert result.startswith("/*")
        assert result.endswith("*/")
        assert re.findall(r"\*/|/\*", result) == ["/*", "*/"]
    assert "??" not in result
    assert not set("\u202e\x00\x1b\u2028") & set(result)
    assert all(len(line) <= WIDTH for line in result.splitlines())


@given(st.text(st.sampled_from("abcdefgh \n"), max_size=2000))
def test_prose_keeps_every_word_in_order(text: str) -> None:
    lines = prose(text)
    assert all(line.startswith(" *") for line in lines)
    assert " ".join(line.removeprefix(" *") for line in lines).split() == text.split()


def test_an_initialiser_is_flat_or_filled() -> None:
    assert braces(["1", "2"]) == "{1, 2}"
    long = braces(["word" * 5] * 9)
    assert all(len(line) <= WIDTH for line in long.splitlines())
    assert long.count("word" * 5) == 9
    assert long.endswith(",\n    }")


def test_columns_have_one_width() -> None:
    assert pad(["a", "bcd", ""]) == ["a  ", "bcd", "   "]


def test_quotes_and_backslashes_are_escaped() -> None:
    assert quote('a"b\\') == '"a\\"b\\\\"'
