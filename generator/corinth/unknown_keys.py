"""Unknown keys: each is reported, with the key that is meant or the place where it belongs.

In the document the entry moves to that place, so that other faults in it are found in the same run
and what it defines is known. An entry that has no such place is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from corinth.clean import HARMLESS_TYPE
from corinth.diagnostics import Diagnostics
from corinth.document import (
    NOTHING_UNSEEN,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unseen,
    to_plain,
)
from corinth.hints import Known, flow
from corinth.load import unseen_in
from corinth.model import MAX_ARRAY_COUNT
from corinth.spelling import nearest
from corinth.synonyms import LENGTHS, NEEDED, SYNONYMS, TOP

Path = tuple[str | int, ...]
Schema = AnyMapping[str, Any]

MAX_SUGGESTIONS = 40
"""Nearest names looked up in one run: comparing is slow, and hundreds aren't read."""

MAX_LISTED = 8
PAIR = 2
SURE = 0.8
"""How alike a key must be to one of its place to be preferred to an equal one of another place."""

TYPES_OF_PYTHON: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}


def settle(
    root: Mapping, schema: Schema, known: Known, diagnostics: Diagnostics
) -> tuple[Mapping, Unseen]:
    """The document with each unknown key put where it belongs or left out, and what that hides."""
    settler = _Settler(schema, known, diagnostics)
    node = settler.node(root, schema, ())
    assert isinstance(node, Mapping), "what is settled stays what it is"
    return node, settler.unseen


def listed(names: list[str]) -> str:
    """What is possible, for a hint; all of it if that is little."""
    all_names = [f"`{name}`" for name in names]
    if len(all_names) == 1:
        return f"only {all_names[0]}"
    shown = ", ".join(all_names[:MAX_LISTED])
    left = len(all_names) - MAX_LISTED
    return f"one of {shown} and {left} more" if left > 0 else f"one of {shown}"


def may_be(schema: Schema, node: Node) -> bool:
    """Whether a node is of a type that its place allows."""
    types = schema.get("type", ())
    value = to_plain(node)
    if isinstance(value, bool):
        return "boolean" in types
    kinds = [types] if isinstance(types, str) else types
    return any(isinstance(value, TYPES_OF_PYTHON[kind]) for kind in kinds)


@dataclass
class _Settler:
    schema: Schema
    known: Known
    diagnostics: Diagnostics
    unseen: Unseen = NOTHING_UNSEEN
    suggestions: int = field(default=0)

    def node(self, node: Node, schema: Schema, path: Path) -> Node:
        if isinstance(node, Sequence) and isinstance(schema.get("items"), dict):
            items = [self.node(i, schema["items"], (*path, n)) for n, i in enumerate(node.items)]
            return node if same(items, node.items) else replace(node, items=tuple(items))
        if not isinstance(node, Mapping):
            return node
        if "properties" in schema:
            return self.mapping(node, schema, path)
        inner = schema.get("additionalProperties")
        if not isinstance(inner, dict):
            return node
        entries = [self.entry(e, inner, (*path, e.key)) for e in node.entries]
        return node if same(entries, node.entries) else replace(node, entries=tuple(entries))

    def entry(self, entry: Entry, schema: Schema, path: Path) -> Entry:
        if schema.get("title") == "a field" and self.is_struct(entry.value):
            message = f"field `{entry.key}` has fields of its own"
            hint = "define a struct under `structs`, and write its name here"
            self.diagnostics.error("field-type", message, entry.value.span, hint)
            return replace(entry, value=Scalar(HARMLESS_TYPE, entry.value.span))
        value = self.node(entry.value, schema, path)
        return entry if value is entry.value else replace(entry, value=value)

    def is_struct(self, node: Node) -> bool:
        """Whether what stands for a field's type is the fields of a struct."""
        if not isinstance(node, Mapping):
            return False
        inner = node.mapping("fields") or node
        keys = [entry.key for entry in inner]
        kinds = [to_plain(entry.value) for entry in inner]
        is_misspelt = any(
            key in SYNONYMS["a field"] or nearest(key, ("type", "doc"), SURE) for key in keys
        )
        return bool(keys) and not is_misspelt and all(isinstance(kind, str) for kind in kinds)

    def mapping(self, node: Mapping, schema: Schema, path: Path) -> Mapping:
        keys: Schema = schema["properties"]
        node = self.counted(self.pair(node, schema, path), schema)
        placed = {entry.key: entry for entry in node if entry.key in keys}
        for entry in node:
            if entry.key not in keys:
                self.unknown(entry, schema, placed, path)
        if len(placed) != len(node) or any(e.key not in keys for e in node):
            order = {entry.key_span: index for index, entry in enumerate(node)}
            entries = sorted(placed.values(), key=lambda e: order.get(e.key_span, len(order)))
        else:
            entries = list(node.entries)
        settled = [self.entry(e, keys[e.key], (*path, e.key)) for e in entries]
        return node if same(settled, node.entries) else replace(node, entries=tuple(settled))

    def pair(self, node: Mapping, schema: Schema, path: Path) -> Mapping:
        """A lane or a route that is written as `{a: b}`, with its keys."""
        required = schema.get("required", ())
        entry = node.entries[0] if len(node) == 1 else None
        if entry is None or not path or len(required) != PAIR or entry.key in schema["properties"]:
            return node
        value = entry.value
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            return node
        if self.meant(entry, schema, str(schema.get("title"))) is not None:
            return node
        message = f"unknown key `{entry.key}` in {schema['title']}"
        ends = Scalar(entry.key, entry.key_span), value
        entries = tuple(Entry(k, entry.key_span, v) for k, v in zip(required, ends, strict=True))
        paired = replace(node, entries=entries)
        written = flow(to_plain(paired))
        self.diagnostics.error(
            "unknown-key", message, node.span, f"write {written}", replacement=written
        )
        return paired

    def counted(self, node: Mapping, schema: Schema) -> Mapping:
        """A field with its length as a key of its own, as one of an array type."""
        kind = node.string("type")
        entry = next((each for each in node if each.key in LENGTHS), None)
        count = node.integer(entry.key) if entry is not None else None
        is_field = schema.get("title") == "a field" and self.known.is_type(kind)
        if entry is None or kind is None or count is None or not is_field or "[" in kind:
            return node
        if not 1 <= count <= MAX_ARRAY_COUNT:
            return node
        message = f"unknown key `{entry.key}` in a field"
        kept = tuple(each for each in node if each is not entry)
        entries = tuple(
            replace(each, value=replace(each.value, value=f"{kind}[{count}]"))
            if each.key == "type" and isinstance(each.value, Scalar)
            else each
            for each in kept
        )
        made = replace(node, entries=entries)
        written = f'"{kind}[{count}]"' if len(kept) == 1 else flow(to_plain(made))
        span = node.span if node.span.is_whole else entry.key_span
        written_at = written if node.span.is_whole else ""
        self.diagnostics.error(
            "unknown-key", message, span, f"write {written}", replacement=written_at
        )
        return made

    def unknown(self, entry: Entry, schema: Schema, placed: dict[str, Entry], path: Path) -> None:
        """Report an unknown key, and put its value where it belongs if that is clear."""
        what = schema.get("title", f"`{path[-1]}`" if path else "a schema")
        message = f"unknown key `{entry.key}` in {what}"
        hint = replacement = ""
        near = self.meant(entry, schema, what)
        home = self.routed(entry, placed, what)
        home = home or ("" if near and near[1] else self.wrapped(entry, schema, placed, what))
        if near and not home:
            key = near[0]
            needed = NEEDED.get(key, "")
            if key not in placed and needed and needed not in placed:
                hint = f"it is `{key}` here, and needs `{needed}: true`"
                placed[key] = replace(entry, key=key)
            elif key not in placed:
                hint, replacement = f"did you mean `{key}`?", key
                placed[key] = replace(entry, key=key)
            elif _join(placed, key, entry):
                hint = f"move what is in it into `{key}`"
            else:
                hint = f"`{key}` is given already; remove this one"
        elif home:
            hint = home
        else:
            hint = self.elsewhere(entry.key, path) or _possible(schema)
            self.hide(entry, path)
        self.diagnostics.error(
            "unknown-key", message, entry.key_span, hint, replacement=replacement
        )

    def meant(self, entry: Entry, schema: Schema, what: str) -> tuple[str, bool] | None:
        """The key of this place that is meant, and whether that is sure."""
        keys = _supported(schema)
        key = SYNONYMS.get(what, {}).get(entry.key)
        if key in keys and may_be(keys[key], entry.value):
            return key, True
        if self.suggestions >= MAX_SUGGESTIONS:
            return None
        self.suggestions += 1
        fitting = [name for name in keys if may_be(keys[name], entry.value)]
        for names, cutoff in ((keys, SURE), (fitting, 0.6)):
            near = nearest(entry.key, names, cutoff)
            if near is not None:
                is_sure = nearest(entry.key, [near], SURE) is not None
                return (near, True) if is_sure or entry.key not in self.homes else None
        return None

    def routed(self, entry: Entry, placed: dict[str, Entry], what: str) -> str:
        """The routing that a list of worlds stands for; a hint, or empty."""
        names = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
        texts = [name.value for name in names if isinstance(name, Scalar)]
        is_routing = SYNONYMS.get(what, {}).get(entry.key) == "routing" and "routing" not in placed
        if not is_routing or not texts or not all(text in self.known.worlds for text in texts):
            return ""
        target = Mapping((Entry("default_target", entry.key_span, names[0]),), entry.key_span)
        placed["routing"] = Entry("routing", entry.key_span, target)
        if len(texts) == 1:
            return f"write `routing: {{default_target: {texts[0]}}}`"
        return "write `routing: {default_target: …}`, and `component_routes` for the others"

    def wrapped(self, entry: Entry, schema: Schema, placed: dict[str, Entry], what: str) -> str:
        """Put an entry into the mapping one level below that it belongs in; the hint, or empty."""
        for outer, inner in _supported(schema).items():
            keys = inner.get("properties", {}) if inner.get("type") == "object" else {}
            is_key = entry.key in keys and "x-due" not in keys[entry.key] and entry.key != "doc"
            named = "additionalProperties" in inner and not keys
            is_member = named and self.is_member(outer, entry, what)
            if not is_key and not is_member:
                continue
            shown = to_plain(entry.value)
            value = flow(shown) if not isinstance(shown, dict | list) else OPEN_VALUE[type(shown)]
            moved = Mapping((entry,), replace(entry.key_span, is_whole=False))
            outer_place = placed[outer].key_span if outer in placed else None
            if outer not in placed:
                placed[outer] = Entry(outer, entry.key_span, moved)
                return f"write `{outer}: {{{entry.key}: {value}}}`"
            if _join(placed, outer, replace(entry, value=moved)):
                place = entry.key_span
                is_below = outer_place is not None and place.line > outer_place.line
                is_slip = (
                    is_below and outer_place is not None and place.column == outer_place.column
                )
                return f"it belongs in `{outer}`" + (": indent it" if is_slip else "")
        return ""

    def is_member(self, outer: str, entry: Entry, what: str) -> bool:
        """Whether an entry looks like one that `fields` or `values` is made of."""
        value = to_plain(entry.value)
        if outer == "fields" and what in ("a component", "a struct"):
            inner = value.get("type") if isinstance(value, dict) else value
            return self.known.is_type(inner)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return outer == "values" and what == "an enum" and is_number

    @cached_property
    def homes(self) -> dict[str, list[str]]:
        """By key: what the mappings are called that have it; the top of the file last."""
        found: dict[str, list[str]] = {}
        for title, keys in sorted(_objects(self.schema), key=lambda item: item[0] in TOP):
            for key in keys:
                titles = found.setdefault(key, [])
                titles += [title] if title not in titles else []
        return found

    def elsewhere(self, key: str, path: Path) -> str:
        """A hint where in a schema a key belongs that has no meaning here; empty if nowhere."""
        homes = [home for home in self.homes.get(key, []) if not (home in TOP and not path)]
        if not homes or key == "doc":
            return ""
        shown = ["the top of the file" if home in TOP else home for home in homes]
        places = " or ".join(shown)
        return f"it belongs {'at' if shown[0].startswith('the ') else 'in'} {places}"

    def hide(self, entry: Entry, path: Path) -> None:
        """What is left out with an entry: names at the top, else routes and lanes."""
        if not path:
            self.unseen |= unseen_in(entry.value)
        elif path[0] in ("worlds", "lanes", "pipeline") and _holds_text(entry.value):
            self.unseen |= Unseen(frozenset(("lanes",)))


OPEN_VALUE = {dict: "{…}", list: "[…]"}


def same(items: list[Any], others: tuple[Any, ...]) -> bool:
    """Whether nothing of a collection was replaced."""
    return len(items) == len(others) and all(a is b for a, b in zip(items, others, strict=True))


def _join(placed: dict[str, Entry], key: str, entry: Entry) -> bool:
    """Add what a collection holds to the one under its right name; whether both are of one kind."""
    mine, theirs = placed[key].value, entry.value
    joined: Node
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        added = tuple(inner for inner in theirs if inner.key not in mine)
        joined = replace(mine, entries=mine.entries + added)
    elif isinstance(mine, Sequence) and isinstance(theirs, Sequence):
        joined = replace(mine, items=mine.items + theirs.items)
    else:
        return False
    placed[key] = replace(placed[key], value=joined)
    return True


def _supported(schema: Schema) -> dict[str, Any]:
    keys: dict[str, Any] = schema["properties"]
    return {key: value for key, value in keys.items() if "x-due" not in value}


def _possible(schema: Schema) -> str:
    return listed(sorted(_supported(schema))) if _supported(schema) else "remove it"


def _objects(schema: Schema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of the language that has keys of its own: its name and those supported."""
    if isinstance(schema.get("title"), str) and "properties" in schema:
        yield schema["title"], _supported(schema)
    for inner in (*schema.get("properties", {}).values(), schema.get("items"),
                  schema.get("additionalProperties")):  # fmt: skip
        if isinstance(inner, dict):
            yield from _objects(inner)


def _holds_text(node: Node) -> bool:
    """Whether a value may name a world."""
    if isinstance(node, Scalar):
        return isinstance(node.value, str)
    inner = [entry.value for entry in node] if isinstance(node, Mapping) else list(node)
    return any(_holds_text(item) for item in inner)
