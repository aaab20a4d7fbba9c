"""Syntax declarations: fields as C has them, type first and without a colon.

`u8 count;`, `u32 ids[16]` and `count u8` are told as what they are and mended, where YAML takes
them for a part of what stands around them. Which word is the type must be plain from the text: a
struct of the user's is known only to later stages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corinth.syntax_repairs import MASK, MAX_IN_LINE, Repair, Source, code_of, comment_repair
from corinth.syntax_separators import KEY, Stop, indent_of

BUILT_IN = re.compile(
    r"[iuf](?:8|16|32|64)|u?int(?:8|16|32|64)?(?:_t)?|float(?:32|64)?|double|bool|boolean|char"
    r"|short|long|unsigned|signed|byte|string|entity|size_t|std::\w+"
)
"""Words that are types and hardly ever names."""

LENGTH = r"(?:\s*\[[^\[\]{}\"']*\])"
TYPE_FIRST = re.compile(
    rf"((?:[A-Za-z_][\w:]* +)*[A-Za-z_][\w:]*(?: *\*+ *| +))({KEY})({LENGTH}*)\s*(=[^;,]*)?(;?)"
)
NAME_FIRST = re.compile(rf"({KEY}) +([A-Za-z_][\w:]*)({LENGTH}*)\s*;?")
ARRAY_LENGTH = re.compile(rf"{LENGTH}+")
COMMENT_BEHIND = re.compile(r"\s*(?:(//|/\*).*)?$")
WORD = re.compile(KEY)
AFTER_COMMA = re.compile(rf"\s*,\s*([A-Za-z_][\w:]*)({LENGTH}?)(?=\s*[,}}])")


@dataclass(frozen=True)
class Declaration:
    """A field: its name, its type as it would be written here, and what can't be kept."""

    name: str
    kind: str
    is_known: bool
    """The type is one of the tool's own."""
    is_type_first: bool = True
    has_default: bool = False

    def written(self, is_flow: bool) -> str:
        kind = f'"{self.kind}"' if is_flow and re.search(r"\W", self.kind) else self.kind
        return f"{self.name}: {kind}"


def declaration(text: str, is_flow: bool = False) -> Declaration | None:
    """A field that a text declares; None where that isn't plain.

    In a flow mapping `Vec2 at` has its type first: names of types begin with a capital.
    """
    first = TYPE_FIRST.fullmatch(text)
    if first is not None:
        words = first[1].replace("*", " ").split()
        is_own = len(words) == 1 and words[0][0].isupper() and first[2][0].islower()
        is_plain = bool(first[5] and len(words) == 1) or (is_flow and is_own)
        is_plain = is_plain or any(map(BUILT_IN.fullmatch, words))
        if is_plain and not BUILT_IN.fullmatch(first[2]):
            found = _declared(first[2], first[1] + first[3])
            return replace(found, has_default=bool(first[4]))
    second = NAME_FIRST.fullmatch(text)
    if second is not None and BUILT_IN.fullmatch(second[2]) and not BUILT_IN.fullmatch(second[1]):
        return replace(_declared(second[1], second[2] + second[3]), is_type_first=False)
    return None


def _declared(name: str, given: str) -> Declaration:
    from corinth.foreign_forms import PRIMITIVE_NAMES, type_here

    kind = type_here(re.sub(r"\s*([\[\]*])\s*", r"\1", given.strip()))
    return Declaration(name, kind, kind.partition("[")[0] in PRIMITIVE_NAMES)


def declarations_at(source: Source, stop: Stop) -> list[Repair]:
    """The declarations that made the parser stop, at one of them or behind them."""
    if stop.context.startswith("while scanning a simple key"):
        return _below(source, stop.begin)
    return [
        repair for number in _above(source, stop)
            for repair in _in_block(source.lines[number], number)]  # fmt: skip


def colonless_at(source: Source, stop: Stop) -> list[Repair]:
    """The lines without a colon behind which the parser stopped, whatever they are."""
    return [_without_colon(source.lines[number], number) for number in _above(source, stop)]


def declarations_in(source: Source, first: int, last: int) -> list[Repair]:
    """Those of a text below a key, if all of its lines are such."""
    found: list[Repair] = []
    for number in range(first, last + 1):
        line = source.lines[number]
        repairs = _in_block(line, number)
        if not repairs and code_of(line).strip(f"{MASK} "):
            return []
        found += repairs
    return found


def _below(source: Source, begin: int) -> list[Repair]:
    found: list[Repair] = []
    for number in range(begin, min(begin + MAX_IN_LINE, len(source.lines))):
        is_beside = indent_of(source.lines[number]) == indent_of(source.lines[begin])
        repairs = _in_block(source.lines[number], number) if is_beside else []
        if not repairs:
            break
        found += repairs
    return found


def _above(source: Source, stop: Stop) -> list[int]:
    """The lines without a colon above a key, which YAML takes for one text with it."""
    if not stop.problem.startswith("mapping values") or stop.line >= len(source.lines):
        return []
    if not re.fullmatch(rf" *{KEY} *", code_of(source.lines[stop.line])[: stop.column]):
        return []
    found: list[int] = []
    indent = indent_of(source.lines[stop.line])
    for number in range(stop.line - 1, max(stop.line - MAX_IN_LINE, 0) - 1, -1):
        line = code_of(source.lines[number]).rstrip(f"{MASK} ")
        if not line:
            continue
        if ":" in line or indent_of(line) != indent or line.lstrip()[0] in "-[{\"'&*!|>":
            # A text that begins after a key goes on here; what is written is the text's own.
            return found if line.endswith(":") and indent_of(line) < indent else []
        found.append(number)
    return found


def _in_block(line: str, number: int) -> list[Repair]:
    """What a line declares, and the comment of another language behind that."""
    code = code_of(line).rstrip(f"{MASK} ")
    start = indent_of(code)
    match = re.compile(r"[^;/]*;?").match(code, start)
    text = match.group().rstrip() if match is not None else ""
    found = declaration(text)
    if found is None:
        return []
    rest = COMMENT_BEHIND.match(code, start + len(text))
    if rest is None:
        return []
    behind = [comment_repair(number, rest.start(1), rest[1])] if rest[1] else []
    return [*behind, _repair(found, number, start, start + len(text), is_flow=False)]


def _without_colon(line: str, number: int) -> Repair:
    start, text = indent_of(line), line.strip()
    if WORD.fullmatch(text):
        message, hint = f"a `:` is missing after `{text}`", f"write `{text}:`"
        new = f"{text}:"
        return Repair(
            "missing-colon", message, hint, number, start, start + len(text), new, None, new
        )
    message = "a `:` is missing in this line"
    return Repair(
        "missing-colon", message, "write `key: value`", number, start, start + len(text), ""
    )


def _repair(found: Declaration, number: int, start: int, end: int, is_flow: bool) -> Repair:
    new = found.written(is_flow)
    message = f"a `:` is missing after `{found.name}`"
    if found.is_type_first:
        message = "a field's name comes first, then `:` and its type"
    hint = f"write `{new}`" + ("; a field has no default" if found.has_default else "")
    # What the user's own types are isn't known here.
    replacement = new if found.is_known and not found.has_default else ""
    return Repair("missing-colon", message, hint, number, start, end, new, None, replacement)


def declared_in(key: str, line: str, number: int, column: int) -> Iterator[Repair]:
    """A key of a flow mapping without a value that declares a field, or several with `;`."""
    if line[column : column + len(key)] != key:
        return
    if ";" in key:
        yield from separated(key, line, number, column)
        return
    length = ARRAY_LENGTH.match(line, column + len(key))
    end = length.end() if length is not None else column + len(key)
    found = declaration(line[column:end], is_flow=True)
    if found is not None:
        yield _repair(found, number, column, end, is_flow=True)
        return
    comma = AFTER_COMMA.match(line, column + len(key))
    is_name = WORD.fullmatch(key) is not None and not BUILT_IN.fullmatch(key)
    if comma is not None and is_name and BUILT_IN.fullmatch(comma[1]):
        declared = _declared(key, comma[1] + comma[2])
        new = declared.written(is_flow=True)
        message = f"a `:` is missing after `{key}`"
        replacement = new if declared.is_known else ""
        yield Repair(
            "missing-colon", message, f"write `{new}`", number, column, comma.end(), new, None,
            replacement,
        )  # fmt: skip


def separated(text: str, line: str, number: int, column: int) -> Iterator[Repair]:
    """The `;` of a text in a flow mapping that has a declaration behind each of them."""
    first, *others = (part.strip() for part in text.split(";"))
    if line[column:].startswith(text) and line[column + len(text) :].lstrip()[:1] in (",", "}"):
        declared = [declaration(part, is_flow=True) for part in others if part]
        is_plain = bool(declared) or declaration(first, is_flow=True) is not None
        if not is_plain or None in declared:
            return
        for match in re.finditer(";", text):
            at = column + match.start()
            message, hint = "`;` ends nothing here", "write `,`"
            yield Repair("missing-comma", message, hint, number, at, at + 1, ",", None, ",")
