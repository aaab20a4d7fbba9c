"""How C text is fitted to a line, and how a schema's words become comments that can't end early."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 100
"""No generated line is longer, unless a single identifier is."""

INDENT = "    "

FLAT = 60
"""An initialiser that is no longer stays on the line of what it initialises."""


def comment(*paragraphs: str, indent: str = "") -> str:
    """A block comment: on one line where it fits. Empty paragraphs are left out.

    Every line but the first starts with `indent`; the first gets it from the template.
    """
    texts = [text for paragraph in paragraphs for text in _paragraphs(paragraph)]
    if not texts:
        return ""
    single = f"/* {texts[0]} */"
    if len(texts) == 1 and len(indent) + len(single) <= WIDTH:
        return single
    lines = ["/*"]
    for index, text in enumerate(texts):
        lines += [" *"] if index else []
        lines += [f" * {line}" for line in _wrap(text, WIDTH - len(indent) - len(" * "))]
    return f"\n{indent}".join([*lines, " */"])


def prose(text: str) -> tuple[str, ...]:
    """A schema's words as lines for a comment that the template draws itself."""
    lines: list[str] = []
    for paragraph in _paragraphs(text):
        lines += [""] if lines else []
        lines += _wrap(paragraph, WIDTH - len(" * "))
    return tuple(lines)


def pad(texts: Iterable[str]) -> list[str]:
    """The texts, filled with blanks to the longest one's width."""
    columns = list(texts)
    width = max(map(len, columns), default=0)
    return [text.ljust(width) for text in columns]


def braces(items: Sequence[str], indent: str = INDENT) -> str:
    """An initialiser: on the line that it begins on, or on as few lines of its own as possible."""
    flat = ", ".join(items)
    if len(flat) <= FLAT:
        return f"{{{flat}}}"
    lines = [""]
    for item in items:
        longer = f"{lines[-1]} {item}," if lines[-1] else f"{indent}{INDENT}{item},"
        if len(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(f"{indent}{INDENT}{item},")
    return "\n".join(["{", *lines, f"{indent}}}"])


def fit(text: str) -> str:
    """A statement, a function's head or an assertion: broken inside its last parentheses if long.

    One whose names are too long for that is broken before them as well. What is too long then is a
    single name.
    """
    closing = text.rfind(")")
    if len(text) <= WIDTH:
        return text
    margin = " " * _margin(text)
    if closing < 0:
        place = _head_end(text, len(text))
        return f"{text[:place].rstrip()}\n{margin}{INDENT}{text[place:]}" if place else text
    opening, commas = _last_parentheses(text, closing)
    place = _head_end(text, opening)
    if opening >= WIDTH and place:
        deeper = "" if text.startswith("static ") else INDENT
        return f"{text[:place].rstrip()}\n{fit(margin + deeper + text[place:])}"
    margin += INDENT
    rest = f"{margin}{text[opening + 1 :]}"
    if len(rest) <= WIDTH or not commas:
        return f"{text[: opening + 1]}\n{rest}"
    ends = [*(comma + 1 for comma in commas), len(text)]
    begins = [opening + 1, *ends[:-1]]
    items = [text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
    return "\n".join([text[: opening + 1], *(f"{margin}{item}" for item in items)])


def _head_end(text: str, end: int) -> int:
    """Where to break before `end`: after what is assigned to, else before the last name; or 0."""
    place = text.find(" = ", 0, end)
    if place >= 0:
        return place + len(" = ")
    place = text.rfind(" ", 0, end) + 1
    return place if text[:place].strip() else 0


def _last_parentheses(text: str, closing: int) -> tuple[int, list[int]]:
    """Where the parenthesis opens that closes last, and the commas between its arguments."""
    depth = 0
    commas: list[int] = []
    for place in range(closing, -1, -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            depth -= 1
            if depth == 0:
                return place, commas[::-1]
        elif text[place] == "," and depth == 1:
            commas.append(place)
    return text.index("("), []


def joined(lines: Sequence[str]) -> list[str]:
    """The lines, with those that are indented more deeply than the first appended to others."""
    result: list[str] = []
    margin = _margin(lines[0]) if lines else 0
    for line in lines:
        if result and _margin(line) > margin:
            separator = "" if result[-1].endswith("(") else " "
            result[-1] += separator + line.lstrip()
        else:
            result.append(line)
    return result


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def definition(name: str, value: str) -> str:
    """A macro; on two lines where one would be too long."""
    single = f"#define {name} {value}"
    return single if len(single) <= WIDTH else f"#define {name} \\\n{INDENT}{value}"


def quote(text: str) -> str:
    """An ASCII string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs with single blanks, free of anything that C or a reader's terminal acts on."""
    blocks: list[str] = []
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        words = _harmless(line).split()
        if words:
            block += words
        elif block:
            blocks.append(" ".join(block))
            block = []
    return blocks


def _harmless(line: str) -> str:
    """No control or direction characters, no ends or beginnings of comments, no trigraphs."""
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character
        for character in line
    )
    for sequence in ("*/", "/*", "??"):
        while sequence in kept:
            kept = kept.replace(sequence, f"{sequence[0]} {sequence[1]}")
    return kept
