"""The document: a schema's text as an immutable tree in which everything knows its place.

`load` makes it, `validate` cleans it, `resolve` reads it. It says nothing about meaning: a node is
a scalar, a sequence or a mapping, as in the file. After `validate` every node has the type that the
JSON Schema requires at its place, so that `resolve` may use the typed accessors without checks.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from corinth.diagnostics import Span

ScalarValue: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "ScalarValue | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True)
class Scalar:
    """A single value. `span` covers it as written, quotes included."""

    value: ScalarValue
    span: Span


@dataclass(frozen=True)
class Sequence:
    """A list; iterating it gives its nodes."""

    items: tuple[Node, ...]
    span: Span

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Entry:
    """A key and its value in a mapping."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True)
class Mapping:
    """Keys and values in file order; no key occurs twice. Iterating it gives its entries."""

    entries: tuple[Entry, ...]
    span: Span

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, key: str) -> Entry | None:
        """The entry of a key, or None where the mapping lacks it."""
        return self._by_key.get(key)

    def get(self, key: str) -> Node | None:
        """The value of a key, or None where the mapping lacks it."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def mapping(self, key: str) -> Mapping | None:
        """The mapping at a key, or None where there is none."""
        node = self.get(key)
        return node if isinstance(node, Mapping) else None

    def sequence(self, key: str) -> Sequence | None:
        """The sequence at a key, or None where there is none."""
        node = self.get(key)
        return node if isinstance(node, Sequence) else None

    def string(self, key: str) -> str | None:
        """The string at a key, or None where there is none."""
        node = self.get(key)
        return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None

    def integer(self, key: str) -> int | None:
        """The integer at a key (a boolean isn't one), or None where there is none."""
        node = self.get(key)
        if not isinstance(node, Scalar) or isinstance(node.value, bool):
            return None
        return node.value if isinstance(node.value, int) else None

    def boolean(self, key: str) -> bool | None:
        """The boolean at a key, or None where there is none."""
        node = self.get(key)
        return node.value if isinstance(node, Scalar) and isinstance(node.value, bool) else None

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.entries}


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Unseen:
    """What may be defined by something that couldn't be read or was refused.

    A reference to it isn't an error of its own.
    """

    sections: frozenset[str] = frozenset()
    """Sections that may hold more than is seen, under any name. `lanes`: lanes and routes."""
    names: frozenset[str] = frozenset()
    """Names that something refused would define, of whatever kind."""

    def may_define(self, section: str, name: str) -> bool:
        """Whether a section may have a name that isn't seen in it."""
        return section in self.sections or name in self.names

    def __or__(self, other: Unseen) -> Unseen:
        return Unseen(self.sections | other.sections, self.names | other.names)


NOTHING_UNSEEN = Unseen()


class Kind(enum.Enum):
    """What a file is taken for."""

    SCHEMA = "schema"
    FRAGMENT = "fragment"
    """It is only included by others."""
    EITHER = "either"
    """Its keys decide, by the condition of the JSON Schema."""


@dataclass(frozen=True)
class Loaded:
    """A schema with everything that it includes merged in.

    In `root` the sections `enums`, `structs`, `components`, `worlds` (mappings) and `lanes`
    (a sequence) hold the entries of all files: included ones first, in the order of `include`,
    then the file's own. Each node's span names the file that it came from. The `include` entry
    itself stays in `root`; all other keys are the main file's.
    """

    root: Mapping
    inputs: tuple[str, ...]
    """Every file read, the schema first."""
    source_name: str
    """The schema's file name without folders, fit to be printed."""
    unseen: Unseen = NOTHING_UNSEEN
    """What is missing in `root` because it couldn't be read or was refused."""
    is_fragment: bool = False
    """It is only included by others, which define what it refers to."""


def to_plain(node: Node) -> Plain:
    """The node as plain Python data, for JSON Schema."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {entry.key: to_plain(entry.value) for entry in node.entries}
