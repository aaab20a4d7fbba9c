"""What all parts of `resolve` share: reporting, nearest names, and reading numbers."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from corinth.diagnostics import Diagnostics, Span
from corinth.document import NOTHING_UNSEEN, Entry, Mapping, Scalar, Sequence, Unseen
from corinth.model import Origin, Setting
from corinth.spelling import ascii_name, nearest, same_digits

Choice = TypeVar("Choice", bound=enum.Enum)

SUGGESTIONS_MAX = 40
"""Names looked up for a hint in one run: comparing is slow and hundreds aren't read."""
CANDIDATES_MAX = 300
"""Names that one of them is compared with: more than any schema may hold of one kind."""

DEFINED_IN = {
    "field-type": ("enums", "structs"),
    "unknown-component": ("components",),
    "unknown-world": ("worlds",),
    "pipeline-stage": ("pipeline",),
}
"""By rule: the sections that define the names which it is about."""


@dataclass
class Context:
    """One run of `resolve`."""

    diagnostics: Diagnostics
    unseen: Unseen = NOTHING_UNSEEN
    is_fragment: bool = False
    types: frozenset[str] = frozenset()
    """The names that a field may have as its type."""
    suggestions: int = 0
    has_open_references: bool = False
    """Whether a world or a component is named that only something unseen can define."""

    def first_position(self, limit: int) -> int:
        """The id of what comes first and has no `id`; beyond all ids where others come before."""
        return limit if self.is_fragment else 0

    def unknown(
        self,
        rule: str,
        message: str,
        name: str,
        known: Iterable[str],
        span: Span,
        hint: str = "nothing of the kind is defined",
        suffix: str = "",
    ) -> None:
        """Report a name that nothing defines, with the nearest one that something does.

        Not where it may be defined by what could not be read or was refused. The `hint` is for
        where nothing is known, the `suffix` is what follows the name there. A name with other
        numbers is shown, but it isn't proposed: `arena2` isn't a misspelt `arena1` for sure.
        """
        if any(self.unseen.may_define(section, name) for section in DEFINED_IN[rule]):
            self.has_open_references |= rule != "field-type"
            return
        # One whose name is refused is shown as it could be called instead.
        candidates = sorted(set(map(ascii_name, known)) - {""})[:CANDIDATES_MAX]
        hint = "not defined" if candidates else hint
        written = ""
        if candidates and self.suggestions < SUGGESTIONS_MAX:
            self.suggestions += 1
            near = nearest(name, [each for each in candidates if same_digits(each, name)])
            other = None if near else nearest(name, candidates)
            hint = f"the nearest is `{other}{suffix}`" if other else listed(candidates)
            if near is not None:
                hint = f"did you mean `{near}{suffix}`?"
                written = f'"{near}{suffix}"' if suffix else near
        self.diagnostics.error(rule, message, span, hint, replacement=written)


def listed(names: list[str], most: int = 6) -> str:
    """A few names for a hint: known are `a`, `b` and 3 more."""
    shown = ", ".join(f"`{name}`" for name in names[:most])
    if len(names) == 1:
        return f"the only one is {shown}"
    return f"known are {shown}" + (f" and {len(names) - most} more" if len(names) > most else "")


def section(root: Mapping, key: str) -> list[tuple[Entry, Mapping]]:
    """The entries of a section with their mappings; an entry left empty counts as `{}`."""
    mapping = root.mapping(key)
    return [] if mapping is None else [(entry, as_mapping(entry)) for entry in mapping]


def as_mapping(entry: Entry) -> Mapping:
    """The mapping of an entry, or an empty one where the file has nothing after the colon."""
    return entry.value if isinstance(entry.value, Mapping) else Mapping((), entry.key_span)


def mappings(root: Mapping, key: str) -> list[Mapping]:
    """The mappings in the sequence at a key."""
    sequence = root.sequence(key)
    items = () if sequence is None else sequence.items
    return [item for item in items if isinstance(item, Mapping)]


def scalars(node: Sequence | None) -> list[tuple[str, Span]]:
    """The strings of a sequence with their places."""
    items = () if node is None else node.items
    return [
        (item.value, item.span)
        for item in items
        if isinstance(item, Scalar) and isinstance(item.value, str)
    ]


def string(mapping: Mapping, key: str) -> tuple[str, Span] | None:
    """The string at a key and its place."""
    node = mapping.get(key)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value, node.span
    return None


def integer(mapping: Mapping, key: str) -> tuple[int, Span] | None:
    """The whole number at a key and its place."""
    node = mapping.get(key)
    value = whole(node) if isinstance(node, Scalar) else None
    return None if node is None or value is None else (value, node.span)


def setting(mapping: Mapping, key: str, default: int, span: Span) -> Setting[int]:
    """The whole number at a key, or the default with the place of what it is for."""
    given = integer(mapping, key)
    if given is None:
        return Setting(default, Origin.DEFAULT, span)
    return Setting(given[0], Origin.GIVEN, given[1])


def flag(mapping: Mapping, key: str, span: Span) -> Setting[bool]:
    """The truth value at a key, or false with the place of what it is for."""
    node = mapping.get(key)
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return Setting(node.value, Origin.GIVEN, node.span)
    return Setting(False, Origin.DEFAULT, span)


def choice(mapping: Mapping, key: str, default: Choice, span: Span) -> Setting[Choice]:
    """The member of an enumeration that the string at a key names, or the default."""
    given = string(mapping, key)
    for member in type(default):
        if given is not None and member.value == given[0]:
            return Setting(member, Origin.GIVEN, given[1])
    return Setting(default, Origin.DEFAULT, span)


def whole(node: Scalar) -> int | None:
    """A scalar as a whole number. JSON Schema counts 4096.0 as one, so that is one here."""
    if isinstance(node.value, bool):
        return None
    if isinstance(node.value, float):
        return int(node.value) if node.value.is_integer() else None
    return node.value if isinstance(node.value, int) else None


def doc_of(mapping: Mapping) -> str:
    """The `doc` of anything, stripped; empty where there is none."""
    return (mapping.string("doc") or "").strip()
