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
from corinth.unknown_keys import PAIR, SURE, may_be, same

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
        items = [self.item_of(entry, schema["items"]) for entry in node]
        if all(item is not None for item in items):
            made = Sequence(tuple(item for item in items if item is not None), node.span)
        elif all(entry.key in keys for entry in node):
            made = Sequence((replace(node, span=replace(node.span, is_whole=False)),), node.span)
        else:
            return node
        self.report(f"`{path[-1]}` must be a list, not a mapping", node, made, schema, path)
        return made

    def item_of(self, entry: Entry, items: Schema) -> Node | None:
        """The item of a list that an entry stands for: a name that means nothing, or the one end.

        `lobby: arena` and `lobby: {to: arena}` have the other end as their key.
        """
        required = items.get("required", ())
        value = entry.value
        name = Scalar(entry.key, entry.key_span)
        if isinstance(value, Scalar) and len(required) == PAIR:
            is_pair = isinstance(value.value, str) and entry.key not in items["properties"]
            ends = zip(required, (name, value), strict=True)
            made = tuple(Entry(key, entry.key_span, end) for key, end in ends)
            return Mapping(made, entry.key_span) if is_pair else None
        if not isinstance(value, Mapping):
            return None
        missing = [key for key in required if key not in value]
        names = self.known.components if missing == ["component"] else self.known.worlds
        if len(missing) != 1 or entry.key not in names:
            return value
        end = Entry(missing[0], entry.key_span, name)
        return replace(value, entries=(end, *value.entries))

    def report(self, message: str, old: Node, made: Node, schema: Schema, path: Path) -> None:
        """Propose the new shape; in full only where nothing in it is wrong."""
        self.sections |= {str(path[0])} if len(path) == 1 else set()
        written = flow(to_plain(made))
        if len(written) > MAX_TEXT or not self.is_right(to_plain(made), schema, path):
            first = made.items[0] if isinstance(made, Sequence) else made
            ends = schema.get("items", {}).get("required", ())
            shown = "{" + ", ".join(f"{key}: {OPEN}" for key in ends) + "}"
            if self.is_right([to_plain(first)], schema, path):
                shown = flow(to_plain(first))
            shown = _outline(made, shown)
            self.diagnostics.error("wrong-type", message, old.span, f"write {shown}")
            return
        hint = f"write {written}"
        self.diagnostics.error("wrong-type", message, old.span, hint, replacement=written)

    def is_right(self, value: Plain, schema: Schema, path: Path) -> bool:
        """Whether a shape is of the right form, and what it refers to is there."""
        from jsonschema import Draft202012Validator

        pending: list[tuple[str, Plain]] = [(str(path[-1]), value)]
        while pending:
            key, inner = pending.pop()
            if key == "fields" and isinstance(inner, dict):
                kinds = [kind.get("type") if isinstance(kind, dict) else kind
                         for kind in inner.values()]  # fmt: skip
                if not all(map(self.known.is_type, kinds)):
                    return False
            elif key in REFERENCES:
                names = self.known.components if key == "component" else self.known.worlds
                if not (isinstance(inner, str) and inner in names):
                    return False
            pending += inner.items() if isinstance(inner, dict) else []
            pending += [("", item) for item in inner] if isinstance(inner, list) else []
        return Draft202012Validator(schema).is_valid(value)

    def indented(self, node: Mapping, schema: Schema) -> Mapping:
        """Entries that stand beside the key which they belong below, put there."""
        entries: list[Entry] = []
        rest = list(node.entries)
        while rest:
            entry = rest.pop(0)
            moved: list[Entry] = []
            if _is_empty(entry):
                while rest and self.belongs_below(rest[0], entry, schema):
                    moved.append(rest.pop(0))
            elif isinstance(entry.value, Mapping):
                while rest and _belongs_into(rest[0], entry, schema):
                    moved.append(rest.pop(0))
            entries.append(self.put_below(entry, moved) if moved else entry)
        return node if same(entries, node.entries) else replace(node, entries=tuple(entries))

    def put_below(self, entry: Entry, moved: list[Entry]) -> Entry:
        """An entry with those below it that stand beside it."""
        begin = moved[0]
        hint = "indent it" if len(moved) == 1 else "indent it and what follows it"
        if isinstance(entry.value, Mapping):
            message = f"`{begin.key}` stands beside `{entry.key}`, not in it"
            kept = entry.value
        else:
            message = f"`{begin.key}` stands beside `{entry.key}`, not below it"
            kept = Mapping((), replace(begin.key_span, is_whole=False))
        self.diagnostics.error("indentation", message, begin.key_span, hint)
        added = tuple(each for each in moved if each.key not in kept)
        return replace(entry, value=replace(kept, entries=kept.entries + added))

    def belongs_below(self, entry: Entry, empty: Entry, schema: Schema) -> bool:
        """Whether an entry can't be meant for its place, but fits below the empty key before it."""
        place, other = entry.key_span, empty.key_span
        if place.line <= other.line or place.column != other.column:
            return False
        keys: Schema = schema.get("properties", {})
        inner = keys.get(empty.key, schema.get("additionalProperties"))
        if not isinstance(inner, dict) or "object" not in inner.get("type", ()):
            return False
        near = entry.key if entry.key in keys else nearest(entry.key, keys, SURE) if keys else None
        if near is not None:
            is_type = self.known.is_type(to_plain(entry.value))
            if may_be(keys[near], entry.value) or not is_type or empty.key != "fields":
                return False
        below: Schema = inner.get("properties", {})
        if entry.key in below:
            return may_be(below[entry.key], entry.value) or _is_empty(entry)
        names = inner.get("additionalProperties")
        if not keys or not isinstance(names, dict):
            return False
        return may_be(names, entry.value) or _is_empty(entry)


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


def _belongs_into(entry: Entry, above: Entry, schema: Schema) -> bool:
    """Whether an entry beside names is a key of what the name above it stands for.

    `routing` among worlds may be the name of one; not where what is in it is a routing.
    """
    inner = schema.get("additionalProperties")
    keys: Schema = inner.get("properties", {}) if isinstance(inner, dict) else {}
    if entry.key_span.line <= above.key_span.line or "properties" in schema:
        return False
    if entry.key not in keys or not isinstance(above.value, Mapping):
        return False
    own = keys[entry.key]
    if entry.key in above.value or not may_be(own, entry.value):
        return False
    if not isinstance(entry.value, Mapping):
        return "string" not in inner.get("type", ()) if isinstance(inner, dict) else False
    if "properties" not in own:
        return len(entry.value) > 0 and not any(each.key in keys for each in entry.value)
    return any(each.key in own["properties"] and each.key not in keys for each in entry.value)


def _outline(made: Node, first: str) -> str:
    """The new shape with what only repeats the text left out; of a list, the `first` item."""
    if isinstance(made, Sequence):
        return f"[{first}]" if len(made) == 1 else f"[{first}, {{{OPEN}}}]"
    assert isinstance(made, Mapping), "a shape is a list or a mapping"
    shown = [
        f"{entry.key}: {f'{{{OPEN}}}' if isinstance(entry.value, Mapping) else OPEN}"
        for entry in made.entries[:MAX_NAMED]
    ]
    shown += [OPEN] if len(made) > MAX_NAMED else []
    return "{" + ", ".join(shown) + "}"
