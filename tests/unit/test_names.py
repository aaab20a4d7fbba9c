"""Goal: generated identifiers are what the documentation says, and never meet unnoticed.
Method: tables of examples, and a component that takes each generated name in turn.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from corinth.diagnostics import Diagnostics, Span
from corinth.identifiers import declare_all
from corinth.model import Component, Model
from corinth.names import (
    FIXED_CONSTANTS,
    FIXED_NAMES,
    Names,
    snake_case,
    upper_case,
)
from corinth.reserved import check_name
from tests.support.schemas import examine
from tests.support.tool import generate

SCHEMA = """corinth: 1
name: server
enums:
  ConnState: {type: u8, values: [reading, writing]}
structs:
  Address: {fields: {ip: "u8[4]", port: u16}}
components:
  RequestData: {fields: {len: u32, state: ConnState, peer: Address}}
  Tag: {}
worlds:
  accept: {routing: {default_target: io}}
  io: {threads: 2, routing: {component_routes: [{component: Tag, target: accept}]}}
lanes:
  - {from: accept, to: io, priority: true}
"""
INTERNAL_FIXED = (
    "((copy|encode|decode|validate)_components(_[0-9]+_to_[0-9]+)?|encoded_size|has_only_known"
    "|mask_is_defined|run_length|validate_header)"
)
"""Helpers without a part of the user's in their names; no world or type is called so."""

PLACE = Span("server.yaml", 1, 1)


@pytest.fixture(name="model", scope="module")
def _model() -> Model:
    return examine(SCHEMA).valid().model


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RequestData", "request_data"),
        ("HTTPRequest", "http_request"),
        ("parseURL", "parse_url"),
        ("Vec3", "vec3"),
        ("Vec3D", "vec3_d"),
        ("UTF8String", "utf8_string"),
        ("conn_state", "conn_state"),
        ("Conn_State", "conn_state"),
        ("A", "a"),
        ("AB", "ab"),
        ("ABc", "a_bc"),
        ("X2Y", "x2_y"),
    ],
)
def test_snake_case(name: str, expected: str) -> None:
    """Goal: words are told apart as a person would. Method: one example of each form."""
    assert snake_case(name) == expected
    assert upper_case(name) == expected.upper()


def test_names_of_each_thing(model: Model) -> None:
    """Goal: names are those of the specification. Method: one of each kind."""
    names = Names("server")
    data, (accept, io) = model.components[0], model.worlds
    assert names.header("") == "server.h"
    assert names.header("lanes") == "server_lanes.h"
    assert names.guard("lanes") == "SERVER_LANES_H"
    assert names.fixed("transfer_init") == "server_transfer_init"
    assert names.fixed("NO_ROUTE") == "SERVER_NO_ROUTE"
    assert names.enum_type(model.enums[0]) == "server_conn_state"
    assert names.enum_value(model.enums[0], model.enums[0].values[0]) == "SERVER_CONN_STATE_READING"
    assert names.struct_type(model.structs[0]) == "server_address"
    assert names.component_type(data) == "server_request_data"
    assert names.component_member(data) == "request_data"
    assert names.component_bit(data) == "SERVER_REQUEST_DATA_BIT"
    assert names.component_mask(data) == "SERVER_REQUEST_DATA_MASK"
    assert names.component_call(data, "pack") == "server_transfer_pack_request_data"
    assert names.world_constant(io) == "SERVER_WORLD_IO"
    assert names.world_port(io) == "server_io_port"
    assert names.world_call(io, "send_batch") == "server_io_send_batch"
    assert names.lane_type(accept, io) == "server_accept_to_io"
    assert names.lane_type(accept, io, "claim") == "server_accept_to_io_claim"
    assert names.lane_call(accept, io, "reserve") == "server_accept_to_io_reserve"
    assert names.lane_constant(accept, io, "CAPACITY") == "SERVER_ACCEPT_TO_IO_CAPACITY"


def test_a_name_outside_of_the_table_is_a_defect() -> None:
    """Goal: no template emits a name that collisions aren't looked for. Method: ask for some."""
    for name in ("transfer_frobnicate", "", "NO_WAY", "internal_helper"):
        with pytest.raises(KeyError):
            Names("server").fixed(name)


def test_generated_headers_define_only_what_is_in_the_table(tmp_path: Path, model: Model) -> None:
    """Goal: the table is complete. Method: compare with every prefixed word of real headers."""
    schema = tmp_path / "server.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    known = declare_all(model, Diagnostics()).identifiers()
    found = set()
    for path in generate(schema, tmp_path / "out"):
        if path.suffix == ".h":
            text = path.read_text(encoding="utf-8")
            code = re.sub(r'/\*.*?\*/|"[^"\n]*"', "", text, flags=re.DOTALL)
            found |= set(re.findall(r"\b(?:server|SERVER)_\w+", code))
    assert len(found) > 100, "the headers were read"
    fixed = re.compile("server_internal_" + INTERNAL_FIXED)
    unknown = {name for name in found - known if not fixed.fullmatch(name)}
    assert unknown == set(), "what templates call their helpers is listed in corinth.names"


def test_no_component_can_take_a_generated_name(model: Model) -> None:
    """Goal: each identifier collides with a user's. Method: a component of each name in turn.

    A component is named after the type that it defines, so this covers every type and function.
    """
    table = declare_all(model, Diagnostics())
    taken = sorted(
        n.removeprefix("server_") for n in table.identifiers() if n.startswith("server_")
    )
    assert len(taken) > 150, "there is something to collide with"
    for name in taken:
        component = Component(9, name, "", (), PLACE)
        diagnostics = Diagnostics()
        check_name("component", name, PLACE, diagnostics)
        declare_all(replace(model, components=(*model.components, component)), diagnostics)
        assert diagnostics, f"a component called {name} was accepted"
        assert len(diagnostics.errors) >= 1


def test_no_value_can_take_a_generated_constant(model: Model) -> None:
    """Goal: the same for constants. Method: an enum with a value that makes each of them."""
    table = declare_all(model, Diagnostics())
    constants = [n.removeprefix("SERVER_") for n in table.identifiers() if n.startswith("SERVER_")]
    enum = model.enums[0]
    tried = 0
    for constant in sorted(constants):
        first, _, rest = constant.partition("_")
        if not rest:
            continue
        tried += 1
        value = replace(enum.values[0], name=rest.lower(), span=PLACE)
        other = replace(enum, name=first.lower(), values=(value,), span=Span("server.yaml", 2, 1))
        diagnostics = Diagnostics()
        declare_all(replace(model, enums=(*model.enums, other)), diagnostics)
        assert any(f"`SERVER_{constant}`" in error.message for error in diagnostics.errors)
    assert tried > 40


@pytest.mark.parametrize("name", sorted(FIXED_NAMES | FIXED_CONSTANTS))
def test_fixed_names_are_one_of_a_kind(name: str) -> None:
    """Goal: `fixed` answers one name for each. Method: its case tells the two sets apart."""
    prefix = "SERVER_" if name in FIXED_CONSTANTS else "server_"
    assert Names("server").fixed(name) == prefix + name
    assert name.isupper() == (name in FIXED_CONSTANTS)


@pytest.mark.parametrize(
    "word",
    [
        *("auto", "int", "register", "restrict", "bool", "alignas", "constexpr"),
        *("typeof_unqual", "thread_local", "static_assert", "nullptr", "true"),
        *("class", "new", "delete", "template", "co_await", "char8_t", "requires", "this"),
        *("and", "and_eq", "bitand", "bitor", "compl", "not", "not_eq", "or", "or_eq", "xor"),
        *("errno", "stdin", "assert", "unix", "linux", "uint8_t", "xor_eq"),
    ],
)
@pytest.mark.parametrize("what", ["field", "component", "world", "enum", "struct", "schema"])
def test_reserved_words(what: str, word: str) -> None:
    """Goal: no name may be a word of C or C++. Method: every kind with each sort of word."""
    diagnostics = Diagnostics()
    check_name(what, word, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"`{word}`" in diagnostics.errors[0].hint


@pytest.mark.parametrize("name", ["Class", "New", "Register", "AndEq", "StaticAssert"])
def test_reserved_words_in_camel_case(name: str) -> None:
    """Goal: a word is refused as it would be emitted. Method: components in CamelCase."""
    diagnostics = Diagnostics()
    check_name("component", name, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"try `My{name}`" in diagnostics.errors[0].hint


@pytest.mark.parametrize("what", ["component", "world", "enum", "struct"])
@pytest.mark.parametrize(
    "word",
    ["transfer", "Coordinator", "world", "Mask", "port", "internal", "internal_x", "corinth"],
)
def test_words_of_the_generator(what: str, word: str) -> None:
    """Goal: names for today's and later output are kept free. Method: some, of every kind."""
    diagnostics = Diagnostics()
    check_name(what, word, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-name"]


@pytest.mark.parametrize("word", ["transfer", "mask", "entity", "port", "final", "module", "Class"])
def test_fields_have_a_struct_to_themselves(word: str) -> None:
    """Goal: nothing is refused without need. Method: fields called as generated things."""
    diagnostics = Diagnostics()
    check_name("field", word, PLACE, diagnostics)
    assert not diagnostics


def test_suggestions_are_accepted() -> None:
    """Goal: following a hint mends the error. Method: take what it suggests as the name."""
    for what, name in (
        ("component", "Class"),
        ("component", "InternalTransfer"),
        ("world", "corinth_io"),
        ("schema", "corinth"),
        ("schema", "string"),
        ("field", "new"),
        ("world", "internal"),
    ):
        diagnostics = Diagnostics()
        check_name(what, name, PLACE, diagnostics)
        suggested = re.search(r"try `(\w+)`", diagnostics.errors[0].hint)
        assert suggested is not None, name
        second = Diagnostics()
        check_name(what, suggested[1], PLACE, second)
        assert not second, f"{name}: {suggested[1]}"


def test_a_collision_is_said_once() -> None:
    """Goal: two things that share many names are one error. Method: names that differ in case."""
    outcome = examine(SCHEMA.replace("  Tag: {}", "  Tag: {}\n  requestDATA: {}"))
    assert outcome.rules == ["name-collision"]
    (error,) = outcome.diagnostics.errors
    assert len(error.notes) == 1
    assert error.notes[0].span.line < error.span.line


@pytest.mark.parametrize(
    ("name", "component", "word"),
    [("co", "Await", "co_await"), ("size", "T", "size_t"), ("uint8", "T", "uint8_t")],
)
def test_prefix_and_name_may_not_make_a_word(name: str, component: str, word: str) -> None:
    """Goal: nothing of C is defined anew. Method: a prefix and a name that are harmless alone."""
    text = SCHEMA.replace("name: server", f"name: {name}")
    assert not examine(text).diagnostics
    outcome = examine(text.replace("Tag", component))
    assert outcome.rules == ["name-collision"]
    assert f"`{word}`" in outcome.report
