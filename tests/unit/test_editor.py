"""Goal: editors suggest what may be written and nothing else, show plain text, and underline what
is wrong.
Method: yaml-language-server, which most editors use, is asked over its protocol; what it would
insert goes through the tool itself. Where there is no npm the reason is printed and it is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corinth.diagnostics import Diagnostics
from corinth.pipeline import read_layout
from corinth.report import text
from corinth.validate import json_schema
from tests.support.language_server import LanguageServer, server_path
from tests.support.reference import resolved
from tests.support.tree import ROOT, SCHEMAS

PRIMITIVES = (
    "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "char", "entity",
)  # fmt: skip
POLICIES = {"fail", "wait", "drop_newest", "drop_oldest"}
MODELINE = f"# yaml-language-server: $schema={SCHEMAS}/corinth-1.schema.json\n"
HEAD = f"{MODELINE}corinth: 1\nname: edited\n"
TAIL = "worlds: {a: {routing: {default_target: b}}, b: {}}\n"
PLACES = {
    "schema": f"{MODELINE}|\n",
    "enum": f"{HEAD}enums:\n  e:\n    |\n",
    "struct": f"{HEAD}structs:\n  s:\n    |\n",
    "component": f"{HEAD}components:\n  C:\n    |\n",
    "world": f"{HEAD}worlds:\n  a:\n    |\n",
    "transfer_queue": f"{HEAD}worlds:\n  a:\n    transfer_queue:\n      |\n",
    "routing": f"{HEAD}worlds:\n  a:\n    routing:\n      |\n",
    "lane": f"{HEAD}lanes:\n  - |\n",
    "whenFull": f"{HEAD}lanes:\n  - from: a\n    when_full:\n      |\n",
}
"""Where the keys of an object are asked for."""

INSERTED = {
    "schema": f"{HEAD}{TAIL}|\n",
    "world": f"{HEAD}worlds:\n  b: {{}}\n  a:\n    routing: {{default_target: b}}\n    |\n",
    "transfer_queue": f"{HEAD}worlds:\n  b: {{}}\n  a:\n    routing: {{default_target: b}}\n"
    "    transfer_queue:\n      |\n",
    "lane": f"{HEAD}{TAIL}lanes:\n  - from: a\n    to: b\n    |\n",
}
"""Schemas that are right except for the key in question."""

NEEDED = {
    "priority_capacity": "priority: true",
    "priority_burst": "priority: true",
    "deadline_ms": "when_full: wait",
}
"""By key: what it has no effect without."""


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    """One server for all tests, since it takes a second to start."""
    program, reason = server_path()
    if program is None:
        pytest.skip(reason)
    with LanguageServer(program, ROOT) as running:
        yield running


def suggestions(server: LanguageServer, marked: str) -> dict[str, str]:
    """What may be chosen at the mark, each with what it inserts; no skeletons of whole objects."""
    before, _, after = marked.partition("|")
    line, column = before.count("\n"), len(before.rsplit("\n", 1)[-1])
    items = server.open(before + after).complete(line, column)
    skeleton = 7
    return {
        item["label"]: item.get("textEdit", {}).get("newText", item["insertText"])
        for item in items
        if item["kind"] != skeleton
    }


def filled(snippet: str) -> str | None:
    """An inserted text as it is when each field is left as it is; None where one is empty."""
    with_worlds = snippet.replace("from: $1", "from: a").replace("to: $2", "to: b")
    plain = re.sub(r"\$\{\d+:([^}]+)\}", r"\1", with_worlds)
    return None if "$" in plain or plain.rstrip().endswith((":", "-")) else plain


def properties(name: str) -> dict[str, Any]:
    """The keys of an object of the JSON Schema."""
    schema = json_schema()
    world = schema["$defs"]["world"]["properties"]
    node = {"schema": schema, **world, **schema["$defs"]}[name]
    return {key: resolved(value, schema) for key, value in node["properties"].items()}


@pytest.mark.parametrize("name", PLACES)
def test_keys_that_may_be_written_are_suggested(name: str, server: LanguageServer) -> None:
    """All of an object's keys but those that aren't supported yet, each with its colon."""
    found = suggestions(server, PLACES[name])
    assert set(found) == {key for key, value in properties(name).items() if "x-due" not in value}
    for key, inserted in found.items():
        assert inserted.startswith(f"{key}:"), inserted


@pytest.mark.parametrize("place", ["      x: |\n", "      x:\n        type: |\n", "      x: u|\n"])
def test_types_of_fields_are_suggested(place: str, server: LanguageServer) -> None:
    """Every primitive, and an array, in the quotes that it needs between braces."""
    found = suggestions(server, f"{HEAD}components:\n  C:\n    fields:\n{place}")
    assert found == {name: name for name in PRIMITIVES} | {"u8[64]": '"u8[${1:64}]"'}
    flow = suggestions(server, f"{HEAD}components:\n  C: {{fields: {{x: |}}}}\n")
    assert flow == found


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("topology: |\n", {"routes", "full"}),
        ("pipeline: |\n", {"standard"}),
        ("worlds:\n  a:\n    wait: |\n", {"park", "yield", "spin"}),
        ("worlds:\n  a:\n    role: |\n", {"standalone", "accept", "io", "compute", "custom"}),
        ("lanes:\n  - from: a\n    kind: |\n", {"spsc", "mpsc", "spmc", "mpmc"}),
        ("lanes:\n  - from: a\n    when_full: |\n", POLICIES),
        ("lanes:\n  - from: a\n    when_full:\n      normal: |\n", POLICIES),
        ("lanes:\n  - from: a\n    undelivered: |\n", {"handler", "discard"}),
        ("lanes:\n  - from: a\n    priority: |\n", {"true", "false"}),
        ("worlds:\n  a:\n    transfer_queue: |\n", set()),
        ("worlds:\n  |\n", set()),
        ("components:\n  C:\n    fields:\n      |\n", set()),
    ],
)
def test_values_are_suggested(place: str, values: set[str], server: LanguageServer) -> None:
    """Those of today and not those of later; no name, as none can be known."""
    assert set(suggestions(server, HEAD + place)) == values


@pytest.mark.parametrize("name", INSERTED)
def test_what_is_inserted_is_legal(name: str, server: LanguageServer) -> None:
    """Each suggestion with a value, put where it was asked for, is a schema without an error."""
    marked = INSERTED[name]
    count = 0
    for key, snippet in suggestions(server, marked).items():
        inserted = filled(snippet)
        if inserted is None:
            continue
        if key in NEEDED:
            column = len(marked.partition("|")[0].rsplit("\n", 1)[-1])
            inserted = f"{NEEDED[key]}\n{' ' * column}{inserted}"
        count += 1
        schema = marked.replace("|", inserted)
        diagnostics = Diagnostics()
        read_layout("asked.yaml", diagnostics, data=schema.encode())
        assert not diagnostics, text(diagnostics)
        assert server.open(schema).diagnostics == ()
    assert count >= 1


def test_the_example_is_legal() -> None:
    """What the JSON Schema shows as a whole is a schema."""
    from jsonschema import Draft202012Validator

    schema = json_schema()
    for example in schema["examples"]:
        Draft202012Validator(schema).validate(example)


def test_hover_shows_the_description_as_it_is(server: LanguageServer) -> None:
    """Each key of a schema that has many of them; nothing in it is Markdown that shows."""
    schema = f"{HEAD}{TAIL}" + (
        "topology: routes\nmax_bytes: 1000000\n"
        "components:\n  C:\n    id: 0\n    doc: text\n    fields: {x: u8}\n"
        "lanes:\n  - from: a\n    to: b\n    capacity: 64\n    batch_size: 8\n    weight: 1\n"
    )
    document = server.open(schema)
    assert document.diagnostics == ()
    keys = {"": "schema", "    ": "component", "  - ": "lane"}
    seen = 0
    for number, line in enumerate(schema.splitlines()):
        word = re.match(r"( *(?:- )?)(\w+):", line)
        if word is None or word[2] in ("C", "corinth"):
            continue
        owner = keys[word[1]] if number < schema[: schema.index("lanes")].count("\n") else "lane"
        owner = "schema" if not word[1] else owner
        description = properties(owner)[word[2]]["description"]
        shown = document.hover(number, len(word[1]) + 1)
        assert f"\n\n{description}" in shown, shown
        seen += 1
    assert seen > 12


def test_descriptions_are_plain_text() -> None:
    """None has a character that Markdown takes for something else, so that none is escaped."""

    def check(node: object) -> None:
        if isinstance(node, dict):
            description = node.get("description", "")
            if isinstance(description, str):
                assert not re.search(r"[\\`*_{}\[\]<>#+!|]", description), description
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(json_schema())


def test_what_is_right_is_not_underlined(server: LanguageServer) -> None:
    """The examples, found by their own first lines."""
    for path in sorted((ROOT / "examples").glob("*/*.yaml")):
        content = path.read_text(encoding="utf-8")
        assert content.startswith("# yaml-language-server: $schema="), path
        assert server.open(content, str(path.relative_to(ROOT))).diagnostics == ()


def test_what_is_wrong_is_underlined(server: LanguageServer) -> None:
    """Each mistake on its line; a key of later says so."""
    schema = (
        f"{HEAD}topolgy: full\ncc: gcc\n"
        "components: {C: {fields: {x: {}}, c_type: s}}\n"
        "worlds:\n  a: {threads: 0}\n  b: {wait: sleep}\n  c: {transfer_queue: {capacity: 1}}\n"
        "lanes:\n  - {from: a}\n"
    )
    found = server.open(schema).diagnostics
    lines = {entry["range"]["start"]["line"] + 1 for entry in found}
    assert lines == {4, 5, 6, 8, 9, 10, 12}
    later = [entry for entry in found if "not supported yet" in entry["message"]]
    assert [entry["message"] for entry in later] == [
        "not supported yet; it comes with user headers"
    ] * 2


def test_reserved_keys_say_the_same_to_editors_as_to_the_tool() -> None:
    """The message that editors show names what the key comes with."""
    names = ("schema", "component", "lane")
    reserved = [value for name in names for value in properties(name).values() if "x-due" in value]
    assert len(reserved) > 8
    for value in reserved:
        assert value["doNotSuggest"] is True
        message = f"not supported yet; it comes with {value['x-due']}"
        assert value["deprecationMessage"] == message


def test_without_npm_there_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on the PATH: the tests say what is missing instead of failing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_path() == (None, "node isn't installed")
