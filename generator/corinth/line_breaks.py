"""Line breaks: where a statement is broken that is longer than a line.

In this order: after each item of several on a line; a condition after its outermost `||` or `&&`,
the operands below each other; all else within the parentheses that close last: the arguments of a
call on as few lines as hold them, parameters on one line or on a line each. What is still too long
is broken before its name or after what is assigned to; an argument at an operator; and the rest at
any blank. A line is longer than `WIDTH` only where nothing in it can be broken: a name or a string,
with what stands beside it without a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

WIDTH = 100
"""No generated line is longer, unless a single name is."""

INDENT = "    "

_QUOTED = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_OPAQUE = re.compile(rf"{_QUOTED}|\s*/\*.*?\*/\s*$|/\*.*?\*/")
"""Strings and comments; one at the end with the blanks before it, so that it stays there."""

_LABEL = re.compile(r"\s*(?:case [^?:]*|\w+):(?!:)")
_CONDITION = re.compile(r"\s*(?:(?P<head>(?:\} else )?if \(|while \()|return )")
_OPERATORS = (r" \? | : ", r" \|\| ", " && ", " == | != | <= | >= | < | > ", r" \| ", r" \+ | - ")
"""Where an argument is broken: after the loosest of these that it has outside of parentheses."""

_SPACES = re.compile(r"(?<=\() +| +(?=[);,])| (?= )")
"""Blanks that a break would take away: when it is undone, the line must be as it was."""

_MARK = re.compile(r"[();{},]")

_PLACE = re.compile(r"(?<=\S) (?=\S)|\((?=[^)\s])")


class _Parts(NamedTuple):
    """What the parentheses of a statement say of where it can be broken."""

    item_end: int
    """Where the first of several items or statements ends, 0 if there is but one."""
    opening: int
    """The last parenthesis that none is around, -1 if there is none."""
    commas: list[int]
    """Between its arguments."""


def broken(text: str) -> list[str]:
    """The lines that a statement, given as one, is laid out in."""
    if len(text) <= WIDTH:
        return [text]
    text = _close_set(text)
    if len(text) <= WIDTH:
        return [text]
    code = _code(text)
    parts = _parts(code)
    if parts.item_end:
        rest = _indented(text, 0, text[parts.item_end :])
        return [*broken(text[: parts.item_end]), *broken(rest)]
    lines = _condition(text, code) or _in_parentheses(text, code, parts)
    if max(map(len, lines)) <= WIDTH:
        return lines
    return [short for line in lines for short in _filled(line)]


def broken_definition(line: str) -> list[str] | None:
    """A `#define` that is too long for its line: its value goes to the next. Others stay."""
    match = re.match(r"#define \w+ (?=\S)", line)
    return [f"{match.group()}\\", f"{INDENT}{line[match.end() :]}"] if match else None


def is_label(text: str) -> bool:
    """Whether it ends in the colon of a label."""
    match = _LABEL.match(text)
    return match is not None and match.end() == len(text)


def margin_of(line: str) -> int:
    """How far the line is indented."""
    return len(line) - len(line.lstrip())


def _code(text: str) -> str:
    """As long as the text, with letters in place of what is in strings and comments."""
    if not ("/" in text or '"' in text or "'" in text):
        return text
    return _OPAQUE.sub(lambda match: "x" * len(match.group()), text)


def _close_set(text: str) -> str:
    """Without blanks inside of parentheses or two in a row."""
    body = text.lstrip()
    if not any(blanks in body for blanks in ("  ", "( ", " )", " ;", " ,")):
        return text
    for match in reversed(list(_SPACES.finditer(_code(text), margin_of(text)))):
        text = f"{text[: match.start()]}{text[match.end() :]}"
    return text


def _indented(text: str, steps: int, rest: str) -> str:
    """The rest of the text, indented by so many steps more than the text is."""
    return f"{' ' * margin_of(text)}{INDENT * steps}{rest.lstrip()}"


def _parts(code: str) -> _Parts:
    label = _LABEL.match(code) if ":" in code else None
    if label and code[label.end() :].startswith(" "):
        return _Parts(label.end(), -1, [])
    depth = 0
    opening = -1
    commas: list[int] = []
    for match in _MARK.finditer(code):
        place = match.start()
        mark = code[place]
        if mark == "(":
            if depth <= 0:
                opening, commas = place, []
            depth += 1
        elif mark == ")":
            depth -= 1
        elif depth == 1 and mark == ",":
            commas.append(place)
        elif depth <= 0 and code.startswith(" ", place + 1):
            is_first = mark == "}" and not code[:place].strip()
            if not is_first:
                return _Parts(place + 1, -1, [])
    return _Parts(0, opening, commas)


def _condition(text: str, code: str) -> list[str]:
    """What is returned or asked for by `if` and `while`, if it is of several operands."""
    match = _CONDITION.match(code) if "&&" in code or "||" in code else None
    if match is None:
        return []
    level = 1 if match["head"] else 0
    for operator in (r" \|\| ", " && "):
        ends = _operator_ends(code, operator, level)
        if ends:
            first, *others = _split(text, ends)
            return [first, *(f"{' ' * match.end()}{other}" for other in others)]
    return []


def _operator_ends(code: str, operator: str, level: int) -> list[int]:
    ends = []
    for match in re.finditer(operator, code):
        before = code[: match.start()]
        if before.count("(") - before.count(")") == level:
            ends.append(match.end())
    return ends


def _split(text: str, ends: Iterable[int]) -> list[str]:
    """The text from each of the places to the next."""
    places = [0, *ends, len(text)]
    return [text[begin:end].rstrip() for begin, end in pairwise(places)]


def _in_parentheses(text: str, code: str, parts: _Parts) -> list[str]:
    """Broken inside of the last parentheses, or before them if they stand too far out."""
    opening = parts.opening
    if opening < 0:
        place = _head_end(code, len(code))
        return [text[:place].rstrip(), _indented(text, 1, text[place:])] if place else [text]
    place = _head_end(code, opening)
    if opening >= WIDTH and place:
        steps = 0 if text.startswith("static ") else 1
        return [*broken(text[:place].rstrip()), *broken(_indented(text, steps, text[place:]))]
    head, rest = text[: opening + 1], _indented(text, 1, text[opening + 1 :])
    if len(rest) <= WIDTH:
        return [head, rest]
    ends = [comma + 1 for comma in parts.commas]
    items = [_indented(text, 1, item) for item in _split(text, [opening + 1, *ends])[1:]]
    if margin_of(text) > 0:
        items = _packed(items)
    return [head, *(line for item in items for line in _argument(item))]


def _packed(items: Iterable[str]) -> list[str]:
    """The arguments of a call, as many on a line as fit. Parameters keep a line each."""
    lines: list[str] = []
    for item in items:
        longer = f"{lines[-1]} {item.lstrip()}" if lines else item
        if lines and len(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(item)
    return lines


def _head_end(code: str, end: int) -> int:
    """Where to break before `end`: after what is assigned to, else before the last name; or 0."""
    place = code.find(" = ", 0, end)
    if place >= 0:
        return place + len(" = ")
    place = code.rfind(" ", 0, end) + 1
    return place if code[:place].strip() else 0


def _argument(text: str) -> list[str]:
    """An argument on its line: broken after its loosest operator if it is too long."""
    if len(text) <= WIDTH:
        return [text]
    code = _code(text)
    for operator in _OPERATORS:
        ends = _operator_ends(code, operator, 0)
        if ends:
            first, *others = _split(text, ends)
            return [first, *(_indented(text, 1, other) for other in others)]
    return [text]


def _filled(text: str) -> list[str]:
    """A line that is too long still: broken at the last blank or parenthesis that fits."""
    lines: list[str] = []
    rest = text
    while len(rest) > WIDTH:
        code = _code(rest)
        ends = [match.end() for match in _PLACE.finditer(code, margin_of(rest))]
        if not ends:
            break
        fitting = [end for end in ends if len(rest[:end].rstrip()) <= WIDTH]
        place = fitting[-1] if fitting else ends[0]
        lines.append(rest[:place].rstrip())
        rest = _indented(text, 1, rest[place:])
    return [*lines, rest]
