"""Goal: a hint that is followed leads to no other error, at any place of the language.
Method: schemas that use every key; each value in turn is replaced by one of each other type, what
the hint proposes is written there, and nothing may be wrong with it. A second test follows every
hint of the bad schemas that proposes a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corinth.diagnostics import Diagnostic, Diagnostics, Span
from corinth.document import Loaded, Mapping, Plain
from corinth.hints import OPEN
from corinth.pipeline import read_layout
from corinth.report import text
from corinth.resolve import resolve
from corinth.syntax import parse
from corinth.validate import json_schema, validate
from tests.support.tree import TESTS

FILE = "f.yaml"
PLACE = tuple[str | int, ...]

BASE: dict[str, Plain] = {
    "corinth": 1,
    "name": "game",
    "doc": "All keys.",
    "include": [],
    "topology": "routes",
    "max_bytes": 1073741824,
    "enums": {
        "state": {"doc": "A state.", "type": "u8", "values": {"idle": 0, "busy": 1}},
        "kind": {"values": ["small", {"large": 3}]},
    },
    "structs": {"point": {"doc": "A place.", "fields": {"x": "f32"}}},
    "components": {
        "P": {"id": 0, "doc": "One.", "fields": {"at": {"type": "point", "doc": "It."}, "n": "u8"}},
        "Q": {},
    },
    "worlds": {
        "a": {
            "id": 0,
            "doc": "A world.",
            "role": "custom",
            "threads": 1,
            "wait": "park",
            "transfer_queue": {
                "capacity": 64,
                "batch_size": 4,
                "spsc": True,
                "when_full": "wait",
                "deadline_ms": 100,
                "undelivered": "discard",
                "closable": True,
                "pressure": True,
            },
            "routing": {
                "default_target": "b",
                "component_routes": [{"component": "P", "target": "c"}],
            },
        },
        "b": {},
        "c": {},
    },
    "lanes": [
        {
            "from": "b",
            "to": "c",
            "capacity": 64,
            "batch_size": 4,
            "spsc": True,
            "kind": "spsc",
            "priority": True,
            "priority_capacity": 16,
            "priority_burst": 8,
            "weight": 1,
            "when_full": {"normal": "wait", "priority": "drop_newest"},
            "deadline_ms": 1000,
            "undelivered": "handler",
            "closable": True,
            "pressure": False,
        }
    ],
}
PIPELINE: dict[str, Plain] = {
    "corinth": 1,
    "name": "game",
    "components": {"P": {}},
    "pipeline": {"stages": ["a", "b", "c"], "return_to": "b"},
}
WRONG: tuple[Plain, ...] = (
    None, True, 7, 1.5, "b", "a -> b", "4_096", "yes", [], ["b"], ["u8", 4], [{"b": "u8"}], {},
    {"P": "b"},
)  # fmt: skip

FILLED = {"component": "P", "from": "c", "to": "a", "target": "b"}
FILLINGS = ("b", "c", "P")
"""What a user may write for `…`: by key, else one of these fits each place."""

NOTHING_KNOWN = ("write the name of a", "write a text", "write a name", "one of ", "only `")
"""What is said where only the user can know what is meant, or has to choose."""

WITHOUT_PROPOSAL = {
    "id": "the id that is free isn't looked for",
    "spsc": "is left out",
    "priority": "true or false",
    "closable": "true or false",
    "pressure": "true or false",
    "normal": "one of those that are listed",
    "when_full": "one of those that are listed",
    "topology": "one of those that are listed",
    "role": "one of those that are listed",
    "kind": "one of those that are listed",
}


def check(source: str) -> Diagnostics:
    """What all stages but the layout say of a text."""
    diagnostics = Diagnostics()
    diagnostics.add_source(FILE, source)
    root = parse(source, FILE, diagnostics)
    assert isinstance(root, Mapping), text(diagnostics)
    resolve(validate(Loaded(root, (FILE,), FILE), diagnostics), diagnostics)
    return diagnostics


def part_for(base: dict[str, Plain], path: PLACE) -> dict[str, Plain]:
    """A smaller schema with the same value at a path; reading one is what takes time."""
    if path[0] not in ("enums", "structs", "components") or base is PIPELINE:
        return base
    kept = ("corinth", "name", "enums", "structs", "components")
    return {**{key: base[key] for key in kept}, "worlds": {"a": {"role": "standalone"}}}


def written(data: dict[str, Plain]) -> str:
    """The schema with a line for each of its keys."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in data.items())


def places(node: Plain, path: PLACE = ()) -> Iterator[PLACE]:
    """The path of every value in a tree."""
    assert isinstance(node, dict | list)
    items: Any = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def with_value(node: Plain, path: PLACE, value: Plain) -> Any:  # noqa: ANN401
    """The tree with another value at a path."""
    if not path:
        return value
    if isinstance(node, dict):
        key = str(path[0])
        return {**node, key: with_value(node[key], path[1:], value)}
    assert isinstance(node, list)
    index = int(path[0])
    return [*node[:index], with_value(node[index], path[1:], value), *node[index + 1 :]]


def follow(source: str, error: Diagnostic, filling: str) -> tuple[str, Span]:
    """The text with an error's proposal in it, and the place of that."""
    lines = source.split("\n")
    line, start = lines[error.span.line - 1], error.span.column - 1
    new = error.replacement
    for key, name in FILLED.items():
        new = re.sub(f"(?<![a-z_]){key}: {OPEN}", f"{key}: {name}", new)
    new = new.replace(OPEN, filling)
    lines[error.span.line - 1] = line[:start] + new + line[start + error.span.length :]
    return "\n".join(lines), replace(error.span, length=len(new))


def is_inside(inner: Span, outer: Span) -> bool:
    end = outer.column + outer.length
    return (
        inner.file == outer.file
        and inner.line == outer.line
        and (outer.column <= inner.column < end)
    )


def leads_well(source: str, error: Diagnostic) -> str:
    """Empty where one way to follow the hint leaves nothing wrong there, else the messages."""
    found = ""
    for filling in FILLINGS if OPEN in error.replacement else ("",):
        after, place = follow(source, error, filling)
        wrong = [e for e in check(after).errors if is_inside(e.span, place)]
        if not wrong:
            return ""
        found = f"{error.replacement} leads to {[e.message for e in wrong]}"
    return found


def words_of(value: Plain) -> list[str]:
    """What a proposal must have in it to be put in the place of a value."""
    if isinstance(value, list | dict):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return [word for item in inner for word in words_of(item)]
    if value is None or isinstance(value, bool):
        return []
    known = {"a -> b": ["a", "b"], "4_096": ["4096"], "yes": []}
    return known.get(str(value), [str(value)])


def is_several(value: Plain) -> bool:
    return isinstance(value, list | dict) and len(words_of(value)) > 1


CASES = [(base, path) for base in (BASE, PIPELINE) for path in places(base)]


def test_the_schemas_are_right_and_have_every_key() -> None:
    """Otherwise a place of the language would go untested."""
    assert not check(written(BASE)), text(check(written(BASE)))
    assert not check(written(PIPELINE)), text(check(written(PIPELINE)))
    used = {part for _, path in CASES for part in path if isinstance(part, str)}
    pending: list[Any] = [json_schema()]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                assert key in used or "x-due" in value, key
            pending += node.values()


@pytest.mark.parametrize(("base", "path"), CASES, ids=lambda v: ".".join(map(str, v)))
def test_following_a_hint_leads_to_no_error(base: dict[str, Plain], path: PLACE) -> None:
    """Gives each wrong value to one place, and then what the hint says."""
    problems = []
    for value in WRONG:
        source = written(with_value(part_for(base, path), path, value))
        for error in check(source).errors:
            if error.rule != "wrong-type" or "…" in str(value):
                continue
            is_enum_number = path[0] == "enums" and error.hint == "write a whole number"
            # A list or a mapping in the other's place is outlined where what is in it is wrong too.
            has_none = is_enum_number or path[-1] in WITHOUT_PROPOSAL
            has_none = has_none or error.hint == "leave it out"
            has_none = has_none or (OPEN in error.hint and isinstance(value, list | dict))
            is_example = "such as" in error.hint
            has_none = has_none or (is_several(value) and not is_example)
            has_none = has_none or error.hint.startswith(NOTHING_KNOWN)
            example = re.search("such as (.+)$", error.hint)
            is_all = error.message.startswith(f"`{path[-1]}` must") and "only" not in error.hint
            if error.replacement and is_all and path != ("corinth",):
                lost = [word for word in words_of(value) if word not in error.replacement]
                problems += [f"{value!r}: {error.replacement} loses {lost}"] if lost else []
            elif not error.replacement and example is not None:
                error = replace(error, replacement=example.group(1))
            if not error.replacement and not has_none:
                problems.append(f"{value!r}: no proposal: {error.message}: {error.hint}")
            elif error.replacement:
                problem = leads_well(source, error)
                problems += [f"{value!r}: {problem}"] if problem else []
    assert not problems, "\n".join(problems)


BAD = sorted((TESTS / "bad_schemas").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_following_the_hints_of_bad_schemas(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each proposal alone is put into the file: at its place nothing is wrong any more."""
    monkeypatch.chdir(path.parent)
    diagnostics = Diagnostics()
    read_layout(path.name, diagnostics)
    for error in diagnostics.errors[:20]:
        assert error.replacement or not re.search(r"did you mean `|`\S+` would do", error.hint)
        if not error.replacement or error.span.file != path.name:
            continue
        source = path.read_text(encoding="utf-8-sig")
        known = {each.message for each in diagnostics.errors}
        outcomes = []
        for filling in FILLINGS if OPEN in error.replacement else ("",):
            after, place = follow(source, error, filling)
            again = Diagnostics()
            (tmp_path / "common.yaml").write_text("doc: Included.\n", encoding="utf-8")
            mended = tmp_path / path.name
            mended.write_text(after, encoding="utf-8")
            read_layout(str(mended), again)
            place = replace(place, file=str(mended))
            wrong = [e.message for e in again.errors if is_inside(e.span, place)]
            outcomes.append([message for message in wrong if message not in known])
        assert [] in outcomes, f"{error.message}: {error.hint}: {outcomes}"
