"""Shapes: a list where names are keys, names where a list belongs, and keys indented too little.

What stands there is put into the shape that its place has, so that the other faults in it are found
in the same run and what it defines is known. A shape that isn't recognised is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from corinth.diagnostics import Diagnostics
from corinth.document import Entry, Mapping, Node, Plain, Scalar, Sequence, to_plain
from corinth.hints import MAX_TEXT, OPEN, Known, flow
from corinth.spelling import nearest
from corinth.unknown_keys import SURE, may_be, same

Path = tuple[str | int, ...]
Schema = AnyMapping[str, Any]

NAME_KEYS = ("name", "id")
"""Keys that give the name of a list's item."""

REFERENCES = ("from", "to", "component", "target", "default_target")
"""Keys whose value is the name of a world or a component."""

MAX_NAMED = 3
"""Names that a hint shows; the others look alike."""


def reshape(
    root: Mapping, schema: Schema, known: Known, diagnostics: Diagnostics
) -> tuple[Mapping, frozenset[str]]:
    """The document with each node in the shape of its place, and the sections that were in none."""
    shaper = _Shaper(known, diagnostics)
    node = shaper.node(root, schema, ())
    assert isinstance(node, Mapping), "a mapping at the top stays one"
    return node, frozenset(shaper.sections)


@dataclass
class _Shaper:
    known: Known
    diagnostics: Diagnostics
    sections: set[str] = field(default_factory=set)

    def node(self, node: Node, schema: Schema, path: Path) -> Node:
        kinds = schema.get("type", ())
        inner, items = schema.get("additionalProperties"), schema.get("items")
        if isinstance(node, Sequence) and "array" not in kinds and isinstance(inner, dict):
            node = self.named(node, schema, path)
        elif isinstance(node, Mapping) and "array" in kinds and "object" not in kinds:
            node = self.listed(node, schema, path)
        if isinstance(node, Sequence):
            if not isinstance(items, dict):
                return node
            found = [self.node(item, items, (*path, n)) for n, item in enumerate(node)]
            return node if same(found, node.items) else replace(node, items=tuple(found))
        if not isinstance(node, Mapping):
            return node
        node = self.indented(node, schema)
        keys: Schema = schema.get("properties", {})
        entries = []
        for entry in node:
            below = keys.get(entry.key, inner)
            is_known = isinstance(below, dict)
            value = self.node(entry.value, below, (*path, entry.key)) if is_known else entry.value
            entries.append(entry if value is entry.value else replace(entry, value=value))
        return node if same(entries, node.entries) else replace(node, entries=tuple(entries))

    def named(self, node: Sequence, schema: Schema, path: Path) -> Node:
        """A list whose items have names, as the mapping of these names."""
        inner: Schema = schema["additionalProperties"]
        entries: list[Entry] = []
        for item in node:
            found = self.entries_of(item, inner)
            if not found:
                return node
            entries += found
        names = [entry.key for entry in entries]
        if not any(isinstance(item, Mapping) for item in node) or len(set(names)) < len(names):
            return node
        made = Mapping(tuple(entries), node.span)
        self.report(f"`{path[-1]}` must be a mapping, not a list", node, made, schema, path)
        return made

    def entries_of(self, item: Node, inner: Schema) -> list[Entry]:
        """The entries that an item of a list stands for; empty where they aren't clear."""
        keys: Schema = inner.get("properties", {})
        if isinstance(item, Scalar):
            is_name = isinstance(item.value, str) and "string" not in inner.get("type", ())
            is_name = is_name and not inner.get("required")
            return [Entry(str(item.value), item.span, Mapping((), item.span))] if is_name else []
        if not isinstance(item, Mapping):
            return []
        named = _named_by_key(item, inner)
        if named is not None:
            return [named]
        if "string" in inner.get("type", ()) and not self.is_field(item):
            return []
        is_alone = len(item) == 1 or not any(entry.key in keys for entry in item)
        return list(item.entries) if is_alone else []

    def is_field(self, item: Mapping) -> bool:
        """Whether `name` in an item is the name of a field, not the key of one."""
        name = item.string("name")
        return name is None or self.known.is_type(name)

    def listed(self, node: Mapping, schema: Schema, path: Path) -> Node:
        """A mapping in the place of a list: one item, or items with names that mean nothing."""
        keys = schema["items"].get("properties", {})
        if not keys or not len(node):
            return node
        values = tuple(entry.value for entry in node)
        if all(isinstance(value, Mapping) for value in values):
            made = Sequence(values, node.span)
        elif all(entry.key in keys for entry in node):
            made = Sequence((replace(node, span=replace(node.span, is_whole=False)),), node.span)
        else:
            return node
        self.report(f"`{path[-1]}` must be a list, not a mapping", node, made, schema, path)
        return made

    def report(self, message: str, old: Node, made: Node, schema: Schema, path: Path) -> None:
        """Propose the new shape; in full only where nothing in it is wrong."""
        self.sections |= {str(path[0])} if len(path) == 1 else set()
        written = flow(to_plain(made))
        if len(written) > MAX_TEXT or not self.is_right(to_plain(made), schema, path):
            shown = _outline(made)
            self.diagnostics.error("wrong-type", message, old.span, f"write {shown}")
            return
        hint = f"write {written}"
        self.diagnostics.error("wrong-type", message, old.span, hint, replacement=written)

    def is_right(self, value: Plain, schema: Schema, path: Path) -> bool:
        """Whether a shape is of the right form, and what it refers to is there."""
        from jsonschema import Draft202012Validator

        ends = self.known.worlds | self.known.components
        pending: list[tuple[str, Plain]] = [(str(path[-1]), value)]
        while pending:
            key, inner = pending.pop()
            if key == "fields" and isinstance(inner, dict):
                kinds = [kind.get("type") if isinstance(kind, dict) else kind
                         for kind in inner.values()]  # fmt: skip
                if not all(map(self.known.is_type, kinds)):
                    return False
            elif key in REFERENCES and not (isinstance(inner, str) and inner in ends):
                return False
            pending += inner.items() if isinstance(inner, dict) else []
            pending += [("", item) for item in inner] if isinstance(inner, list) else []
        return Draft202012Validator(schema).is_valid(value)

    def indented(self, node: Mapping, schema: Schema) -> Mapping:
        """Entries that stand beside the empty key which they belong below, put there."""
        entries: list[Entry] = []
        rest = list(node.entries)
        while rest:
            entry = rest.pop(0)
            moved: list[Entry] = []
            if _is_empty(entry):
                while rest and _belongs_below(rest[0], entry, schema):
                    moved.append(rest.pop(0))
            if moved:
                begin = moved[0]
                message = f"`{begin.key}` stands beside `{entry.key}`, not below it"
                hint = "indent it" if len(moved) == 1 else "indent it and what follows it"
                self.diagnostics.error("indentation", message, begin.key_span, hint)
                span = replace(begin.key_span, is_whole=False)
                entry = replace(entry, value=Mapping(tuple(moved), span))
            entries.append(entry)
        return node if same(entries, node.entries) else replace(node, entries=tuple(entries))


def _named_by_key(item: Mapping, inner: Schema) -> Entry | None:
    """An item such as `{name: Boat, fields: {…}}`, as the entry `Boat: {fields: {…}}`."""
    keys: Schema = inner.get("properties", {})
    for key in NAME_KEYS:
        name = item.get(key)
        if not isinstance(name, Scalar) or not isinstance(name.value, str):
            continue
        rest = tuple(entry for entry in item if entry.key != key)
        is_field = "string" in inner.get("type", ())
        has_keys = any(entry.key in keys for entry in rest)
        if not has_keys and (rest or is_field):
            continue
        is_type_alone = is_field and len(rest) == 1 and rest[0].key == "type"
        value = rest[0].value if is_type_alone else Mapping(rest, item.span)
        return Entry(name.value, name.span, value)
    return None


def _is_empty(entry: Entry) -> bool:
    """Whether nothing at all stands after a key."""
    value = entry.value
    return isinstance(value, Scalar) and value.value is None and not value.span.is_whole


def _belongs_below(entry: Entry, empty: Entry, schema: Schema) -> bool:
    """Whether an entry can't be meant for its place, but fits below the empty key before it."""
    place, other = entry.key_span, empty.key_span
    if place.line <= other.line or place.column != other.column:
        return False
    keys: Schema = schema.get("properties", {})
    inner = keys.get(empty.key, schema.get("additionalProperties"))
    if not isinstance(inner, dict) or "object" not in inner.get("type", ()):
        return False
    if keys and (entry.key in keys or nearest(entry.key, keys, SURE) is not None):
        return False
    below: Schema = inner.get("properties", {})
    if entry.key in below:
        return may_be(below[entry.key], entry.value) or _is_empty(entry)
    names = inner.get("additionalProperties")
    if not keys or not isinstance(names, dict):
        return False
    return may_be(names, entry.value) or _is_empty(entry)


def _outline(made: Node) -> str:
    """The new shape with what only repeats the text left out."""
    if isinstance(made, Sequence):
        return f"[{{{OPEN}}}]" if len(made) == 1 else f"[{{{OPEN}}}, {{{OPEN}}}]"
    assert isinstance(made, Mapping), "a shape is a list or a mapping"
    shown = [
        f"{entry.key}: {f'{{{OPEN}}}' if isinstance(entry.value, Mapping) else OPEN}"
        for entry in made.entries[:MAX_NAMED]
    ]
    shown += [OPEN] if len(made) > MAX_NAMED else []
    return "{" + ", ".join(shown) + "}"
