"""Goal: a file that is only included can be checked by itself, and edited with the JSON Schema.
Method: files of both kinds through the command and through the JSON Schema, which must agree.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corinth.cli import main
from corinth.diagnostics import Diagnostics
from corinth.document import Kind
from corinth.pipeline import read_layout, read_model
from corinth.report import text
from corinth.validate import json_schema

FRAGMENTS = {
    "components": "components:\n  Boat: {fields: {x: f32, kind: boat_kind}}\n",
    "worlds": "worlds: {a: {routing: {default_target: elsewhere}}, b: {}}\n",
    "lanes": "lanes: [{from: a, to: b, capacity: 64}]\n",
    "includes": "doc: All of it.\ninclude: []\n",
    "version": "corinth: 1\nstructs: {point: {fields: {x: f32}}}\n",
    "ids": "components: {A: {id: 1}, B: {}, C: {id: 0}}\nworlds: {a: {id: 1}, b: {}}\n",
    "references": "worlds: {a: {routing: {component_routes: [{component: X, target: y}]}}}\n",
}
SCHEMAS = {
    "name": "name: game\ncomponents: {}\n",
    "version and worlds": "corinth: 1\nworlds: {a: {role: standalone}}\n",
    "pipeline": "pipeline: standard\n",
    "topology": "topology: full\nworlds: {a: {}, b: {}}\n",
    "limit": "max_bytes: 100000\nlanes: []\n",
    "nothing": "doc: Nothing.\n",
}
WRONG = {
    "components: {A: {fields: {x: float, y: Unseen}}}\n": ["field-type"],
    "components: {A: {id: 3}, B: {id: 3}}\n": ["id-collision"],
    "lanes: [{from: x, to: y, capacity: 3}]\n": ["lane-capacity"],
    "worlds: {a: {threads: 0, routing: {default_target: a}}}\n": ["out-of-range", "route-to-self"],
    "components: {class: {}, Big: {fields: {data: 'u8[65536]', more: u8}}}\n":
        ["reserved-word", "transfer-size"],
    "componets: {A: {}}\n": ["unknown-key"],
}  # fmt: skip


def rules_of(source: str, kind: Kind, folder: Path) -> list[str]:
    path = folder / "part.yaml"
    path.write_text(source, encoding="utf-8")
    diagnostics = Diagnostics()
    read_layout(str(path), diagnostics, kind)
    return [error.rule for error in diagnostics.in_file_order()]


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_is_recognised_by_its_keys(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it refers to is defined elsewhere; the command says what it took the file for."""
    path = tmp_path / "common.yaml"
    path.write_text(FRAGMENTS[name], encoding="utf-8")
    assert main(["validate", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "common.yaml: validated as a fragment" in printed.err
    assert main(["validate", "--fragment", str(path)]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_without_its_head_is_none(name: str, tmp_path: Path) -> None:
    """A key of a main file, or version and worlds: `name` has been forgotten."""
    assert "missing-key" in rules_of(SCHEMAS[name], Kind.EITHER, tmp_path)
    found = rules_of(SCHEMAS[name], Kind.FRAGMENT, tmp_path)
    assert ("include-key" in found) == (name in ("name", "pipeline", "topology", "limit"))
    assert "missing-key" not in found


@pytest.mark.parametrize("source", WRONG)
def test_what_is_wrong_in_a_fragment_is_found(source: str, tmp_path: Path) -> None:
    """All that doesn't depend on what other files define."""
    assert rules_of(source, Kind.EITHER, tmp_path) == WRONG[source]
    assert rules_of(source, Kind.FRAGMENT, tmp_path) == WRONG[source]


@pytest.mark.parametrize("key", ["naem", "topologie", "colour", "max_byte"])
def test_a_fragment_is_told_of_its_own_keys(key: str) -> None:
    """A key that belongs elsewhere isn't proposed, only to be refused."""
    diagnostics = Diagnostics()
    source = f"{key}: x\ncomponents: {{A: {{}}}}\n".encode()
    read_model("f.yaml", diagnostics, Kind.FRAGMENT, source)
    (error,) = diagnostics.errors
    assert (error.rule, error.replacement) == ("unknown-key", "")
    assert not {"`name`", "`max_bytes`"} & set(error.hint.replace(",", " ").split())


def test_types_of_a_fragment_are_structs() -> None:
    """What is meant by another word is told as in a schema."""
    diagnostics = Diagnostics()
    read_model("f.yaml", diagnostics, Kind.FRAGMENT, b"types: {P: {fields: {x: u8}}}\n")
    (error,) = diagnostics.errors
    assert error.hint == "did you mean `structs`?"


@pytest.mark.parametrize("name", FRAGMENTS)
def test_only_validate_takes_fragments(name: str, tmp_path: Path) -> None:
    """Headers need a name; the message says how to check the file instead."""
    path = tmp_path / "common.yaml"
    path.write_text(FRAGMENTS[name], encoding="utf-8")
    diagnostics = Diagnostics()
    assert read_layout(str(path), diagnostics) is None
    assert "missing-key" in {error.rule for error in diagnostics.errors}
    assert "`--fragment`" in text(diagnostics)


@pytest.mark.parametrize("name", [*FRAGMENTS, *SCHEMAS])
def test_editors_see_the_same(name: str, tmp_path: Path) -> None:
    """The JSON Schema by itself asks for `name` just where the command does."""
    from jsonschema import Draft202012Validator
    from ruamel.yaml import YAML

    source = FRAGMENTS.get(name) or SCHEMAS[name]
    errors = list(Draft202012Validator(json_schema()).iter_errors(YAML(typ="safe").load(source)))
    asks = any(error.validator == "required" for error in errors)
    assert asks == ("missing-key" in rules_of(source, Kind.EITHER, tmp_path))
    assert {error.validator for error in errors} <= {"required"}
