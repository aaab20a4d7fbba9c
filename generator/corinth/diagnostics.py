"""Diagnostics: what is wrong with an input, where, and what to do about it.

Every stage reports through a `Diagnostics` collector instead of raising, so that one run tells
everything. Only this module knows how a message looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Span:
    """A place in a source file. Lines and columns count from 1, in characters."""

    file: str
    """The file as the user named it (an included file: as resolved from the including one)."""
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True)
class Note:
    """A second place that explains a diagnostic, such as the first of two duplicates."""

    message: str
    span: Span


@dataclass(frozen=True)
class Diagnostic:
    """One error: `rule` is its stable name, `hint` what stands after the caret."""

    rule: str
    message: str
    span: Span
    hint: str = ""
    notes: tuple[Note, ...] = ()


@dataclass
class Diagnostics:
    """Collects the errors of one run."""

    errors: list[Diagnostic] = field(default_factory=list)

    def error(
        self, rule: str, message: str, span: Span, hint: str = "", notes: tuple[Note, ...] = ()
    ) -> None:
        """Report an error; the run goes on to find the others."""
        self.errors.append(Diagnostic(rule, message, span, hint, notes))

    def __bool__(self) -> bool:
        return bool(self.errors)
