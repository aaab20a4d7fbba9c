"""Syntax separators: commas, colons, blanks and brackets that are missing, or one too many.

Like the other repairs, each is reported as what it is and mended, and the text is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corinth.syntax_repairs import MAX_IN_LINE, Repair, Source, code_of, is_quoted

KEY = r"[A-Za-z_]\w*"
QUOTED = r"\"[^\"]*\"|'[^']*'"

DASH = re.compile(r"^ *(?:- +)*(-)(?=[A-Za-z_{\[\"'])")
EQUALS = re.compile(rf"^ *(?:- +)*({KEY})( *= *)(?=[^\s=>\0])")
NO_COLON = re.compile(rf"^ *(?:- +)*({KEY})( +)(?=[{{\[])|[{{,]\s*({KEY})( +)(?=[{{\[])")
GROUPED = re.compile(r"(?<=: )([0-9]{1,3}(?:,[0-9]{3}){1,6})(?= *[,}])")
"""A number with a comma between its thousands, which in a flow mapping ends it."""

GROUP = re.compile("[0-9]{3}")
NO_COMMA = re.compile(rf"(\S?)([ ;]{{1,99}})({QUOTED}|{KEY}) *$")

DASH_TEXT = re.compile(r"-[A-Za-z_{\[\"'].*", re.DOTALL)
EQUALS_TEXT = re.compile(rf"{KEY} *= *[^\s=>].*", re.DOTALL)
KEY_AND_VALUE = re.compile(rf"({KEY})( *= *| +)([^\s=>{{\[]+)")
KEY_AND_BRACKET = re.compile(rf"{KEY} +[{{\[].*")


@dataclass(frozen=True)
class Stop:
    """Where and why the parser stopped; counted from 0."""

    line: int
    column: int
    begin: int
    """The line where what it was reading began."""
    context: str
    problem: str


def at_stop(source: Source, stop: Stop) -> list[Repair]:
    """What is wrong with how the line where the parser stopped is separated, or those above."""
    if stop.line >= len(source.lines):
        return []
    for number in (stop.line, stop.line - 1):
        found = in_block(source, number) if number >= 0 else []
        if found:
            return found
    found = list(missing_colons(source.lines[stop.line], stop.line))
    if found:
        return found[::-1]
    if "flow" in stop.context:
        return list(_missing_comma(source, stop))
    return list(_surplus_bracket(source, stop))


def in_block(source: Source, number: int) -> list[Repair]:
    """Lines with `-item` or `key = value`, up to the last of those that stand together."""
    for find in (_dash, _equals):
        found: list[Repair] = []
        for line in range(number, max(number - MAX_IN_LINE, -1), -1):
            repairs = list(find(source.lines[line], line))
            if not repairs:
                break
            found += repairs
        if found:
            return found
    return []


def missing_colons(line: str, number: int) -> Iterator[Repair]:
    """Keys before a bracket without a colon between them."""
    for match in NO_COLON.finditer(code_of(line)):
        group = 1 if match.group(1) else 3
        if not is_quoted(line, match.start(group)):
            yield _colon(number, match.group(group), *match.span(group + 1), match.start(group))


def colon_in(key: str, line: str, number: int, column: int) -> Iterator[Repair]:
    """The colon that is missing in a key of a flow mapping that holds its value too."""
    match = KEY_AND_VALUE.fullmatch(key)
    if match is not None and line[column : column + len(key)] == key:
        start, end = match.span(2)
        yield _colon(number, match.group(1), column + start, column + end, column)


def grouped_numbers(line: str, number: int) -> Iterator[Repair]:
    """Numbers such as `4,096` in a flow mapping."""
    for match in GROUPED.finditer(code_of(line)):
        if not is_quoted(line, match.start()):
            new = match.group().replace(",", "")
            message = "a comma ends a number inside of {}"
            start, end = match.span()
            yield Repair(
                "grouped-number", message, f"write {new}", number, start, end, new, None, new
            )


def _dash(line: str, number: int) -> Iterator[Repair]:
    match = DASH.match(code_of(line))
    if match is not None:
        start, end = match.span(1)
        message = "a blank is missing after the dash"
        yield Repair("missing-blank", message, "write `- `", number, start, end, "- ", None, "- ")


def _equals(line: str, number: int) -> Iterator[Repair]:
    match = EQUALS.match(code_of(line))
    if match is not None:
        yield _colon(number, match.group(1), *match.span(2), match.start(1))


def _colon(number: int, key: str, start: int, end: int, first: int) -> Repair:
    message = f"a `:` is missing after `{key}`"
    hint, new = f"write `{key}: `", ": "
    return Repair("missing-colon", message, hint, number, start, end, new, (first, end), f"{key}: ")


def _missing_comma(source: Source, stop: Stop) -> Iterator[Repair]:
    """The comma before a key or an item of a flow collection."""
    line = code_of(source.lines[stop.line])
    at = stop.column
    if stop.problem.endswith("':'"):
        match = NO_COMMA.search(line, 0, at)
        if match is None:
            return
        at = match.start(3)
    elif not re.match(r"[\w\"'{\[]", line[at:]):
        return
    before = line[:at].rstrip(" ;")
    if before:
        is_after_text = line[at] in "{[" and before[-1] not in "}]\"'"
        if before[-1] not in ",{[:\0" and not is_after_text:
            yield _comma(stop.line, line, len(before), at)
        return
    begin = source.lines[stop.begin]
    if indent_of(line) > indent_of(begin):
        for above in range(stop.line - 1, stop.begin - 1, -1):
            code = code_of(source.lines[above]).rstrip(" ;\0")
            if code:
                if code[-1] not in ",{[:":
                    yield _comma(above, code, len(code), len(code))
                return


def _comma(number: int, line: str, start: int, end: int) -> Repair:
    """A comma in the place of what stands there, or behind the character before."""
    message = "a comma is missing here"
    if end > start:
        return Repair("missing-comma", message, "write `,`", number, start, end, ", ", None, ", ")
    shown = (max(start - 1, 0), max(start, 1))
    replacement = f"{line[shown[0] : start]},"
    return Repair(
        "missing-comma", message, "write `,`", number, start, end, ",", shown, replacement
    )


def _surplus_bracket(source: Source, stop: Stop) -> Iterator[Repair]:
    bracket = source.lines[stop.line][stop.column : stop.column + 1]
    is_end = stop.problem.startswith(("expected <block end>", "expected '<document start>'"))
    if is_end and bracket in ("}", "]"):
        message = f"this `{bracket}` closes nothing"
        start, end = stop.column, stop.column + 1
        yield Repair("surplus-bracket", message, "remove it", stop.line, start, end, "")


def indent_of(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())
