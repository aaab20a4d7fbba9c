"""Report: diagnostics as text for people and as JSON for tools. Only this module knows the looks.

server.yaml:14:32: error: capacity must be a power of two [lane-capacity]
   14 |     transfer_queue: {capacity: 3000, batch_size: 64}
      |                                ^^^^ did you mean 4096?
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass

from corinth.diagnostics import Diagnostic, Diagnostics, Span

MAX_SHOWN = 1000
"""Errors that one report shows; the rest is counted. Few people read more, and output stays
bounded.
"""

GUTTER_WIDTH = 5
MAX_EXCERPT_WIDTH = 100
"""Columns of a source line that an excerpt shows at most."""

CONTEXT_WIDTH = 60
"""Columns that stay before the caret when a long line is cut."""

CUT_MARK = "…"
ELLIPSIS_WIDTH = len(CUT_MARK)


@dataclass(frozen=True)
class Palette:
    """Escape sequences around the parts of a message; all empty without colour."""

    place: str = ""
    error: str = ""
    warning: str = ""
    note: str = ""
    caret: str = ""
    reset: str = ""


PLAIN = Palette()
COLOUR = Palette(
    place="\033[1m",
    error="\033[1;31m",
    warning="\033[1;35m",
    note="\033[1;36m",
    caret="\033[1;32m",
    reset="\033[0m",
)


def text(diagnostics: Diagnostics, colour: bool = False) -> str:
    """All errors and warnings as text, each followed by the lines that it points at."""
    palette = COLOUR if colour else PLAIN
    errors = diagnostics.in_file_order()
    lines: list[str] = []
    for error in errors[:MAX_SHOWN]:
        lines += _error_lines(error, diagnostics.sources, palette)
    if len(errors) > MAX_SHOWN:
        lines.append(f"… and {len(errors) - MAX_SHOWN} more errors")
    return "".join(f"{line}\n" for line in lines)


def as_json(diagnostics: Diagnostics) -> str:
    """All errors and warnings as one JSON object; places count from 1, in characters."""
    found = diagnostics.in_file_order()
    report = {
        "format": 1,
        "errors": [_json_diagnostic(each) for each in found if not each.is_warning],
        "warnings": [_json_diagnostic(each) for each in found if each.is_warning],
    }
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def _json_diagnostic(each: Diagnostic) -> dict[str, object]:
    return {
        **_json_place(each.span),
        "severity": _severity(each),
        "rule": each.rule,
        "message": each.message,
        "hint": each.hint,
        "replacement": each.replacement or None,
        "notes": [{**_json_place(note.span), "message": note.message} for note in each.notes],
    }


def _severity(each: Diagnostic) -> str:
    return "warning" if each.is_warning else "error"


def printable(value: str) -> str:
    """The text with everything escaped that a terminal might obey or can't show."""
    if value.isprintable():
        return value
    return "".join(char if char.isprintable() else _escaped(char) for char in value)


def _escaped(char: str) -> str:
    """A character as an escape; a byte of a path that isn't UTF-8 as the byte that it is."""
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")


def _json_place(span: Span) -> dict[str, str | int]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "length": span.length,
    }


def _error_lines(
    error: Diagnostic, sources: dict[str, tuple[str, ...]], palette: Palette
) -> list[str]:
    severity = palette.warning if error.is_warning else palette.error
    lines = [
        f"{palette.place}{_place(error.span)}:{palette.reset} "
        f"{severity}{_severity(error)}:{palette.reset} {printable(error.message)} [{error.rule}]"
    ]
    lines += _excerpt(error.span, printable(error.hint), sources, palette)
    for note in error.notes:
        lines.append(
            f"{palette.place}{_place(note.span)}:{palette.reset} "
            f"{palette.note}note:{palette.reset} {printable(note.message)}"
        )
        lines += _excerpt(note.span, "", sources, palette)
    return lines


def _place(span: Span) -> str:
    return f"{printable(span.file)}:{span.line}:{span.column}"


def _excerpt(
    span: Span, hint: str, sources: dict[str, tuple[str, ...]], palette: Palette
) -> list[str]:
    """The line that a span is on, and a caret below; only the hint where there is no such line."""
    lines = sources.get(span.file, ())
    gutter = " " * GUTTER_WIDTH
    if not 1 <= span.line <= len(lines):
        return [f"{gutter} | {hint}"] if hint else []
    shown, indent, width = _cut(lines[span.line - 1], span.column - 1, span.length)
    caret = f"{palette.caret}{'^' * width}{palette.reset}"
    return [
        f"{span.line:>{GUTTER_WIDTH}} | {shown}".rstrip(),
        f"{gutter} | {' ' * indent}{caret}{f' {hint}' if hint else ''}",
    ]


def _cut(line: str, start: int, length: int) -> tuple[str, int, int]:
    """What to show of a line, and where in it the caret stands and how wide it is, in columns."""
    start = min(start, len(line))
    end = min(start + max(length, 1), len(line))
    before, marked, after = line[:start], line[start:end], line[end:]
    before = _fit_end(before, CONTEXT_WIDTH)
    marked = _fit_start(marked, MAX_EXCERPT_WIDTH - _width(before))
    if not marked.endswith(CUT_MARK):
        after = _fit_start(after, MAX_EXCERPT_WIDTH - _width(before) - _width(marked))
    else:
        after = ""
    shown = _visible(before) + _visible(marked) + _visible(after)
    return shown, _width(before), max(_width(marked), 1)


def _fit_start(value: str, width: int) -> str:
    """The beginning of a text that fits a width, with a mark where something was cut."""
    if len(value) <= width and _width(value) <= width:
        return value
    kept, used = 0, ELLIPSIS_WIDTH
    while kept < len(value) and used + _width(value[kept]) <= width:
        used += _width(value[kept])
        kept += 1
    return value[:kept] + CUT_MARK


def _fit_end(value: str, width: int) -> str:
    """The end of a text that fits a width, with a mark where something was cut."""
    if len(value) <= width and _width(value) <= width:
        return value
    kept, used = len(value), ELLIPSIS_WIDTH
    while kept and used + _width(value[kept - 1]) <= width:
        kept -= 1
        used += _width(value[kept])
    return CUT_MARK + value[kept:]


def _visible(value: str) -> str:
    """The text as an excerpt shows it: one column for a tab and for what can't be shown."""
    if value.isprintable():
        return value
    return "".join(_visible_char(char) for char in value)


def _visible_char(char: str) -> str:
    if char.isprintable() or unicodedata.category(char) in ("Mn", "Zs"):
        return char
    return " " if char == "\t" else "\N{REPLACEMENT CHARACTER}"


def _width(value: str) -> int:
    """Columns of a text on a terminal: wide East Asian characters take two, accents none."""
    if value.isascii():
        return len(value)
    return sum(_char_width(char) for char in value)


def _char_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
