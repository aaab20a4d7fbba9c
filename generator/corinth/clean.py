"""Clean: a document without what `validate` refused, and still of the right structure.

What others may refer to keeps its name, with something harmless in its place; otherwise each
reference to it would be a further error that isn't the user's.
"""

from __future__ import annotations

from dataclasses import dataclass

from corinth.diagnostics import Span
from corinth.document import Entry, Mapping, Node, Scalar, Sequence

PLACEHOLDER = "unnamed"
"""The name of what stands in the place of something refused."""

HARMLESS_TYPE = "u8"

OF_FULL_LANES = ("when_full", "deadline_ms", "undelivered", "closable", "pressure")
"""Keys of a lane that are about each other: of a refused one it stays known that it is there."""

REQUIRED_IN_ITEMS = {"lanes": ("from", "to"), "component_routes": ("component", "target")}
"""An item of these lists is left out when one of its keys is."""

Path = tuple[str | int, ...]


def without(root: Mapping, bad: set[Path], limits: dict[Path, int]) -> Mapping:
    """The document without the nodes at the `bad` paths and what is beyond the `limits`."""
    return _Cleaner(bad, limits).mapping(root, ()) if bad or limits else root


@dataclass(frozen=True)
class _Cleaner:
    bad: set[Path]
    limits: dict[Path, int]

    def node(self, node: Node, path: Path) -> Node:
        if isinstance(node, Mapping):
            return self.mapping(node, path)
        return self.sequence(node, path) if isinstance(node, Sequence) else node

    def mapping(self, mapping: Mapping, path: Path) -> Mapping:
        entries = []
        for entry in mapping.entries[: self.limits.get(path)]:
            child = (*path, entry.key)
            is_bad = child in self.bad
            value = _replacement(child, entry) if is_bad else self.node(entry.value, child)
            if value is not None:
                entries.append(Entry(entry.key, entry.key_span, value))
        return Mapping(tuple(entries), mapping.span)

    def sequence(self, sequence: Sequence, path: Path) -> Sequence:
        items = []
        required = REQUIRED_IN_ITEMS.get(str(path[-1]), ())
        for index, item in enumerate(sequence.items[: self.limits.get(path)]):
            child = (*path, index)
            if child not in self.bad and not any((*child, key) in self.bad for key in required):
                items.append(self.node(item, child))
        if path[:1] == ("enums",) and path[-1] == "values" and sequence.items and not items:
            items.append(Scalar(PLACEHOLDER, sequence.span))
        return Sequence(tuple(items), sequence.span)


def _replacement(path: Path, entry: Entry) -> Node | None:
    """What stands for a refused value; None where its key can simply go."""
    span = entry.key_span
    match path:
        case ("components" | "worlds", _):
            return Mapping((), span)
        case ("enums", _):
            return _single("values", _single(PLACEHOLDER, Scalar(0, span), span), span)
        case ("enums", _, "values"):
            return _single(PLACEHOLDER, Scalar(0, span), span)
        case ("structs", _):
            return _single("fields", _harmless_fields(span), span)
        case ("structs" | "components", _, "fields"):
            return _harmless_fields(span)
        case ("structs" | "components", _, "fields", _) | (_, _, "fields", _, "type"):
            return Scalar(HARMLESS_TYPE, span)
        case ("lanes", _, key, *_) | ("worlds", _, "transfer_queue", key, *_) if (
            key in OF_FULL_LANES
        ):
            return Scalar(None, span)
        case ("lanes", _, "priority"):
            return Scalar(True, span)
    return None


def _harmless_fields(span: Span) -> Mapping:
    return _single(PLACEHOLDER, Scalar(HARMLESS_TYPE, span), span)


def _single(key: str, value: Node, span: Span) -> Mapping:
    return Mapping((Entry(key, span, value),), span)
