"""Diagnostics: what is wrong with an input, where, and what to do about it.

Every stage reports through a `Diagnostics` collector instead of raising, so that one run finds
every error. `report` knows how a message looks, `rules` explains each rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MENDED_RULES = frozenset(
    (
        "unquoted-array", "missing-blank", "missing-colon", "missing-comma", "surplus-bracket",
        "grouped-number", "foreign-comment", "unusual-character", "indentation", "tab",
        "missing-dash", "missing-bracket", "surplus-separator",
    )
)  # fmt: skip
"""Rules of mistakes in the writing, after which the text is read as their hint says."""


@dataclass(frozen=True, order=True)
class Span:
    """A place in a source file. Lines and columns count from 1, in characters."""

    file: str
    """The file as the user named it (an included file: as resolved from the including one)."""
    line: int
    column: int
    length: int = 1
    is_whole: bool = field(default=True, compare=False)
    """Whether it covers all of what it is about. What goes on in other lines is shown by its first
    line or character, and so can't be replaced."""


@dataclass(frozen=True)
class Note:
    """A second place that explains a diagnostic, such as the first of two duplicates."""

    message: str
    span: Span


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning: `rule` is its stable name, `hint` what stands after the caret."""

    rule: str
    message: str
    span: Span
    hint: str = ""
    notes: tuple[Note, ...] = ()
    replacement: str = ""
    """What the hint proposes to write in the place of what `span` covers; `…` stands for what only
    the user can know. Empty where the hint proposes no text."""
    is_warning: bool = False


class MachineError(Exception):
    """What no change of the input can fix, such as a file that can't be read: exit code 3."""


@dataclass
class Diagnostics:
    """Collects the errors of one run, and the text of every file that they may point into."""

    errors: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    """What is allowed but was hardly meant. It keeps no run from success."""
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The lines of each file that was read, in the order of reading."""
    remarks: list[str] = field(default_factory=list)
    """What a user may want to know of a run, whether or not it found errors."""

    def error(
        self,
        rule: str,
        message: str,
        span: Span,
        hint: str = "",
        notes: tuple[Note, ...] = (),
        replacement: str = "",
    ) -> None:
        """Report an error; the run goes on to find the others."""
        replacement = replacement if span.is_whole else ""
        self.errors.append(Diagnostic(rule, message, span, hint, notes, replacement))

    def warning(self, rule: str, message: str, span: Span, hint: str) -> None:
        """Report what the run goes on in spite of, whether or not there are errors."""
        self.warnings.append(Diagnostic(rule, message, span, hint, is_warning=True))

    def add_source(self, file: str, text: str) -> None:
        """Keep a file's lines, so that messages can show them."""
        self.sources[file] = tuple(text.split("\n"))

    def in_file_order(self) -> list[Diagnostic]:
        """Every error and warning once, sorted by file (in the order of reading), line and column.

        Of equal places the one reported first comes first. A node that an alias repeats is
        checked at each use, and the same finding at the same place is one error.
        """
        order = {file: index for index, file in enumerate(self.sources)}
        unique = dict.fromkeys(self.errors + self.warnings)
        return sorted(
            unique,
            key=lambda error: (
                order.get(error.span.file, len(order)),
                error.span.line,
                error.span.column,
            ),
        )

    def drop_echoes(self, first: int) -> None:
        """Drop each error from index `first` on that points where an earlier one points already.

        A later stage works on what an earlier one patched, and would report the patch. Repaired
        syntax is different: it is what the user will write, so all errors in it count.
        """
        known = {error.span for error in self.errors[:first] if error.rule not in MENDED_RULES}
        self.errors[first:] = [error for error in self.errors[first:] if error.span not in known]

    def absorb(self, other: Diagnostics) -> None:
        """Take over what another collector has, after one's own."""
        self.errors += other.errors
        self.warnings += other.warnings
        self.remarks += other.remarks
        for file, lines in other.sources.items():
            self.sources.setdefault(file, lines)

    def __bool__(self) -> bool:
        return bool(self.errors)
