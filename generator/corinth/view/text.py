"""How a schema's words become comments that can't end early, and how initialisers look."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

from corinth.line_breaks import INDENT, WIDTH

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
    """A schema's words as lines of a comment that the template begins and ends."""
    lines: list[str] = []
    for paragraph in _paragraphs(text):
        lines += [""] if lines else []
        lines += _wrap(paragraph, WIDTH - len(" * "))
    return tuple(f" * {line}".rstrip() for line in lines)


def wrapped(text: str) -> tuple[str, ...]:
    """The same of words that are fit to be printed, which stay as they are."""
    return tuple(f" * {line}" for line in _wrap(text, WIDTH - len(" * ")))


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
