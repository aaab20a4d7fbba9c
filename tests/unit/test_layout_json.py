"""Goal: tools get one form of the model, which a JSON Schema describes. Method: goldens and random
schemas against it, closed so that a key it doesn't have is an error; both commands, byte by byte.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from corinth.layout_json import FORMAT, layout_json
from corinth.model import Layout, Origin
from corinth.statistics import RECORDS, Kind, Unit
from corinth.statistics_places import Each
from tests.support.schemas import examine, schemas
from tests.support.tool import corinth, generate
from tests.support.tree import SCHEMAS, TESTS
from tests.unit.test_layout_report import SCHEMA

GOLDENS = sorted((TESTS / "golden").glob("*/*.yaml"))
FORM = SCHEMAS / f"layout-{FORMAT}.schema.json"

Json = dict[str, Any]


def form() -> Json:
    loaded: Json = json.loads(FORM.read_text(encoding="utf-8"))
    return loaded


def objects(node: object) -> list[Json]:
    """Every part of the JSON Schema that describes an object."""
    if isinstance(node, dict):
        own = [node] if "properties" in node else []
        return own + [each for value in node.values() for each in objects(value)]
    return [each for value in node for each in objects(value)] if isinstance(node, list) else []


def closed() -> jsonschema.Draft202012Validator:
    """The JSON Schema, which lets tools meet keys of later versions, without that."""
    schema = form()
    jsonschema.Draft202012Validator.check_schema(schema)
    for node in objects(schema):
        node["additionalProperties"] = False
    return jsonschema.Draft202012Validator(schema)


def mistakes(text: str) -> list[str]:
    """What is wrong with a NAME.json."""
    return [error.message for error in closed().iter_errors(json.loads(text))]


@pytest.fixture(name="layout", scope="module")
def _layout() -> Layout:
    return examine(SCHEMA).valid()


@pytest.mark.parametrize("schema", GOLDENS, ids=lambda path: path.stem)
def test_golden_files_have_the_form(schema: Path) -> None:
    """Goal: what was reviewed is what is documented. Method: validate the file."""
    assert mistakes(schema.with_suffix(".json").read_text(encoding="utf-8")) == []


@settings(max_examples=25)
@given(schemas())
def test_random_schemas_have_the_form(text: str) -> None:
    """Goal: no corner is left out. Method: validate what random schemas become."""
    assert mistakes(layout_json(examine(text).valid())) == []


@pytest.mark.parametrize("schema", GOLDENS, ids=lambda path: path.stem)
def test_both_commands_print_the_same(
    schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: there is one form. Method: what `layout` prints, on a terminal that takes ASCII only,
    beside the file that `generate` writes."""
    generate(schema, tmp_path)
    written = (tmp_path / f"{schema.stem}.json").read_text(encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert corinth("layout", schema, "--format", "json").expect_success().stdout == written


def test_every_key_is_always_there() -> None:
    """Goal: tools needn't ask whether a key is there. Method: the schema requires what it has."""
    found = objects(form())
    assert len(found) > 15
    for node in found:
        assert list(node["properties"]) == node["required"]


def test_other_forms_are_refused(layout: Layout) -> None:
    """Goal: the JSON Schema says something. Method: a key too many, one too few, another type,
    another word, in parts that only a reference leads to."""
    report = json.loads(layout_json(layout))
    counter = report["statistics"]["records"][0]["counters"][0]
    assert mistakes(json.dumps(report)) == []
    for key, value in (("colour", 1), ("unit", "furlongs"), ("offset", -1), ("size", None)):
        before = dict(counter)
        counter[key] = value
        assert len(mistakes(json.dumps(report))) == 1
        counter.clear()
        counter.update(before)
    del counter["unit"]
    assert len(mistakes(json.dumps(report))) == 1


def test_words_of_the_form_are_those_of_the_generator() -> None:
    """Goal: no word is missing, none left over. Method: the lists on both sides."""
    definitions = form()["$defs"]
    counter = definitions["counter"]["properties"]
    place = definitions["place"]["properties"]
    assert definitions["origin"]["enum"] == [each.value for each in Origin]
    assert counter["unit"]["enum"] == [each.value for each in Unit]
    assert counter["kind"]["enum"] == [each.value for each in Kind]
    assert place["each"]["enum"] == [each.value for each in Each]
    types = {item.type.text for record in RECORDS for item in record.counters}
    assert set(counter["type"]["enum"]) == types


def test_json_agrees_with_the_layout(layout: Layout) -> None:
    """Goal: the same facts in both forms. Method: some of each kind by hand."""
    report = json.loads(layout_json(layout))
    assert report["wire_hash"] == f"0x{layout.wire_hash:016x}"
    assert [m["name"] for m in report["transfer"]["header"]][-1] == "mask"
    connection, body, bad = report["components"]
    assert [field["offset"] for field in connection["fields"]] == [0, 4, 6, 16]
    assert [field["padding"] for field in connection["fields"]] == [0, 0, 1, 4]
    assert (body["offset"], body["cache_lines"], body["fields"][0]["count"]) == (40, [0, 16], 1000)
    assert (bad["tag"], bad["offset"], bad["cache_lines"], bad["size"]) == (True, None, None, 0)
    first, second = report["lanes"]
    assert (first["from"], first["to"], first["bytes"]) == ("accept", "io", 20352)
    assert first["priority"]["burst"] == {"value": 8, "origin": "default"}
    assert first["capacity"] == {"value": 16, "origin": "given"}
    assert second["priority"] is None
    assert second["batch_size"]["origin"] == "role"
    assert report["worlds"][1]["component_routes"] == [{"component": "Bad", "target": "accept"}]
    assert report["worlds"][1]["default_target"] is None
    assert [(world["id"], world["id_origin"]) for world in report["worlds"]] == [
        (0, "default"),
        (1, "default"),
    ]
    assert first["has_priority"] == {"value": True, "origin": "given"}
    assert second["has_priority"] == {"value": False, "origin": "default"}
    values = [{"name": "reading", "value": 0}, {"name": "writing", "value": 1}]
    assert report["enums"] == [{"name": "conn_state", "doc": "", "type": "u8", "values": values}]
