"""Goal: a message looks the same everywhere and points at the right column, whatever the line has.
Method: small collectors with known sources, rendered and compared as a whole.
"""

from __future__ import annotations

import json
import os

from corinth.diagnostics import Diagnostics, Note, Span
from corinth.report import COLOUR, MAX_SHOWN, as_json, printable, text

LINE = "    transfer_queue: {capacity: 3000, batch_size: 64}"


def collector(source: str, file: str = "server.yaml") -> Diagnostics:
    diagnostics = Diagnostics()
    diagnostics.add_source(file, source)
    return diagnostics


def test_message_is_the_specified_one() -> None:
    """The example of the schema language's specification, to the last column."""
    diagnostics = collector("\n" * 13 + LINE)
    message = "capacity must be a power of two"
    span = Span("server.yaml", 14, 32, 4)
    diagnostics.error("lane-capacity", message, span, "did you mean 4096?")
    assert text(diagnostics) == (
        "server.yaml:14:32: error: capacity must be a power of two [lane-capacity]\n"
        "   14 |     transfer_queue: {capacity: 3000, batch_size: 64}\n"
        "      |                                ^^^^ did you mean 4096?\n"
    )


def test_notes_show_their_own_lines() -> None:
    """A second place, in another file."""
    diagnostics = collector("a: 1\nb: 2")
    diagnostics.add_source("other.yaml", "a: 3")
    notes = (Note("first here", Span("other.yaml", 1, 1, 1)),)
    diagnostics.error("duplicate-key", "twice", Span("server.yaml", 2, 1), notes=notes)
    assert text(diagnostics) == (
        "server.yaml:2:1: error: twice [duplicate-key]\n"
        "    2 | b: 2\n"
        "      | ^\n"
        "other.yaml:1:1: note: first here\n"
        "    1 | a: 3\n"
        "      | ^\n"
    )


def test_errors_are_in_file_order_and_once() -> None:
    """Files in the order of reading, then lines, then columns; equal ones are one."""
    diagnostics = collector("x\ny", "b.yaml")
    diagnostics.add_source("a.yaml", "x\ny")
    places = [("a.yaml", 1, 1), ("b.yaml", 2, 1), ("b.yaml", 1, 2), ("b.yaml", 1, 1)]
    for file, line, column in [*places, places[0]]:
        diagnostics.error("rule", "message", Span(file, line, column))
    found = [(e.span.file, e.span.line, e.span.column) for e in diagnostics.in_file_order()]
    assert found == [("b.yaml", 1, 1), ("b.yaml", 1, 2), ("b.yaml", 2, 1), ("a.yaml", 1, 1)]


def test_later_stages_are_not_echoed() -> None:
    """What an earlier stage refused at a place is all that is said of it."""
    diagnostics = collector("x")
    diagnostics.error("wrong-type", "first", Span("server.yaml", 1, 1, 1))
    first = len(diagnostics.errors)
    diagnostics.error("unknown-world", "an echo", Span("server.yaml", 1, 1, 1))
    diagnostics.error("unknown-world", "another place", Span("server.yaml", 1, 2, 1))
    diagnostics.drop_echoes(first)
    assert [error.message for error in diagnostics.errors] == ["first", "another place"]


def test_collectors_join() -> None:
    """Several schemas give one report, in the order of the command line."""
    first, second = collector("x", "1.yaml"), collector("y", "2.yaml")
    second.error("rule", "of the second", Span("2.yaml", 1, 1))
    first.absorb(second)
    assert text(first) == "2.yaml:1:1: error: of the second [rule]\n    1 | y\n      | ^\n"
    assert not Diagnostics()
    assert first


def test_caret_stands_below_wide_characters_tabs_and_accents() -> None:
    """Columns of a terminal, not characters: two for CJK, none for a combining accent."""
    cases = {
        "接受: x": (5, " " * 6),
        "e\N{COMBINING ACUTE ACCENT}: x": (5, " " * 3),
        "\ta: x": (5, " " * 4),
        "a\0b: x": (6, " " * 5),
    }
    for line, (column, indent) in cases.items():
        diagnostics = collector(line)
        diagnostics.error("rule", "here", Span("server.yaml", 1, column, 1))
        excerpt, caret = text(diagnostics).splitlines()[1:]
        assert caret == f"      | {indent}^"
        assert excerpt.endswith("x")
        assert excerpt.isprintable()


def test_caret_never_leaves_the_line() -> None:
    """A place beyond the end, which is where something is missing, still shows."""
    diagnostics = collector("name: x")
    diagnostics.error("rule", "here", Span("server.yaml", 1, 6, 99))
    diagnostics.error("rule", "there", Span("server.yaml", 1, 50, 3))
    diagnostics.error("rule", "nowhere", Span("server.yaml", 7, 1, 1), "a hint")
    assert text(diagnostics).splitlines() == [
        "server.yaml:1:6: error: here [rule]",
        "    1 | name: x",
        "      |      ^^",
        "server.yaml:1:50: error: there [rule]",
        "    1 | name: x",
        "      |        ^",
        "server.yaml:7:1: error: nowhere [rule]",
        "      | a hint",
    ]


def test_long_lines_are_cut_around_the_caret() -> None:
    """What is shown has the marked text in it, however far right it is."""
    line = "".join(f"key{i}: value{i}, " for i in range(2000))
    column = line.index("value1500") + 1
    diagnostics = collector(line)
    diagnostics.error("rule", "here", Span("server.yaml", 1, column, 9))
    excerpt, caret = text(diagnostics).splitlines()[1:]
    assert len(excerpt) <= 110
    assert (excerpt[8], excerpt[-1]) == ("…", "…")
    start = caret.index("^")
    assert excerpt[start : start + 9] == "value1500"
    assert caret.endswith("^" * 9)


def test_colour_changes_nothing_but_colour() -> None:
    """Without the escape sequences the text is the plain one."""
    diagnostics = collector("a: 1")
    notes = (Note("and here", Span("server.yaml", 1, 4)),)
    diagnostics.error("rule", "here", Span("server.yaml", 1, 1), "a hint", notes)
    coloured = text(diagnostics, colour=True)
    for sequence in (COLOUR.place, COLOUR.error, COLOUR.note, COLOUR.caret, COLOUR.reset):
        assert sequence in coloured
        coloured = coloured.replace(sequence, "")
    assert coloured == text(diagnostics)


def test_terminal_is_not_commanded() -> None:
    """Names from a schema, file names and hints may hold escape sequences."""
    diagnostics = Diagnostics()
    span = Span("\033]0;x\a.yaml", 1, 1)
    diagnostics.error("rule", "name \033[31m \ud800", span, "\u202e", (Note("\r", span),))
    printed = text(diagnostics)
    assert printed.replace("\n", "").isprintable()
    assert "\\x1b[31m \\ud800" in printed
    assert printable("naïve 接受") == "naïve 接受"
    assert printable(os.fsdecode(b"a\x80\xfe\n")) == "a\\x80\\xfe\\n"


def test_flood_of_errors_is_counted() -> None:
    """A report has an upper bound and says what it leaves out."""
    diagnostics = collector("\n" * 5000)
    for line in range(1, 2001):
        diagnostics.error("rule", "message", Span("server.yaml", line, 1))
    printed = text(diagnostics)
    assert printed.count(": error: ") == MAX_SHOWN
    assert printed.endswith("… and 1000 more errors\n")


def test_json_has_all_parts() -> None:
    """Tools get places as numbers, and text that survives any encoding."""
    diagnostics = collector("a: 1")
    notes = (Note("first here", Span("other.yaml", 3, 4, 5)),)
    diagnostics.error("rule", "naïve", Span("server.yaml", 1, 4, 1), "a hint", notes)
    printed = as_json(diagnostics)
    assert printed.isascii()
    assert json.loads(printed) == {
        "format": 1,
        "errors": [
            {
                "file": "server.yaml", "line": 1, "column": 4, "length": 1,
                "severity": "error", "rule": "rule", "message": "naïve", "hint": "a hint",
                "replacement": None,
                "notes": [
                    {
                        "file": "other.yaml", "line": 3, "column": 4, "length": 5,
                        "message": "first here",
                    }
                ],
            }
        ],
        "warnings": [],
    }  # fmt: skip


def test_warnings_are_no_errors() -> None:
    """They keep nothing from success, stand among errors in the text and beside them in JSON."""
    diagnostics = collector("a: 1\nb: 2")
    diagnostics.warning("doubt", "unusual", Span("server.yaml", 1, 4, 1), "a hint")
    assert not diagnostics
    merged = collector("a: 1\nb: 2")
    merged.error("rule", "wrong", Span("server.yaml", 2, 4, 1), "a hint")
    merged.absorb(diagnostics)
    assert [line for line in text(merged).splitlines() if line.startswith("server")] == [
        "server.yaml:1:4: warning: unusual [doubt]",
        "server.yaml:2:4: error: wrong [rule]",
    ]
    report = json.loads(as_json(merged))
    assert [each["severity"] for each in report["warnings"]] == ["warning"]
    assert [each["rule"] for each in report["errors"]] == ["rule"]
