"""Goal: the JSON Schema says what the language is, and validate says all that it finds, once, and
leaves a document that the later stages can use.
Method: the JSON Schema checked as data, and schemas with one or more faults run through validate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from corinth.diagnostics import Diagnostics
from corinth.document import NOTHING_UNSEEN, Loaded, Mapping, Plain, Unseen, to_plain
from corinth.model import MAX_CAPACITY, MAX_COMPONENTS, MAX_THREADS, MAX_WORLDS, MIN_CAPACITY
from corinth.report import text
from corinth.syntax import MAX_ENTRIES, parse
from corinth.validate import json_schema, validate
from tests.support.schemas import schemas

HEAD = "corinth: 1\nname: server\n"
DUE_LATER = {
    "cc", "include_dirs", "defines", "c_type", "header", "local", "storage", "producers",
    "consumers", "publish", "carries",
}  # fmt: skip


def run(source: str) -> tuple[Loaded, Diagnostics]:
    """What validate leaves of a text, and what it says."""
    diagnostics = Diagnostics()
    diagnostics.add_source("f.yaml", source)
    root = parse(source, "f.yaml", diagnostics)
    assert isinstance(root, Mapping)
    assert not diagnostics, text(diagnostics)
    return validate(Loaded(root, ("f.yaml",), "f.yaml"), diagnostics), diagnostics


def places(diagnostics: Diagnostics) -> list[tuple[str, int, int]]:
    found = diagnostics.in_file_order()
    return [(error.rule, error.span.line, error.span.column) for error in found]


def subschemas(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    """Every object of the JSON Schema with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from subschemas(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from subschemas(value, f"{path}/{index}")


def properties() -> dict[str, dict[str, Any]]:
    """Every key of the language by its path, with what it says of itself or by reference."""
    schema = json_schema()
    found = {}
    for path, node in subschemas(schema):
        for key, value in node.get("properties", {}).items():
            reference = value.get("$ref", "").removeprefix("#/$defs/")
            found[f"{path}/properties/{key}"] = {**schema["$defs"].get(reference, {}), **value}
    return found


def test_json_schema_is_one() -> None:
    """Its meta-schema accepts it."""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json_schema())


def test_every_key_is_described_with_its_domain() -> None:
    """Editors show the description; a key has a domain or says when it is due."""
    for path, key in properties().items():
        assert key["description"].endswith("."), path
        assert key.keys() & {"type", "not", "enum", "const"}, path
        assert ("not" in key) == ("x-due" in key), path


def test_every_optional_key_has_a_default() -> None:
    """As a value, or in words where it depends on something else."""
    required = {
        "corinth", "name", "stages", "from", "to", "component", "target", "values", "type",
        "fields",
    }  # fmt: skip
    for path, key in properties().items():
        name = path.rsplit("/", 1)[1]
        has_default = key.keys() & {"default", "x-default", "x-due"}
        assert has_default or name in required, path


def test_every_mapping_is_closed() -> None:
    """An object that accepts unknown keys would ignore them."""
    for path, node in subschemas(json_schema()):
        if "properties" in node and not path.endswith("/properties"):
            assert node.get("additionalProperties") is False, path


def test_every_collection_is_bounded() -> None:
    """By a limit below that of the loader, so that the message names the right one."""
    for path, node in subschemas(json_schema()):
        types = node.get("type", ())
        if "array" in types:
            assert node["maxItems"] < MAX_ENTRIES, path
        if "object" in types and isinstance(node.get("additionalProperties"), dict):
            assert node["maxProperties"] < MAX_ENTRIES, path


def test_limits_are_those_of_the_model() -> None:
    """The same numbers stand in model.py, for the resolver and the layout."""
    found = properties()
    top, world = "/properties", "/$defs/world/properties"
    assert found[f"{top}/components"]["maxProperties"] == MAX_COMPONENTS
    assert found[f"{top}/worlds"]["maxProperties"] == MAX_WORLDS
    assert found[f"{top}/pipeline/properties/stages"]["maxItems"] == MAX_WORLDS
    assert found["/$defs/component/properties/id"]["maximum"] == MAX_COMPONENTS - 1
    assert found[f"{world}/id"]["maximum"] == MAX_WORLDS - 1
    assert found[f"{world}/threads"]["maximum"] == MAX_THREADS
    capacity = found["/$defs/lane/properties/capacity"]
    assert (capacity["minimum"], capacity["maximum"]) == (MIN_CAPACITY, MAX_CAPACITY)


def test_keys_that_are_due_later_are_known_and_refused() -> None:
    """Just those that the specification lists, each with the same rule whatever its value."""
    later = {path.rsplit("/", 1)[1] for path, key in properties().items() if "x-due" in key}
    assert later == DUE_LATER
    lane = "worlds: {a: {}, b: {}}\nlanes:\n  - {from: a, to: b, %s: %s}\n"
    for key in ("producers", "consumers", "publish", "carries"):
        for value in ("1", "each", "[a]", "null"):
            valid, diagnostics = run(HEAD + lane % (key, value))
            assert places(diagnostics) == [("not-supported", 5, 22)]
            lanes = valid.root.sequence("lanes")
            assert lanes is not None
            assert to_plain(lanes) == [{"from": "a", "to": "b"}]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("worlds: {a: {}}\n", {"worlds": {"a": {}}}),
        ("components: {A: 3, B: {}}\n", {"components": {"A": {}, "B": {}}}),
        ("components: {A: {id: x, doc: d}}\n", {"components": {"A": {"doc": "d"}}}),
        ("components: {A: {fields: {x: 3, y: u8}}}\n",
         {"components": {"A": {"fields": {"x": "u8", "y": "u8"}}}}),
        ("structs: {S: {}}\n", {"structs": {"S": {"fields": {"unnamed": "u8"}}}}),
        ("enums: {E: []}\n", {"enums": {"E": {"values": {"unnamed": 0}}}}),
        ("worlds: {a: {threads: 0, colour: red}}\n", {"worlds": {"a": {}}}),
        ("worlds: {a: {routing: {component_routes: [{target: b}, {component: C, target: 3}]}}}\n",
         {"worlds": {"a": {"routing": {"component_routes": []}}}}),
        ("lanes: [{from: a}, {from: a, to: 3}, 4, {from: a, to: b, weight: 0}]\n",
         {"lanes": [{"from": "a", "to": "b"}]}),
        ("lanes: [{from: a, to: b, when_full: 3, closable: 2}]\n",
         {"lanes": [{"from": "a", "to": "b", "when_full": None, "closable": None}]}),
        ("worlds: {a: {transfer_queue: {capacity: 1, when_full: {normal: 3, priority: wait}}}}\n",
         {"worlds": {"a": {"transfer_queue": {"when_full": {"normal": None,
                                                            "priority": "wait"}}}}}),
    ],
)  # fmt: skip
def test_document_is_left_without_the_faults(source: str, expected: dict[str, Plain]) -> None:
    """Names stay defined; what can't be left in is replaced by something harmless."""
    valid, _ = run(HEAD + source)
    assert to_plain(valid.root) == {"corinth": 1, "name": "server", **expected}
    assert valid.unseen.sections <= {"lanes"}
    assert not valid.unseen.names


@pytest.mark.parametrize(
    ("source", "sections", "names"),
    [
        ("worlds: [a]\n", {"worlds", "lanes"}, set()),
        ("components: 3\n", {"components"}, set()),
        ("world: {a: {}}\n", set(), set()),
        ("pipeline: {stages: [a]}\n", {"worlds", "pipeline", "lanes"}, set()),
        ("pipeline: standrad\n", {"worlds", "pipeline", "lanes"}, set()),
        ("include: x\n", {"enums", "structs", "components", "worlds", "lanes"}, set()),
        ("structs: []\n", {"structs"}, set()),
        ("things: {A: {}, B: [c]}\n", {"lanes"}, {"A", "B", "c"}),
        ("things: 3\n", set(), set()),
        ("worlds: {a: {colour: red}}\n", {"lanes"}, set()),
        ("worlds: {a: {colour: 3}}\n", set(), set()),
        ("worlds: {a: {threads: 0}}\n", set(), set()),
        ("worlds: {a: {routing: {default_target: 3}}}\n", {"lanes"}, set()),
        ("lanes: [{from: a}]\n", {"lanes"}, set()),
        ("lanes: [{from: a, to: b, weight: 0}]\n", set(), set()),
    ],
)  # fmt: skip
def test_what_is_unseen_is_what_was_refused(
    source: str, sections: set[str], names: set[str]
) -> None:
    """References to it are then no errors of their own; all others are."""
    valid, diagnostics = run(HEAD + source)
    assert valid.unseen == Unseen(frozenset(sections), frozenset(names))
    assert len(diagnostics.errors) == 1


def test_surplus_is_cut_off() -> None:
    """The later stages take time for all that they get, some of them more than in proportion."""
    worlds = ", ".join(f"w{i}: {{}}" for i in range(100))
    valid, diagnostics = run(f"{HEAD}topology: full\nworlds: {{{worlds}}}\n")
    assert places(diagnostics) == [("too-many", 4, 1)]
    kept = valid.root.mapping("worlds")
    assert kept is not None
    assert len(kept) == MAX_WORLDS
    assert valid.unseen.names == {f"w{i}" for i in range(100)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("componets: {P: {}}\n", {"components": {"P": {}}}),
        ("componets: {P: {}}\ncomponents: {Q: {}}\n", {"components": {"Q": {}, "P": {}}}),
        ("worlds: {a: {capacity: 64}}\n", {"worlds": {"a": {"transfer_queue": {"capacity": 64}}}}),
        ("worlds: {a: {default_target: b}}\n",
         {"worlds": {"a": {"routing": {"default_target": "b"}}}}),
        ("components: {P: {x: f32}}\n", {"components": {"P": {"fields": {"x": "f32"}}}}),
        ("enums: {e: {on: 1, off: 2}}\n", {"enums": {"e": {"values": {"on": 1, "off": 2}}}}),
        ("lanes: [{source: a, target: b}]\n", {"lanes": [{"from": "a", "to": "b"}]}),
    ],
)  # fmt: skip
def test_an_unknown_key_is_taken_for_the_one_that_is_meant(
    source: str, expected: dict[str, Plain]
) -> None:
    """It is reported, and what it holds is checked as if it stood where it belongs."""
    valid, diagnostics = run(HEAD + source)
    assert {error.rule for error in diagnostics.errors} == {"unknown-key"}
    assert to_plain(valid.root) == {"corinth": 1, "name": "server", **expected}
    assert valid.unseen == NOTHING_UNSEEN


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("worlds: {a: {priority: true}}\n", "it belongs in a lane"),
        ("lanes: [{from: a, to: b, threads: 2}]\n", "it belongs in a world"),
        ("components: {P: {worlds: {a: {}}}}\n", "it belongs at the top of the file"),
        ("worlds: {a: {capacity: 64}}\n", "write `transfer_queue: {capacity: 64}`"),
        ("worlds: {a: {default_target: b}}\n", "write `routing: {default_target: b}`"),
        ("worlds: {a: {component_routes: []}}\n", "write `routing: {component_routes: […]}`"),
        ("components: {P: {x: f32}}\n", "write `fields: {x: f32}`"),
        ("default_target: b\n", "it belongs in a routing"),
        ("role: io\n", "it belongs in a world"),
        ("component: {P: {}}\n", "did you mean `components`?"),
        ("componets: {P: {}}\ncomponents: {Q: {}}\n", "move what is in it into `components`"),
        ("capacity: 64\n", "it belongs in a transfer_queue or a lane"),
        ("fields: {x: f32}\n", "it belongs in a struct or a component"),
    ],
)  # fmt: skip
def test_a_misplaced_key_says_where_it_belongs(source: str, hint: str) -> None:
    """Keys that the language has, at another level than theirs."""
    _, diagnostics = run(HEAD + source)
    assert [error.hint for error in diagnostics.errors] == [hint]


def test_right_document_is_left_as_it_is() -> None:
    """The same object, not a copy."""
    diagnostics = Diagnostics()
    root = parse(f"{HEAD}worlds: {{a: {{role: standalone}}}}\n", "f.yaml", diagnostics)
    assert isinstance(root, Mapping)
    loaded = Loaded(root, ("f.yaml",), "f.yaml")
    assert validate(loaded, diagnostics) == loaded
    assert validate(loaded, diagnostics).root is root


def test_incomplete_document_is_checked_and_stays_incomplete() -> None:
    """After an include that failed, this file's own faults are still found."""
    diagnostics = Diagnostics()
    root = parse(f"{HEAD}worlds: {{a: {{threads: 0}}}}\n", "f.yaml", diagnostics)
    assert isinstance(root, Mapping)
    before = Unseen(frozenset(("worlds",)))
    valid = validate(Loaded(root, (), "f.yaml", before), diagnostics)
    assert valid.unseen == before
    assert places(diagnostics) == [("out-of-range", 3, 23)]


def test_one_fault_is_one_error() -> None:
    """A value of the wrong type is out of range and no choice as well; that isn't said."""
    for value in ("x", "[1]", "{}", "1.5", "~", "true"):
        _, diagnostics = run(f"{HEAD}worlds: {{a: {{threads: {value}}}}}\n")
        assert places(diagnostics) == [("wrong-type", 3, 23)]
    for value in ("3", "[io]", "{}", "~", "false"):
        _, diagnostics = run(f"{HEAD}worlds: {{a: {{role: {value}}}}}\n")
        assert places(diagnostics) == [("wrong-type", 3, 20)]


def test_misspelt_required_key_is_said_once() -> None:
    """`form` is unknown, which says that `from` is missing."""
    _, diagnostics = run(f"{HEAD}lanes: [{{form: a, to: b}}, {{colour: a, to: b}}]\n")
    assert places(diagnostics) == [
        ("unknown-key", 3, 10),
        ("missing-key", 3, 27),
        ("unknown-key", 3, 28),
    ]


@settings(max_examples=25, deadline=None, print_blob=True)
@given(source=schemas())
def test_valid_schemas_pass(source: str) -> None:
    """Random schemas that the rest of the suite compiles have nothing to report here."""
    _, diagnostics = run(source)
    assert not diagnostics, text(diagnostics)
