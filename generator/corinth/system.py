"""System: what the headers of C, POSIX and the runtime define, and which header does.

Read from system_names.txt, which scripts/system-names makes of the headers themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

COMPILER = "gcc"
"""Stands in the file for what a compiler defines without any header."""


@dataclass(frozen=True)
class SystemNames:
    """What names of a schema could meet. A header is named as it is included: `sys/stat.h`."""

    files: frozenset[str]
    """Headers that one of the same name would hide."""
    values: dict[str, str]
    """Macros without parameters and their headers: they replace a member of that name."""
    calls: dict[str, str]
    """Macros with parameters: they replace a function of that name."""
    names: dict[str, str]
    """What is declared at file scope."""

    def origin(self, identifier: str) -> str | None:
        """What defines an identifier at file scope, in words; None where nothing does."""
        header = self.calls.get(identifier)
        return self.declared(identifier) if header is None else f"a macro of {_words(header)}"

    def declared(self, identifier: str) -> str | None:
        """The same, without macros with parameters: they only replace what is called."""
        header = self.values.get(identifier) or self.names.get(identifier)
        return None if header is None else f"a name of {_words(header)}"

    def macro(self, identifier: str) -> str | None:
        """What defines a macro that would replace a member of this name, in words; or None."""
        header = self.values.get(identifier)
        return None if header is None else f"a macro of {_words(header)}"


@cache
def system_names() -> SystemNames:
    """The contents of system_names.txt."""
    sections: dict[str, dict[str, str]] = {}
    text = Path(__file__).with_name("system_names.txt").read_text(encoding="ascii")
    current: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            label, colon, words = line.partition(": ")
            header, words = (label, words) if colon else ("", line)
            current.update(dict.fromkeys(words.split(), header))
    return SystemNames(
        files=frozenset(sections["files"]),
        values={**sections["values"], **sections["runtime values"]},
        calls={**sections["calls"], **sections["runtime calls"]},
        names={**sections["names"], **sections["runtime names"]},
    )


def _words(header: str) -> str:
    return "the compiler" if header == COMPILER else f"<{header}>"
