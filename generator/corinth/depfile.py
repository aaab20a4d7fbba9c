"""Depfile: the make rules by which a build runs the generator again, as make and ninja read them.

The two agree only on some escapes. Ninja (1.11 to 1.13) drops every character that it doesn't know,
and make has uses of its own for many. A path that both wouldn't read as it is meant is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from corinth.diagnostics import MachineError

ESCAPES = {" ": "\\ ", "#": "\\#", ":": "\\:", "$": "$$"}

PLAIN = re.compile(r"[A-Za-z0-9+,/_.~(){}@!\u0080-\U0010ffff-]")
"""What both read as it stands."""

FORM = re.compile(rb"(\S[^\n]*: \\\n(  \S[^\n]* \\\n)*  \S[^\n]*\n([^\n]+:\n)*)?")
"""What `depfile` makes, or nothing at all."""


def depfile(targets: Sequence[str], inputs: Sequence[str]) -> str:
    """Make rules by which every target depends on every input, and each input on nothing.

    The rules without needs keep a build alive when an input is gone: make would otherwise stop, as
    it has no rule for it.
    """
    needs = [_escape(path) for path in inputs]
    lines = [f"{' '.join(_escape(path) for path in targets)}:", *(f"  {need}" for need in needs)]
    return "".join(f"{rule}\n" for rule in (" \\\n".join(lines), *(f"{need}:" for need in needs)))


def is_depfile(text: bytes) -> bool:
    """Whether a file may be replaced by a depfile: it is empty, or has a depfile's form."""
    return FORM.fullmatch(text) is not None


def _escape(path: str) -> str:
    """A path as make and ninja read it in a rule."""
    if os.path.normpath(path).startswith("~"):
        raise _refusal(path, "`~` at its beginning, which stands for a home folder")
    if path.endswith((" ", ":")):
        raise _refusal(path, "a blank or a colon at its end")
    if path.endswith(")") and "(" in path:
        raise _refusal(path, "parentheses at its end, which stand for a part of an archive")
    return "".join(_escape_char(path, index) for index in range(len(path)))


def _escape_char(path: str, index: int) -> str:
    char = path[index]
    if char in ESCAPES:
        return ESCAPES[char]
    if char == "\\":
        # Before a character that is escaped, make and ninja count backslashes differently.
        following = path[index + 1 : index + 2]
        if following in ESCAPES or not following:
            raise _refusal(path, "a backslash at its end or before one of ` #:$`")
    elif not PLAIN.fullmatch(char):
        raise _refusal(path, f"`{char}`" if char.isprintable() else f"U+{ord(char):04X}")
    return char


def _refusal(path: str, what: str) -> MachineError:
    return MachineError(
        f"a depfile can't name {path}: make and ninja don't both read a path with {what}"
    )
