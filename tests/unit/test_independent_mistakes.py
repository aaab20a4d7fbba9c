"""Goal: one mistake hides no other that doesn't depend on it.
Method: mistakes of all kinds, each a line or two of a schema with names of its own, are put
together two by two and all at once; each must be reported as it is when it is alone.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from corinth.diagnostics import Diagnostics
from corinth.pipeline import read_layout
from corinth.report import text

Found = set[tuple[str, str]]

BASE = {
    "top": ["corinth: 1", "name: game"],
    "enums": ["  mode: {values: [off, idle]}"],
    "structs": ["  point: {fields: {x: f32}}"],
    "components": ["  Boat: {fields: {at: point}}"],
    "worlds": ["  sea: {routing: {default_target: bay}}", "  bay: {}"],
    "lanes": ["  - {from: bay, to: sea}"],
}
MISTAKES: dict[str, tuple[str, str]] = {
    "unknown top key": ("top", "colour: red"),
    "misspelt top key": ("top", "componets: {Raft: {fields: {n: u8}}}"),
    "mapping that means nothing": ("top", "thing: {Oar: {n: u8}}"),
    "value of a choice": ("top", "topology: mesh"),
    "range": ("top", "max_bytes: 0"),
    "type of doc": ("top", "doc: [a]"),
    "not supported": ("top", "cc: gcc"),
    "missing include": ("top", "include: []"),
    "leading zero": ("enums", "  level: {values: {low: 010}}"),
    "enum base": ("enums", "  ratio: {type: f32, values: [half]}"),
    "enum value twice": ("enums", "  kind: {values: [one, one]}"),
    "unknown type in a struct": ("structs", "  V: {fields: {x: float}}"),
    "type to be defined": ("structs", "  W: {fields: {x: vec3}}"),
    "empty struct": ("structs", "  Empty: {fields: {}}"),
    "cycle": ("structs", "  Loop: {fields: {next: Loop}}"),
    "length": ("components", '  Mast: {fields: {a: "u8[N]"}}'),
    "reserved word": ("components", "  Sail: {fields: {class: u8}}"),
    "form of a name": ("components", "  big-boat: {}"),
    "wrong type": ("components", "  Deck: 5"),
    "unquoted array": ("components", "  Hull: {fields: {m: u8[64]}}"),
    "missing blank": ("components", "  Keel: {fields: {x:f32}}"),
    "foreign comment": ("components", "  // a comment"),
    "missing comma": ("components", "  Jib: {fields: {x: f32 y: u8}}"),
    "missing colon": ("components", "  Spar {fields: {x: f32}}"),
    "list of fields": ("components", "  Boom: {fields: [{x: f32}]}"),
    "surplus bracket": ("components", "  Gaff: {fields: {x: f32}}}"),
    "no-break space": ("components", "  Helm:\u00a0{fields: {x: f32}}"),
    "duplicate key": ("components", "  Bow: {fields: {x: f32, x: u8}}"),
    "tag": ("components", "  Stern: !x {fields: {x: f32}}"),
    "isolated world": ("worlds", "  lonely: {}"),
    "unknown world": ("worlds", "  gulf: {routing: {default_target: oceann}}"),
    "unknown component": (
        "worlds",
        "  lake: {routing: {default_target: sea, component_routes: "
        "[{component: Ghost, target: bay}]}}",
    ),
    "route to itself": ("worlds", "  pond: {routing: {default_target: pond}}"),
    "threads": ("worlds", "  river: {threads: 65, routing: {default_target: sea}}"),
    "misplaced key": ("worlds", "  creek: {capacity: 64, routing: {default_target: sea}}"),
    "power of two": (
        "worlds",
        "  brook: {transfer_queue: {capacity: 3}, routing: {default_target: sea}}",
    ),
    "lane to itself": ("lanes", "  - {from: sea, to: sea}"),
    "form of a lane": ("lanes", "  - sea -> bay"),
    "missing end": ("lanes", "  - {from: sea}"),
    "option without priority": ("lanes", "  - {from: sea, to: bay, priority_burst: 4}"),
    "weight": ("lanes", "  - {from: sea, to: nowhere, weight: 0}"),
}
NEEDS_ALL_LANES = {"isolated world"}
"""Mistakes that can't be told where it isn't known which lanes there are."""

HIDES_LANES = {
    "mapping that means nothing", "value of a choice", "unknown world", "unknown component",
    "route to itself", "lane to itself", "form of a lane", "missing end", "weight",
}  # fmt: skip


def errors_of(names: tuple[str, ...], folder: Path) -> Found:
    """The rules and messages that a schema with some of the mistakes has."""
    parts = {section: list(lines) for section, lines in BASE.items()}
    for name in names:
        section, line = MISTAKES[name]
        parts[section].append(line)
    lines = parts.pop("top")
    for section, body in parts.items():
        lines += [f"{section}:", *body]
    path = folder / "game.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    diagnostics = Diagnostics()
    read_layout(str(path), diagnostics)
    return {(error.rule, error.message) for error in diagnostics.errors}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    folder = tmp_path_factory.mktemp("alone")
    return {name: errors_of((name,), folder) for name in MISTAKES}


def expected(names: tuple[str, ...], alone: dict[str, Found]) -> Found:
    """What all of the mistakes say, without what can't be told beside others."""
    hidden = NEEDS_ALL_LANES if set(names) & HIDES_LANES else set()
    return {found for name in names if name not in hidden for found in alone[name]}


def test_each_is_a_mistake(alone: dict[str, Found], tmp_path: Path) -> None:
    """A list that is right by now would show nothing; an empty list of includes is none."""
    assert not errors_of((), tmp_path)
    assert [name for name, found in alone.items() if not found] == ["missing include"]


@pytest.mark.parametrize("first", list(MISTAKES))
def test_two_mistakes_are_both_reported(
    first: str, alone: dict[str, Found], tmp_path: Path
) -> None:
    """With each of those that follow in the list."""
    for pair in combinations(MISTAKES, 2):
        if pair[0] == first:
            found = errors_of(pair, tmp_path)
            assert expected(pair, alone) - found == set(), pair
            assert found - expected(pair, alone) == set(), pair


def test_all_mistakes_are_reported_at_once(alone: dict[str, Found], tmp_path: Path) -> None:
    """In one run, in spite of the rest."""
    names = tuple(MISTAKES)
    assert expected(names, alone) - errors_of(names, tmp_path) == set()


def test_an_include_that_fails_hides_only_what_it_may_define(tmp_path: Path) -> None:
    """A name of any kind, but no type that can't be one's name, and no fault of another kind."""
    path = tmp_path / "main.yaml"
    path.write_text(
        "corinth: 1\nname: game\ninclude: [none.yaml]\n"
        "components: {A: {fields: {x: float, y: Velocity, z: u8*, class: u8}}}\n"
        "worlds: {a: {threads: 0, routing: {default_target: b}}}\n",
        encoding="utf-8",
    )
    diagnostics = Diagnostics()
    read_layout(str(path), diagnostics)
    rules = [error.rule for error in diagnostics.in_file_order()]
    assert rules == [
        "include-missing", "field-type", "field-type", "reserved-word", "out-of-range"
    ], text(diagnostics)  # fmt: skip
