"""Lines: the statements of a rendered header are laid out in lines of at most `WIDTH` columns.

Templates don't know how long names are. They write a statement, or the head of a function, as it
would be with short ones, over several lines where that reads better; `lay_out` joins these and
breaks what is too long (see `line_breaks`). It is the only place that does so, and it does nothing
else: tokens, comments and indentation stay as they were rendered.

A statement begins on a line of its own. It goes on while a parenthesis is open or the next line is
indented more deeply, until a line ends in `;`, `{`, `}`, `,` or a label's colon outside of
parentheses. So the items of an initialiser, the members of a struct and the lines of a body stand
by themselves, and a body always has braces. Left as they are, whatever their length:

- comments and directives, except for a `#define` on one line that is too long,
- statements with a comment between their lines, and those that a blank line, a comment or a
  directive interrupts.

What was laid out once stays: a second pass changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corinth.line_breaks import WIDTH, broken, broken_definition, is_label

_ENDS = (";", "{", "}", ",")
"""What ends a statement or an item, outside of parentheses."""

_OPAQUE = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<whole>/\*.*?\*/|//.*)|(?P<open>/\*.*)"""
)


CHUNK_CHARACTERS = 1 << 16
"""A text is laid out in chunks of at least this size, as some schemas make headers of 50 MB."""


class _Line(NamedTuple):
    """A line as far as it matters for where a statement ends."""

    code: str
    """Without comments, and with letters in place of strings."""
    has_comment: bool
    is_comment_open: bool


def lay_out(text: str) -> str:
    """The text with its statements joined, and broken where they are longer than `WIDTH`."""
    return "\n".join(_chunk_laid_out(chunk.split("\n")) for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[str]:
    """The text, parted at ends of lines before blank ones: no statement goes on behind them."""
    begin = 0
    end = text.find("\n\n", CHUNK_CHARACTERS)
    while end >= 0:
        is_comment = text.rfind("/*", begin, end) > text.rfind("*/", begin, end)
        if is_comment or text[end - 1] == "\\":
            end = text.find("\n\n", end + 1)
        else:
            yield text[begin:end]
            begin = end + 1
            end = text.find("\n\n", begin + CHUNK_CHARACTERS)
    yield text[begin:]


def _chunk_laid_out(lines: list[str]) -> str:
    pieces: list[str] = []
    end = copied = 0
    for index, line in enumerate(lines):
        # Most lines are whole statements that fit: they are passed with as little as possible.
        if index < end or (
            line[-1:] in "};{"
            and len(line) <= WIDTH
            and line.count("(") == line.count(")")
            and "/" not in line
            and "#" not in line
        ):
            continue
        end, laid_out = _laid_out(lines, index)
        if laid_out is not None:
            pieces += lines[copied:index]
            pieces += laid_out
            copied = end
    pieces += lines[copied:]
    return "\n".join(pieces)


def _laid_out(lines: list[str], begin: int) -> tuple[int, list[str] | None]:
    """The line after the comment, directive or statement that begins there, and what becomes of
    it: None where it stays as it is."""
    line = lines[begin]
    first = line.lstrip()
    if first.startswith("/*"):
        closing = first.find("*/", 2)
        if closing < 0 or closing == len(first) - 2:
            return _comment_end(lines, begin) if closing < 0 else begin + 1, None
    if not first:
        return begin + 1, None
    if first.startswith("#"):
        end = _directive_end(lines, begin)
        is_long = end == begin + 1 and len(line) > WIDTH
        return end, broken_definition(line) if is_long else None
    if lines[begin + 1 : begin + 2] == ["{"] and _is_balanced(line) and len(line) <= WIDTH:
        return begin + 1, None
    end, is_fixed = _statement_end(lines, begin)
    if is_fixed or (end == begin + 1 and len(line) <= WIDTH):
        return end, None
    return end, broken(_joined(lines[begin:end]))


def _is_balanced(line: str) -> bool:
    """Whether the line opens and closes the same parentheses, and no comment or string."""
    return line.count("(") == line.count(")") and not ("/" in line or '"' in line or "'" in line)


def _directive_end(lines: list[str], begin: int) -> int:
    end = begin
    while lines[end].endswith("\\") and end + 1 < len(lines):
        end += 1
    return _comment_end(lines, end)


def _comment_end(lines: list[str], begin: int) -> int:
    """The line after that with the end of the comment which line `begin` may leave open."""
    end = begin + 1
    is_open = "/*" in lines[begin] and _read(lines[begin]).is_comment_open
    while is_open and end < len(lines):
        line = lines[end]
        is_open = "*/" not in line or (
            not line.endswith("*/") and _read(f"/*{line}").is_comment_open
        )
        end += 1
    return end


def _statement_end(lines: list[str], begin: int) -> tuple[int, bool]:
    """The line after the statement, and whether it has to stay as it is."""
    least = depth = 0
    is_fixed = False
    for index in range(begin, len(lines)):
        text = lines[index].lstrip()
        margin = len(lines[index]) - len(text)
        if index == begin:
            least = margin
        elif margin <= least and depth <= 0:
            return index, is_fixed
        elif not text or text.startswith(("#", "/*", "//")):
            return index, is_fixed or depth > 0
        code, has_comment, is_comment_open = _read(text)
        if is_comment_open:
            return _comment_end(lines, index), True
        is_fixed = is_fixed or code.endswith("\\") or (has_comment and "//" in text)
        depth += code.count("(") - code.count(")")
        if depth <= 0 and (code.endswith(_ENDS) or _ends_label(code, lines[begin : index + 1])):
            return index + 1, is_fixed
        is_fixed = is_fixed or has_comment
    return len(lines), is_fixed or depth > 0


def _ends_label(code: str, lines: list[str]) -> bool:
    return code.endswith(":") and is_label(_joined(lines))


def _joined(lines: list[str]) -> str:
    """The lines of a statement as one."""
    text = lines[0].rstrip()
    for line in lines[1:]:
        item = line.strip()
        is_tight = text.endswith("(") or item.startswith((")", ";", ","))
        text += item if is_tight else f" {item}"
    return text


def _read(line: str) -> _Line:
    if not ("/" in line or '"' in line or "'" in line):
        return _Line(line.rstrip(), False, False)
    found = [match for match in _OPAQUE.finditer(line) if not match["quoted"]]
    code = _OPAQUE.sub(lambda match: "x" * len(match["quoted"] or ""), line)
    return _Line(code.rstrip(), bool(found), bool(found and found[-1]["open"]))
