"""Validate: a loaded schema against the JSON Schema, with errors in our words.

It returns what may be resolved: the document without what was wrong in it, so that errors of other
kinds are found in the same run and none is reported twice. Longer than other modules, since the
words for each kind of finding stand here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from corinth.clean import without
from corinth.diagnostics import Diagnostics, Span
from corinth.document import (
    NOTHING_UNSEEN,
    Entry,
    Kind,
    Loaded,
    Mapping,
    Node,
    Plain,
    Scalar,
    Sequence,
    Unseen,
    to_plain,
)
from corinth.field_types import PRIMITIVES
from corinth.hint_words import is_sure, worded
from corinth.hints import (
    NUMBER_OF_VALUE,
    OPEN,
    Known,
    is_integer,
    name_for,
    proposal,
    words_of,
)
from corinth.load import MAIN_KEYS, SECTIONS
from corinth.scalars import describe
from corinth.shapes import reshape
from corinth.spelling import nearest
from corinth.synonyms import INCLUDED
from corinth.syntax_repairs import name_of
from corinth.unknown_keys import listed, settle

MAX_PROPOSALS = 80
"""Proposals made in one run: each takes time, and hundreds aren't read."""

DEFINING = ("enums", "structs", "components", "worlds")
ROUTING_KEYS = ("routing", "role")
"""Keys of a world without which it isn't known which lanes there are to be."""

KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "boolean": "true or false",
}
GENERAL_HINTS = {
    "object": "write a mapping: {key: value}",
    "array": "write a list: [item, item]",
    "string": "write a text",
    "integer": "write a whole number",
    "boolean": "write true or false",
}
"""What to write where nothing better is known."""

MEANINGFUL = re.compile(r"[\[\](){}<>=?*&+:|]")
"""What means something in other languages, so that a name without it isn't what was meant."""

MAX_SHIFT = 63

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


def validate(loaded: Loaded, diagnostics: Diagnostics, kind: Kind = Kind.SCHEMA) -> Loaded:
    """Report what the JSON Schema finds, and return the document without it."""
    schema = json_schema()
    condition, consequence = schema.pop("if"), schema.pop("then")
    whole = _without_references(schema, schema["$defs"])
    given = loaded.root
    if kind is Kind.FRAGMENT:
        given = _without_main_keys(given, diagnostics)
        keys = {key: each for key, each in whole["properties"].items() if key not in MAIN_KEYS}
        whole |= {"title": INCLUDED, "properties": keys}
    shaped, sections = reshape(given, whole, _known(given), diagnostics)
    known = _known(shaped)
    root, unseen = settle(shaped, whole, known, diagnostics)
    unseen |= loaded.unseen
    if len(loaded.inputs) > 1:
        # What included files put into a section isn't merged into one of another shape.
        unseen |= Unseen(sections)
    is_fragment = kind is Kind.FRAGMENT or (kind is Kind.EITHER and not _meets(condition, root))
    if is_fragment:
        root = _without_main_keys(root, diagnostics)
        unseen |= Unseen(frozenset((*DEFINING, "pipeline", "lanes")))
    else:
        whole |= consequence
    checker = _Checker(root, whole, known, diagnostics)
    checked = checker.run()
    return replace(loaded, root=checked, unseen=unseen | checker.unseen, is_fragment=is_fragment)


def _meets(condition: dict[str, Any], root: Mapping) -> bool:
    """Whether a document has the keys of a schema of its own."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(condition).is_valid(to_plain(root))


def _without_main_keys(root: Mapping, diagnostics: Diagnostics) -> Mapping:
    """A fragment without the keys that belong in the file which includes it."""
    for entry in root:
        if entry.key in MAIN_KEYS:
            message = f"`{entry.key}` doesn't belong in an included file"
            hint = "an included file has " + ", ".join(SECTIONS)
            diagnostics.error("include-key", message, entry.key_span, hint)
    kept = tuple(entry for entry in root if entry.key not in MAIN_KEYS)
    return replace(root, entries=kept)


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

    def __init__(
        self, root: Mapping, schema: dict[str, Any], known: Known, diagnostics: Diagnostics
    ) -> None:
        self.root = root
        self.schema = schema
        self.known = known
        self.diagnostics = diagnostics
        self.bad: set[Path] = set()
        self.limits: dict[Path, int] = {}
        """Of collections that are too long: how many entries the later stages get."""
        self.seen: set[tuple[Path, str]] = set()
        self.proposals = 0
        self.unseen = NOTHING_UNSEEN

    def run(self) -> Mapping:
        from jsonschema import Draft202012Validator

        error: Any
        for error in Draft202012Validator(self.schema).iter_errors(to_plain(self.root)):
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
        assert finding.keyword != "additionalProperties", "unknown keys have been settled"
        if finding.keyword == "required":
            self._missing_keys(finding)
        elif finding.is_name:
            place = self._place((*finding.path, finding.instance))
            assert place.entry is not None, "a name is a key"
            self._form(finding, place.entry.key_span, None)
        elif DEFERRED not in finding.schema or finding.keyword == "type":
            self._value(finding)

    def _missing_keys(self, finding: Finding) -> None:
        """All keys that a mapping lacks; jsonschema has a finding for each."""
        if (finding.path, "required") in self.seen:
            return
        self.seen.add((finding.path, "required"))
        keys = finding.schema["properties"]
        place = self._place(finding.path)
        what = finding.schema.get("title", place.name)
        span = place.entry.key_span if place.entry else place.node.span
        for key in finding.wanted:
            if key not in finding.instance:
                message = f"{what} needs `{key}`"
                example = keys[key].get("const", OPEN)
                hint = f"add `{key}: {example}`"
                if key == "name" and not any(entry.key in MAIN_KEYS for entry in self.root):
                    hint += "; a file that is only included is validated with `--fragment`"
                self._error("missing-key", message, span, hint, finding.path or None)

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
            meant = self._otherwise(finding, span)
            if meant is not None:
                self._error("name-form", message, *meant)
                return
            near = ""
            if self.proposals < MAX_PROPOSALS and not MEANINGFUL.search(text):
                self.proposals += 1
                own = (*finding.path, text) if finding.is_name else finding.path
                near = name_for(finding.path, text, finding.schema, self._names_beside(own))
            hint = f"`{near}` would do" if near else "choose another name"
            odd = next((char for char in text if not char.isascii()), "")
            hint = f"`{odd}` is {name_of(odd)}; {hint}" if odd else hint
            self._error("name-form", message, span, hint, bad, near)
            return
        self._error("name-form", message, span, hint, bad)

    def _otherwise(self, finding: Finding, span: Span) -> tuple[Span, str, Path | None, str] | None:
        """What is meant by a name with something in it that belongs elsewhere."""
        text: str = finding.instance
        valued = NUMBER_OF_VALUE.fullmatch(text)
        if valued is not None and "values" in finding.path and not finding.is_name:
            number = (
                int(valued[4], 0) if valued[4] else int(valued[2]) << min(int(valued[3]), MAX_SHIFT)
            )
            written = f"{{{valued[1]}: {number}}}"
            return span, f"write `{written}`", finding.path, written
        if finding.is_name and finding.path[-1:] == ("fields",):
            bare = re.sub(r"[\[?].*", "", text)
            if text.endswith("?"):
                return span, f"a field is never absent; write `{bare}`, or a component", None, ""
            node = self._place((*finding.path, text)).node
            kind = node.value if isinstance(node, Scalar) else None
            length = re.fullmatch(r"[A-Za-z]\w*(\[[1-9][0-9]{0,4}\])", text)
            if length is not None and self.known.is_type(kind) and "[" not in str(kind):
                written = f'{bare}: "{kind}{length[1]}"'
                hint = f"a length stands after the type: write `{written}`"
                whole = _joined(span, node.span)
                return whole, hint, None, written if whole != span else ""
        return None

    def _names_beside(self, path: Path) -> list[str]:
        """The names beside a key or an item of a list, which it must differ from."""
        around = self._place(path[:-1]).node
        if isinstance(around, Mapping):
            return [entry.key for entry in around if entry.key != path[-1]]
        items = around.items if isinstance(around, Sequence) else ()
        others = [item for index, item in enumerate(items) if index != path[-1]]
        return [str(item.value) for item in others if isinstance(item, Scalar)]

    def _value(self, finding: Finding) -> None:
        """A finding about a node itself: at most one, its type first."""
        if (finding.path, "value") in self.seen:
            return
        self.seen.add((finding.path, "value"))
        place = self._place(finding.path)
        span = place.node.span
        match finding.keyword:
            case "type":
                self._wrong_type(place, finding)
            case "not":
                assert place.entry is not None, "only keys are due later"
                message = f"{place.name} is not supported yet"
                hint = f"remove it; it comes with {finding.schema['x-due']}"
                self._error("not-supported", message, place.entry.key_span, hint, place.path)
            case "enum" | "const":
                self._choice(place, finding)
            case "minimum" | "maximum":
                self._out_of_range(place, finding)
            case "minItems" | "maxItems" | "minProperties" | "maxProperties":
                self._count(place, finding)
            case "maxLength" if "pattern" not in finding.schema:
                message = f"{place.name} has at most {finding.wanted:,} characters"
                hint = f"this has {len(finding.instance):,}"
                self._error("too-many", message, span, hint, place.path)
            case _:
                self._form(finding, span, place.path)

    def _out_of_range(self, place: _Place, finding: Finding) -> None:
        """The bounds are told, but none is proposed: another number isn't what was meant."""
        low, high = finding.schema["minimum"], finding.schema["maximum"]
        message = f"{place.name} must be from {low:,} to {high:,}"
        is_low = finding.keyword == "minimum"
        hint = f"at {'least' if is_low else 'most'} {finding.wanted:,}"
        if is_low and finding.schema.get("default", low) != low:
            hint += f"; the default is {finding.schema['default']:,}"
        self._error("out-of-range", message, place.node.span, hint, place.path)

    def _wrong_type(self, place: _Place, finding: Finding) -> None:
        message = f"{place.name} must be {_kinds(finding.wanted)}{_found(place.node)}"
        given = to_plain(place.node)
        anchor = self._anchor_at(place.node.span) if given is None else ""
        hint, written = self._instead(place, finding, given)
        if anchor:
            written = anchor if self.known.is_type(anchor) and "pattern" in finding.schema else ""
            hint = f"`&` begins an anchor, which has no value here; {hint}"
            hint = f"write `{written}`: `&` begins an anchor" if written else hint
        self._error("wrong-type", message, place.node.span, hint, place.path, written)

    def _instead(self, place: _Place, finding: Finding, given: Plain) -> tuple[str, str]:
        """What to say of a value of a wrong type, and what to write for it where that is sure."""
        schema = finding.schema
        if schema.get("title") == "an enum's value" and is_integer(given):
            written = f"{{{OPEN}: {given}}}"
            return f"a value has a name: write {written}", written
        shown = ""
        if self.proposals < MAX_PROPOSALS:
            self.proposals += 1
            shown = proposal(place.path, schema, given, self._known_at(place.path))
        types = finding.wanted if isinstance(finding.wanted, list) else [finding.wanted]
        written = shown if is_sure(schema, given, shown) else ""
        if schema.get("const") is True:
            is_false = shown == "false" or not shown
            return "leave it out" if is_false else "write true, or leave it out", written
        hint = " or ".join(GENERAL_HINTS[kind] for kind in types)
        if shown:
            hint = worded(place.path, schema, given, shown)
        elif words_of(schema) and "string" in types:
            return listed(words_of(schema)), ""
        elif "pattern" in schema or "then" in schema:
            return "write a name", ""
        is_optional = given is None and schema.keys() & {"default", "x-default"}
        return hint + (", or remove the key" if is_optional else ""), written

    def _anchor_at(self, span: Span) -> str:
        """The name of the anchor at a place in its file; empty where there is none."""
        lines = self.diagnostics.sources.get(span.file, ())
        line = lines[span.line - 1] if span.line <= len(lines) else ""
        anchor = re.compile(r"&(\w+)").match(line, span.column - 1)
        return anchor.group(1) if anchor else ""

    def _known_at(self, path: Path) -> Known:
        """What a proposal at a place may name: not the world itself, nor a lane's other end."""
        around = self._place(path[:-1]).node
        others = {str(part) for part in path[1:2] if path[0] == "worlds"}
        if path[0] == "lanes" and isinstance(around, Mapping):
            others |= {around.string("from") or "", around.string("to") or ""}
        largest = around.integer("capacity") if isinstance(around, Mapping) else None
        worlds = self.known.worlds - others
        return replace(
            self.known,
            worlds=worlds,
            beside=frozenset(self._names_beside(path)),
            largest=largest or self.known.largest,
        )

    def _choice(self, place: _Place, finding: Finding) -> None:
        """A value that isn't among those that are possible."""
        value, span = finding.instance, place.node.span
        if finding.keyword == "enum":
            hint, near = self._choices(value, finding.wanted)
            message = f"{place.name} can't be `{value}`"
            self._error("unknown-value", message, span, hint, place.path, near)
        elif finding.wanted is True:
            message = f"{place.name} can only be true"
            self._error("unknown-value", message, span, "leave it out", place.path)
        else:
            message = f"version {value} of the language isn't known"
            hint = f"write {finding.wanted}"
            known = str(finding.wanted)
            self._error("language-version", message, span, hint, place.path, known)

    def _choices(self, value: str, possible: list[str]) -> tuple[str, str]:
        """A hint at what is possible, and the one that is meant; empty if that isn't clear.

        The only one that is possible isn't what was meant by another.
        """
        near = None
        if self.proposals < MAX_PROPOSALS:
            self.proposals += 1
            near = nearest(value, possible)
        if near is not None:
            return f"did you mean `{near}`?", near
        return listed(possible), ""

    def _count(self, place: _Place, finding: Finding) -> None:
        limit, count = finding.wanted, len(finding.instance)
        one, many = ("item", "items") if finding.keyword.endswith("Items") else ("entry", "entries")
        span = place.entry.key_span if place.entry else place.node.span
        if finding.keyword.startswith("max"):
            message = f"{place.name} has at most {limit} {many}"
            self._error("too-many", message, span, f"this has {count}", None)
            self.limits[place.path] = limit
            self._hide(place.path, place.node)
        else:
            message = f"{place.name} has at least {limit} {one if limit == 1 else many}"
            self._error("too-few", message, span, f"this has {count}", place.path)

    def _error(
        self,
        rule: str,
        message: str,
        span: Span,
        hint: str,
        bad: Path | None,
        replacement: str = "",
    ) -> None:
        """Report an error; the node at `bad` is kept from the later stages."""
        self.diagnostics.error(rule, message, span, hint, replacement=replacement)
        if bad is not None:
            self.bad.add(bad)
            self._hide(bad, self._place(bad).node)

    def _hide(self, path: Path, node: Node) -> None:
        """Note what is unseen when a node is refused, or a part of it."""
        match path:
            case ("pipeline", *_):
                self.unseen |= Unseen(frozenset(("worlds", "pipeline", "lanes")))
            case ("include", *_):
                self.unseen |= Unseen(frozenset((*DEFINING, "lanes")))
            case (section,) if section in DEFINING:
                names = (
                    frozenset(entry.key for entry in node) if isinstance(node, Mapping) else None
                )
                lanes = ("lanes",) if section == "worlds" else ()
                sections = lanes if names else (str(section), *lanes)
                self.unseen |= Unseen(frozenset(sections), names or frozenset())
            case ("lanes",) | ("topology",) | ("worlds", _):
                self.unseen |= Unseen(frozenset(("lanes",)))
            case ("worlds", _, key, *_) if key in ROUTING_KEYS:
                self.unseen |= Unseen(frozenset(("lanes",)))
            case ("lanes", _) | ("lanes", _, "from" | "to"):
                self.unseen |= Unseen(frozenset(("lanes",)))

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


def _known(root: Mapping) -> Known:
    """The names that a document defines, before it is known to be right."""
    worlds = _keys(root, "worlds")
    pipeline = root.get("pipeline")
    if isinstance(pipeline, Mapping):
        stages = pipeline.sequence("stages") or ()
        texts = [item.value for item in stages if isinstance(item, Scalar)]
        worlds |= {text for text in texts if isinstance(text, str)}
    types = set(PRIMITIVES) | _keys(root, "enums") | _keys(root, "structs")
    return Known(frozenset(worlds), frozenset(_keys(root, "components")), frozenset(types))


def _joined(key: Span, value: Span) -> Span:
    """The place of a key and its value; the key's alone where they are on two lines."""
    if key.line != value.line or not value.is_whole or key.column > value.column:
        return key
    return replace(key, length=value.column + value.length - key.column)


def _keys(root: Mapping, section: str) -> set[str]:
    return {entry.key for entry in root.mapping(section) or ()}


def _without_references(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401
    """The JSON Schema with each reference replaced by its definition and what stands beside it.

    jsonschema takes half as long without references, and a key's whole description is in one place.
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
