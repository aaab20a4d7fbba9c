"""Finds the code blocks of a Markdown page, and what the page says that each is.

A comment right before a block names what it is; readers of the rendered page don't see it:

    <!-- code: file hello.yaml -->

| comment | the block |
| --- | --- |
| `file NAME` | is a file of that name, for the commands of the page; a schema has to be valid |
| `file NAME after BASE` | is the end of a schema, which an earlier file begins |
| `lines NAME from BASE at WORD…` | is lines; each replaces the one of BASE that has its WORD |
| `run` | is commands, which have to succeed, one after another, in the folder of the page's files |
| `prints` | is what the page's last commands printed |
| `prints after COMMAND` | is what a command prints, which may fail |
| `part NAME` | is included as `NAME.inc` by the program tests/docs/PAGE.c (.cc for C++) |
| `checkout` | is commands of the checkout that take minutes or change the machine: not run |
| `tested by PATH` | is read from the page by a test of the checkout, which builds with it |
| `none` | is no code: a diagram, a formula, another program's settings |

`<!-- code: copy PATH -->` stands alone: it puts a file of the checkout among the page's files.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[\w+-]*)")
CONTEXT = re.compile(r"^ *<!-- code: (?P<context>.*?) -->$")
INDENTED = " " * 4
COPY = "copy "


@dataclass(frozen=True)
class Block:
    """A code block, or a `copy`, which has neither a language nor a text."""

    page: str
    line: int
    language: str
    context: str
    """What the comment before it says; empty if there is none."""
    text: str

    @property
    def verb(self) -> str:
        return self.context.partition(" ")[0]

    @property
    def rest(self) -> str:
        return self.context.partition(" ")[2]

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


class PageError(AssertionError):
    """A page can't be read as it is meant; the message names the line."""


def read_blocks(page: str, text: str) -> list[Block]:
    """The blocks of a page, in order."""
    return list(_blocks(page, text.splitlines()))


def _blocks(page: str, lines: Sequence[str]) -> Iterator[Block]:
    context, context_line = "", 0
    at = 0
    while at < len(lines):
        line = lines[at]
        fence, said = FENCE.match(line), CONTEXT.match(line)
        if fence is not None:
            end = _fence_end(page, lines, at, fence.group("fence"))
            language, body = fence.group("language"), lines[at + 1 : end]
            yield Block(page, at + 1, language, context, _dedent(body))
            context, at = "", end
        elif line.startswith(INDENTED) and _may_begin(lines, at):
            end = _indented_end(lines, at)
            yield Block(page, at + 1, "", context, _dedent(lines[at:end]))
            context, at = "", end - 1
        elif context and line.strip():
            raise PageError(f"{page}:{context_line}: `{context}` isn't followed by a block")
        elif said is not None and said.group("context").startswith(COPY):
            yield Block(page, at + 1, "", said.group("context"), "")
        elif said is not None:
            context, context_line = said.group("context"), at + 1
        at += 1
    if context:
        raise PageError(f"{page}:{context_line}: `{context}` isn't followed by a block")


def _fence_end(page: str, lines: Sequence[str], begin: int, fence: str) -> int:
    for at in range(begin + 1, len(lines)):
        if lines[at].strip() == fence:
            return at
    raise PageError(f"{page}:{begin + 1}: this block has no end")


def _may_begin(lines: Sequence[str], at: int) -> bool:
    """An indented block follows an empty line or a comment; elsewhere a paragraph goes on."""
    return at == 0 or not lines[at - 1].strip() or CONTEXT.match(lines[at - 1]) is not None


def _indented_end(lines: Sequence[str], begin: int) -> int:
    """One beyond the last line; empty lines within belong to the block."""
    end = begin + 1
    for at in range(begin + 1, len(lines)):
        if lines[at].startswith(INDENTED):
            end = at + 1
        elif lines[at].strip():
            break
    return end


def _dedent(lines: Sequence[str]) -> str:
    return textwrap.dedent("\n".join(lines)) + "\n"
