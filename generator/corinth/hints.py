"""Hints: what to write at a place of a schema instead of what stands there.

A proposal has the keys of its place, and is made of what stands there wherever that fits. It is
checked against the JSON Schema and against the rules for names before it is shown, so that
following a hint leads to no other error. `…` in it stands for what only the user can know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corinth.diagnostics import Diagnostics, Span
from corinth.document import Plain
from corinth.model import MAX_COMPONENTS, fitting_capacity
from corinth.reserved import BARE_KINDS, check_bare_name
from corinth.scalars import plain_value
from corinth.spelling import ascii_name

Path = tuple[str | int, ...]

OPEN = "…"
"""Stands in a proposal for what only the user can know."""

MAX_TEXT = 80
"""Characters of the longest proposal."""

YES_AND_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}

MAIN_KEYS = {
    "a component": "fields",
    "a struct": "fields",
    "an enum": "values",
    "a field": "type",
    "a world": "routing",
    "a routing": "default_target",
    "a transfer_queue": "capacity",
    "a pipeline": "stages",
}
"""By what a mapping is called: the key that a single value is most likely meant for."""

SAMPLE_NAMES = {
    "components": "Boat",
    "structs": "point",
    "enums": "state",
    "worlds": "a",
    "fields": "x",
    "values": "first",
}
SAMPLE_LISTS = {"values": ["first", "second"], "stages": ["first", "second"]}
SAMPLE_INTEGERS = {"capacity": 4096, "priority_capacity": 64, "deadline_ms": 100}
SAMPLE_TYPE = "f32"
MAX_ENUM_NUMBER = 127
"""The largest that every enum can hold, whatever it is based on."""

TAG_WORDS = ("tag", "Tag", "empty", "marker", "none", "None")
"""What people write for a component without fields."""

NUMBER_OF_VALUE = re.compile(
    r"([A-Za-z]\w*)\s*=\s*(?:([0-9]{1,9})\s*<<\s*([0-9]{1,2})|(-?[0-9]{1,20}|0x[0-9a-fA-F]{1,16}))"
)
"""An enum's value and its number as C has it."""

KIND_OF_NAME = {
    "components": "component",
    "worlds": "world",
    "structs": "struct",
    "enums": "enum",
    "fields": "field",
    "stages": "world",
}
"""By the section that a name is a key of: how rules for names call it. Enum values have no kind."""

TYPE_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(\[[1-9][0-9]{0,4}\])?")


@dataclass(frozen=True)
class Known:
    """The names that a document defines, for proposals that refer to one."""

    worlds: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    """Names that a new one at a place must differ from."""
    largest: int = 2**63
    """The largest number that fits what stands beside it."""

    def is_type(self, text: object) -> bool:
        """Whether a text is a type that a field may have."""
        form = TYPE_FORM.fullmatch(text) if isinstance(text, str) else None
        return form is not None and form.group(1) in self.types


def proposal(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> str:
    """What to write at a place, in flow style; empty where nothing can be told."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)
    for candidate in _forms(path, schema, given, known):
        written = flow(candidate)
        if len(written) <= MAX_TEXT and validator.is_valid(candidate):
            return written
    return ""


def words_of(schema: Mapping[str, Any]) -> list[str]:
    """The words that a place takes where it takes only some; else none."""
    words: list[str] = schema.get("enum", schema.get("then", {}).get("enum", []))
    return words


def is_integer(given: Plain) -> bool:
    """Whether a value is a whole number, which a boolean of Python is as well."""
    return isinstance(given, int) and not isinstance(given, bool)


def flow(value: Plain) -> str:
    """A value in YAML's flow style, quoted where it would otherwise mean something else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str):
        is_plain = (
            re.fullmatch(r"[A-Za-z_…][\w./…-]*", value, re.ASCII) is not None or value == OPEN
        )
        is_text = plain_value(value, Span("", 1, 1), Diagnostics()) == value
        return value if is_plain and is_text else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def name_for(path: Path, text: str, schema: Mapping[str, Any], taken: Iterable[str]) -> str:
    """A name like a text that isn't one, of the form and not reserved; empty if there is none.

    `taken` are the names beside it, which it may not meet.
    """
    section = next((str(part) for part in reversed(path) if part in KIND_OF_NAME), "")
    kind = "schema" if path == ("name",) else KIND_OF_NAME.get(section, "")
    kind = "" if "values" in path else kind
    base = ascii_name(text)
    used = {name.replace("_", "").lower() for name in taken}
    for candidate in _name_candidates(base, kind or "value"):
        is_fit = re.fullmatch(schema["pattern"], candidate) is not None
        if not is_fit or len(candidate) > schema["maxLength"]:
            continue
        if _is_allowed(kind, candidate) and candidate.replace("_", "").lower() not in used:
            return candidate
    return ""


def _is_allowed(kind: str, name: str) -> bool:
    """Whether no rule refuses this as a name."""
    refused = Diagnostics()
    if kind in BARE_KINDS:
        check_bare_name(kind, name, Span("", 1, 1), refused)
    return not refused


def _name_candidates(base: str, kind: str) -> Iterator[str]:
    if base and not base[0].isdigit():
        yield from (base, base.lower())
        yield f"My{base}" if base[0].isupper() else f"my_{base}"
    if base:
        yield f"{kind.capitalize()}{base}" if kind == "component" else f"{kind}_{base.lower()}"


def _forms(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    """What might be meant, the likeliest first; not all of it is of the right form."""
    types = schema.get("type", ())
    kinds = [types] if isinstance(types, str) else types
    is_scalar = not isinstance(given, dict | list)
    is_text = is_scalar or "object" not in kinds or "x-checked-by" in schema
    if "string" in kinds and (is_text or words_of(schema)):
        yield from _texts(path, schema, given, known)
    if "object" in kinds:
        yield from _mappings(path, schema, given, known)
    if "array" in kinds:
        yield from _lists(path, schema, given, known)
    if "integer" in kinds:
        yield from _integers(path, schema, given, known)
    if "boolean" in kinds:
        word = YES_AND_NO.get(str(given).lower(), {"1": "true", "0": "false"}.get(str(given), ""))
        if word:
            yield word == "true"
        elif "const" in schema:
            yield schema["const"]


def _texts(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    inner = words_in(given)
    word = inner[0] if inner else ""
    if words_of(schema) and "x-checked-by" not in schema:
        yield word
    elif schema.get("title") in ("a field", "a field's type"):
        if isinstance(given, list) and given:
            count = given[1] if len(given) > 1 else None
            yield f"{word}[{count}]" if isinstance(count, int) and known.is_type(word) else None
            rust = re.fullmatch(r"(\w+) *; *([1-9][0-9]{0,4})", word, re.ASCII)
            yield f"{rust[1]}[{rust[2]}]" if rust and known.is_type(rust[1]) else None
        yield word if known.is_type(word) else None
        yield SAMPLE_TYPE
    elif schema.get("title") == "an enum's value" and not is_integer(given):
        yield name_for(path, word, schema["then"], known.beside)
    elif "enum" in schema:
        yield from (word, schema.get("default"))
    elif "pattern" in schema:
        yield name_for(path, word, schema, known.beside)
        yield "game" if path == ("name",) else None
    elif path[-1] == "doc":
        yield str(given) if isinstance(given, int | float) else OPEN
    else:
        is_component = "component" in path
        yield word if word in (known.components if is_component else known.worlds) else OPEN


def _mappings(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    keys: Mapping[str, Any] = schema.get("properties", {})
    title = str(schema.get("title"))
    required = [key for key in schema.get("required", ()) if key in keys]
    if len(required) > 1:
        words = words_in(given)
        ends: dict[str, Plain] = {}
        for key, word in zip(required, [*words, "", ""], strict=False):
            names = known.components if key == "component" else known.worlds
            ends[key] = word if word in names else OPEN
        yield ends
    elif title in MAIN_KEYS:
        is_alone = title == "a world" and not known.worlds
        is_tag = title == "a component" and (given is True or given == [] or given in TAG_WORDS)
        if is_alone or is_tag or (given is None and title in ("a component", "a world")):
            yield {}
        key = MAIN_KEYS[title]
        for inner in _forms((*path, key), keys[key], given, known):
            yield {key: inner}
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from _named(path, schema, given, known)


def _named(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    """A mapping of names that the user chooses, such as `components`."""
    section = next(str(part) for part in reversed(path) if isinstance(part, str))
    if isinstance(given, list) and any(isinstance(item, dict) for item in given):
        # The keys of an item are names only where it is `- name: type`.
        items = [item for item in given if isinstance(item, dict) and len(item) == 1]
        pairs = {key: value for item in items for key, value in item.items()}
        if len(pairs) == len(given) and all(map(known.is_type, pairs.values())):
            yield pairs
        return
    inner = schema["additionalProperties"]
    is_type = section == "fields" and known.is_type(given)
    words = [] if is_type or isinstance(given, int | float | None) else words_in(given)
    kind = KIND_OF_NAME.get(section, "")
    names = [word for word in words if not known.is_type(word) and _is_allowed(kind, word)]
    for chosen in (names, [SAMPLE_NAMES[section]]):
        if section == "worlds" and chosen:
            yield _linked(chosen)
        if section in ("components", "worlds"):
            yield {name: {} for name in chosen}
        for form in _forms((*path, *chosen[:1]), inner, given if is_type else None, known):
            yield dict.fromkeys(chosen, form) or None


def _linked(worlds: list[str]) -> Plain:
    """Worlds that exchange entities: each routes to the next; one alone needs no lane."""
    if len(worlds) == 1:
        return {worlds[0]: {"role": "standalone"}}
    linked: dict[str, Plain] = {a: {"routing": {"default_target": b}} for a, b in pairwise(worlds)}
    return {**linked, worlds[-1]: {}}


def _lists(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    section = str(path[-1])
    items = schema["items"]
    if "required" in items:
        words = words_in(given)
        if isinstance(given, dict) and not set(given) & set(items["properties"]):
            given = None
        if isinstance(given, dict):
            yield [{key: item for key, item in given.items() if key in items["properties"]}]
        for form in _mappings((*path, 0), items, list(words), known):
            yield [form]
        return
    words = words_in(given)
    if words and not isinstance(given, int | float):
        yield list(words)
        yield (
            [name_for(path, word, items.get("then", items), ()) for word in words if word]
            if ("pattern" in items.get("then", items))
            else None
        )
        yield [*words, *SAMPLE_LISTS.get(section, [])[len(words) :]]
    yield list(SAMPLE_LISTS.get(section, [OPEN]))


def _integers(path: Path, schema: Mapping[str, Any], given: Plain, known: Known) -> Iterator[Plain]:
    """What a text or another number may mean, else a default; nothing for an id, which is taken."""
    key = str(path[-1])
    number = number_in(given)
    is_enum_number = schema.get("title") == "a number"
    if number is not None and (not is_enum_number or number <= MAX_ENUM_NUMBER):
        fitting = fitting_capacity(number) if "capacity" in key else number
        high = min(schema.get("maximum", fitting), known.largest)
        yield min(max(fitting, schema.get("minimum", fitting)), high)
    if "const" in schema or "default" in schema:
        yield schema.get("const", schema.get("default"))
    if not is_enum_number and not (key == "id" and path[0] in ("components", "worlds")):
        yield SAMPLE_INTEGERS.get(key, schema.get("minimum"))


def number_in(given: Plain) -> int | None:
    """A whole number that is written otherwise: `4_096`, `4,096`, `4k`, `4 ms`, `"4"`, 4.2."""
    if isinstance(given, bool) or given is None:
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, float):
        return int(given) if abs(given) < 2**63 else None
    if not isinstance(given, str):
        return None
    plain = re.sub("[_, ']", "", given)
    form = re.fullmatch(r"([0-9]{1,18})(?:ms|([kKmMgG]?)(?:i?[bB])?)", plain)
    if form is None:
        return None
    return int(form[1]) << {"": 0, "k": 10, "m": 20, "g": 30}[(form[2] or "").lower()]


def words_in(given: Plain) -> list[str]:
    """The names in a value: `a -> b`, `a, b`, [a, b], {a: b}; at most as many as are of use."""
    if isinstance(given, str):
        parts = re.split(r"\s*(?:->|→|=>|,|\bto\b)\s*", given.strip())
        return [part for part in parts if part][:MAX_COMPONENTS]
    if isinstance(given, list):
        words = [item for item in given if isinstance(item, str)]
        pairs = [key for item in given if isinstance(item, dict) for key in item]
        return (words or pairs)[:MAX_COMPONENTS]
    if isinstance(given, dict):
        first = next(iter(given.items()), None)
        is_pair = len(given) == 1 and first is not None and isinstance(first[1], str)
        return [first[0], str(first[1])] if is_pair and first else list(given)[:MAX_COMPONENTS]
    return [] if given is None else [json.dumps(given)]
