"""Validate: a loaded schema against the JSON Schema, with errors in our words.

It answers what may be resolved: the document without what was wrong in it, so that errors of other
kinds are found in the same run and no error is said twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from corinth.clean import without
from corinth.diagnostics import Diagnostics, Span
from corinth.document import Entry, Loaded, Mapping, Node, Scalar, Sequence, to_plain
from corinth.scalars import describe

MAX_SUGGESTIONS = 40
"""Nearest names looked up in one run: comparing is slow, and nobody reads hundreds."""

MAX_COMPARED = 40
"""Unknown keys of one mapping that may be a missing one, misspelt."""

NEARNESS = 0.6
MAX_LISTED = 8
NAMING_SECTIONS = ("include", "pipeline", "enums", "structs", "components", "worlds")
"""Without one of these references can't be followed, and `resolve` reports each of them."""

KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "boolean": "true or false",
}
HINTS = {
    "object": "write {name: …}",
    "array": "write […]",
    "string": "write one text",
    "integer": "write a whole number",
    "boolean": "write true or false",
}
"""What to write where nothing better can be told from what stands there."""

YES_AND_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}

DEFERRED = "x-checked-by"
"""Marks what `resolve` reports, as it can say more; types are checked here all the same."""

Path = tuple[str | int, ...]


def schema_text() -> str:
    """The JSON Schema as it is in its file."""
    from corinth.paths import schemas_dir

    return (schemas_dir() / "corinth-1.schema.json").read_text(encoding="utf-8")


def json_schema() -> dict[str, Any]:
    """The JSON Schema as data."""
    schema = json.loads(schema_text())
    assert isinstance(schema, dict), "a JSON Schema is an object"
    return schema


def validate(loaded: Loaded, diagnostics: Diagnostics) -> Loaded:
    """Report what the JSON Schema finds, and answer the document without it."""
    checker = _Checker(loaded.root, json_schema(), diagnostics)
    root = checker.run()
    return replace(loaded, root=root, is_complete=loaded.is_complete and not checker.is_broken)


@dataclass(frozen=True)
class Finding:
    """What of a jsonschema error is used; its own message isn't."""

    path: Path
    keyword: str
    wanted: Any
    """The keyword's value in the JSON Schema."""
    schema: dict[str, Any]
    instance: Any
    is_name: bool
    """It is about a key of the mapping at `path`, which is the instance."""


@dataclass(frozen=True)
class _Place:
    """Where an error is: the node, its key and the mapping around it."""

    path: Path
    node: Node
    entry: Entry | None

    @property
    def name(self) -> str:
        """What a message calls it: its key, or that of the list which it is in."""
        keys = [part for part in self.path if isinstance(part, str)]
        name = f"`{keys[-1]}`" if keys else "a schema"
        return f"an item of {name}" if self.path and isinstance(self.path[-1], int) else name


class _Checker:
    """One run over one document."""

    def __init__(self, root: Mapping, schema: dict[str, Any], diagnostics: Diagnostics) -> None:
        self.root = root
        self.schema = schema
        self.diagnostics = diagnostics
        self.bad: set[Path] = set()
        self.limits: dict[Path, int] = {}
        """Of collections that are too long: how many entries the later stages get."""
        self.seen: set[tuple[Path, str]] = set()
        self.suggestions = 0
        self.is_broken = False

    def run(self) -> Mapping:
        from jsonschema import Draft202012Validator

        error: Any
        validator = Draft202012Validator(_without_references(self.schema, self.schema["$defs"]))
        for error in validator.iter_errors(to_plain(self.root)):
            finding = Finding(
                path=tuple(error.absolute_path),
                keyword=error.validator,
                wanted=error.validator_value,
                schema=error.schema,
                instance=error.instance,
                is_name="propertyNames" in error.absolute_schema_path,
            )
            self._report(finding)
        return without(self.root, self.bad, self.limits)

    def _report(self, finding: Finding) -> None:
        if finding.keyword == "additionalProperties":
            self._unknown_keys(finding)
        elif finding.keyword == "required":
            self._missing_keys(finding)
        elif finding.is_name:
            entry = self._place((*finding.path, finding.instance)).entry
            assert entry is not None, "a name is a key"
            self._form(finding, entry.key_span, None)
        elif DEFERRED not in finding.schema or finding.keyword == "type":
            self._value(finding)

    def _unknown_keys(self, finding: Finding) -> None:
        place = self._place(finding.path)
        assert isinstance(place.node, Mapping), "only mappings have keys"
        known = finding.schema.get("properties", {})
        supported = sorted(key for key in known if "x-due" not in known[key])
        what = finding.schema.get("title", place.name)
        for entry in place.node:
            if entry.key not in known:
                message = f"unknown key `{entry.key}` in {what}"
                hint = self._nearest(entry.key, list(known), supported)
                bad = (*finding.path, entry.key)
                self._error("unknown-key", message, entry.key_span, hint, bad)

    def _missing_keys(self, finding: Finding) -> None:
        """All keys that a mapping lacks; jsonschema has a finding for each.

        Where one is misspelt, the unknown key that it is instead says enough.
        """
        if (finding.path, "required") in self.seen:
            return
        self.seen.add((finding.path, "required"))
        known = finding.schema["properties"]
        unknown = [key.lower() for key in finding.instance if key not in known]
        place = self._place(finding.path)
        what = finding.schema.get("title", place.name)
        span = place.entry.key_span if place.entry else place.node.span
        for key in finding.wanted:
            if key in finding.instance:
                continue
            if self._is_near(key, unknown):
                self._mark(finding.path or None)
            else:
                message = f"{what} needs `{key}`"
                self._error("missing-key", message, span, f"add `{key}: …`", finding.path or None)

    def _form(self, finding: Finding, span: Span, bad: Path | None) -> None:
        """A name or another text that isn't of the form that it must have."""
        text, what = finding.instance, finding.schema.get("title", "a text")
        if finding.keyword == "maxLength":
            message = f"{what} has at most {finding.wanted} characters"
            hint = f"this has {len(text)}"
        elif finding.keyword == "minLength":
            message, hint = f"{what} can't be empty", "write one"
        else:
            message = f"{what} is made of {finding.schema['x-form']}"
            hint = _well_formed(text, finding.wanted)
        self._error("name-form", message, span, hint, bad)

    def _value(self, finding: Finding) -> None:
        """A finding about a node itself: at most one, its type first."""
        if (finding.path, "value") in self.seen:
            return
        self.seen.add((finding.path, "value"))
        place = self._place(finding.path)
        span = place.node.span
        match finding.keyword:
            case "type":
                message = f"{place.name} must be {_kinds(finding.wanted)}{_found(place.node)}"
                hint = _type_hint(place.node, finding.wanted)
                if DEFERRED in finding.schema:
                    hint = "write a type, such as u32"
                self._error("wrong-type", message, span, hint, place.path)
            case "not":
                assert place.entry is not None, "only keys are due later"
                message = f"{place.name} is not supported yet"
                hint = f"remove it; it comes with {finding.schema['x-due']}"
                self._error("not-supported", message, place.entry.key_span, hint, place.path)
            case "enum" | "const":
                self._choice(place, finding)
            case "minimum" | "maximum":
                low, high = finding.schema["minimum"], finding.schema["maximum"]
                message = f"{place.name} must be from {low:,} to {high:,}"
                limit = "at least" if finding.keyword == "minimum" else "at most"
                hint = f"{limit} {finding.wanted:,}"
                self._error("out-of-range", message, span, hint, place.path)
            case "minItems" | "maxItems" | "minProperties" | "maxProperties":
                self._count(place, finding)
            case "maxLength" if "pattern" not in finding.schema:
                message = f"{place.name} has at most {finding.wanted:,} characters"
                hint = f"this has {len(finding.instance):,}"
                self._error("too-many", message, span, hint, place.path)
            case _:
                self._form(finding, span, place.path)

    def _choice(self, place: _Place, finding: Finding) -> None:
        """A value that isn't among those that are possible."""
        schema, value, span = finding.schema, finding.instance, place.node.span
        if value in schema.get("x-later", ()):
            message = f"{place.name} can't be `{value}` yet"
            hint = _listed(schema["enum"])
            self._error("not-supported", message, span, hint, place.path)
        elif finding.keyword == "enum":
            hint = self._nearest(str(value), finding.wanted, finding.wanted)
            message = f"{place.name} can't be `{value}`"
            self._error("unknown-value", message, span, hint, place.path)
        elif finding.wanted is True:
            message = f"{place.name} can only be true"
            self._error("unknown-value", message, span, "leave it out", place.path)
        else:
            message = f"version {value} of the language isn't known"
            hint = f"write {finding.wanted}"
            self._error("language-version", message, span, hint, place.path)

    def _count(self, place: _Place, finding: Finding) -> None:
        limit, count = finding.wanted, len(finding.instance)
        one, many = ("item", "items") if finding.keyword.endswith("Items") else ("entry", "entries")
        span = place.entry.key_span if place.entry else place.node.span
        if finding.keyword.startswith("max"):
            message = f"{place.name} has at most {limit} {many}"
            self._error("too-many", message, span, f"this has {count}", None)
            self.limits[place.path] = limit
            self.is_broken = True
        else:
            message = f"{place.name} has at least {limit} {one if limit == 1 else many}"
            self._error("too-few", message, span, f"this has {count}", place.path)

    def _error(self, rule: str, message: str, span: Span, hint: str, bad: Path | None) -> None:
        self.diagnostics.error(rule, message, span, hint)
        self._mark(bad)

    def _mark(self, bad: Path | None) -> None:
        """Keep a node from the later stages."""
        if bad is not None:
            self.bad.add(bad)
            self.is_broken |= self._is_naming(bad)

    def _is_naming(self, path: Path) -> bool:
        """Whether something that is refused leaves references without their targets."""
        if path[0] in self.schema["properties"]:
            return path[0] == "pipeline" or (len(path) == 1 and path[0] in NAMING_SECTIONS)
        return any(self._is_near(section, [str(path[0]).lower()]) for section in NAMING_SECTIONS)

    def _place(self, path: Path) -> _Place:
        node: Node = self.root
        entry: Entry | None = None
        for part in path:
            if isinstance(part, int):
                assert isinstance(node, Sequence), "an index leads into a list"
                node, entry = node.items[part], None
            else:
                assert isinstance(node, Mapping), "a key leads into a mapping"
                entry = node.entry(part)
                assert entry is not None, "an error's path exists"
                node = entry.value
        return _Place(path, node, entry)

    def _is_near(self, key: str, unknown: list[str]) -> bool:
        from difflib import get_close_matches

        return bool(get_close_matches(key, unknown[:MAX_COMPARED], n=1, cutoff=NEARNESS))

    def _nearest(self, name: str, known: list[str], listed: list[str]) -> str:
        """A hint with the known name that is most like this one."""
        from difflib import get_close_matches

        if self.suggestions < MAX_SUGGESTIONS:
            self.suggestions += 1
            near = get_close_matches(name.lower(), known, n=1, cutoff=NEARNESS)
            if near:
                return f"did you mean `{near[0]}`?"
        return _listed(listed) if listed else "remove it"


def _without_references(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401
    """The JSON Schema with each reference replaced by its definition and what stands beside it.

    jsonschema takes half as long without references, and knows all that is said of a key.
    """
    if isinstance(schema, list):
        return [_without_references(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    definition = definitions.get(name, {})
    assert "$ref" not in definition, "a definition isn't only a reference"
    merged = {**definition, **schema}
    skipped = ("$ref", "$defs")
    return {
        key: _without_references(value, definitions)
        for key, value in merged.items()
        if key not in skipped
    }


def _kinds(types: str | list[str]) -> str:
    return " or ".join(KINDS[kind] for kind in ([types] if isinstance(types, str) else types))


def _found(node: Node) -> str:
    if isinstance(node, Scalar):
        return f", not {describe(node.value)}"
    return ", not a list" if isinstance(node, Sequence) else ", not a mapping"


def _type_hint(node: Node, types: str | list[str]) -> str:
    """What to write instead of a value of the wrong type."""
    kinds = [types] if isinstance(types, str) else types
    return _better_type_hint(node, types) or " or ".join(HINTS[kind] for kind in kinds)


def _better_type_hint(node: Node, types: str | list[str]) -> str:
    """A hint that what stands there suggests; empty if it suggests nothing."""
    if not isinstance(node, Scalar):
        return ""
    value = node.value
    if value is None:
        return "write {}" if "object" in types else "give it a value, or remove it"
    if types == "array":
        return f"write [{value}]"
    if types == "boolean" and str(value).lower() in YES_AND_NO:
        return f"write {YES_AND_NO[str(value).lower()]}"
    if types == "integer" and isinstance(value, str):
        plain = value.replace("_", "").replace(",", "")
        return f"write {plain}" if plain.isascii() and plain.isdecimal() else ""
    if "string" in types and isinstance(value, bool | int):
        return "quote it if it is a name"
    return ""


def _well_formed(name: str, pattern: str) -> str:
    """A hint with the nearest text that has the form."""
    near = re.sub("_+", "_", re.sub("[^A-Za-z0-9]", "_", name)).strip("_").lstrip("0123456789_")
    for candidate in (near, near.lower()):
        if re.fullmatch(pattern, candidate):
            return f"`{candidate}` would do"
    return "choose another name"


def _listed(names: Iterable[str]) -> str:
    """What is possible, for a hint; all of it if that is little."""
    all_names = [f"`{name}`" for name in names]
    if len(all_names) == 1:
        return f"only {all_names[0]}"
    shown = ", ".join(all_names[:MAX_LISTED])
    left = len(all_names) - MAX_LISTED
    return f"one of {shown} and {left} more" if left > 0 else f"one of {shown}"
