"""Goal: generated identifiers are what the documentation says, and never meet unnoticed.
Method: tables of examples; a component, an enum or a world that takes each generated name in turn.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corinth.diagnostics import Diagnostics, Span
from corinth.identifiers import COORDINATOR, SHARED, declare_all
from corinth.model import Component, Model
from corinth.names import (
    INTERNAL_LANE_CALLS,
    INTERNAL_NAMES,
    INTERNAL_TYPE_CALLS,
    INTERNAL_WORLD_CALLS,
    LOCAL_NAMES,
    NOUNS,
    Names,
    snake_case,
    upper_case,
)
from corinth.render import render
from tests.support.schemas import examine
from tests.support.tree import INCLUDE, TESTS

SCHEMA = """corinth: 1
name: server
enums:
  ConnState: {type: u8, values: [reading, writing]}
  Sparse: {type: u32, values: {SPARSE}}
structs:
  Address: {fields: {ip: "u8[4]", port: u16}}
components:
  RequestData: {fields: {len: u32, state: ConnState, peer: Address, other: Sparse}}
  Tag: {}
worlds:
  accept: {routing: {default_target: io}}
  io: {threads: 2, routing: {component_routes: [{component: Tag, target: accept}]}}
  sink: {}
lanes:
  - {from: accept, to: io, priority: true}
  - {from: io, to: sink, when_full: wait, deadline_ms: 5, closable: true, undelivered: discard,
     pressure: true}
  - {from: accept, to: sink, when_full: drop_oldest, closable: true, undelivered: handler}
""".replace("SPARSE", ", ".join(f"v{i}: {3 * i}" for i in range(20)))

STANDALONE = """corinth: 1
name: server
components:
COMPONENTS
worlds: {only: {role: standalone}}
"""

MANY = [f"  C{i}: {{fields: {{x: u8}}}}" for i in range(70)]

SCHEMAS = {
    "all-kinds": SCHEMA,
    "wide-mask": STANDALONE.replace("COMPONENTS", "\n".join(MANY)),
    "large-transfer": STANDALONE.replace("COMPONENTS", '  Body: {fields: {x: "u8[4096]"}}'),
    "one-tag": STANDALONE.replace("COMPONENTS", "  Docked: {}"),
    "no-components": STANDALONE.replace("components:\nCOMPONENTS\n", ""),
}

WORD = re.compile(r"\b(?:server|SERVER)_\w+")
LOCAL = re.compile(r"\b[a-z][a-z0-9]*_[a-z0-9_]*[a-z0-9]\b")
MEMBER = re.compile(
    r"""
      \bstruct(?:\ \w+)?\ \{[^{}]*\}
    | (?:->|\.)\s*\w+
    | \boffsetof\([^()]*\)
    | ^\w[^{};]*\([^{};]*\);
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Where a struct is defined, a member is used, or a function is declared."""
PLACE = Span("server.yaml", 1, 1)


def code_of(text: str) -> str:
    """Every header of a schema, without comments, texts and includes."""
    outputs = render(examine(text).valid())
    return without_texts("\n".join(body for name, body in outputs.items() if name.endswith(".h")))


def without_texts(code: str) -> str:
    """C without comments, texts, includes and attributes."""
    pattern = r'/\*.*?\*/|"[^"\n]*"|#include[^\n]*|__attribute__\(\(.*?\)\)'
    return re.sub(pattern, "", code, flags=re.DOTALL)


def variables_of(code: str) -> set[str]:
    """The words of such code that have a `_` and aren't members, nor the parameters of prototypes,
    nor what begins with a prefix.
    """
    words = set(LOCAL.findall(MEMBER.sub("", code)))
    other = re.compile(r"(server|corinth|internal)_\w+|\w+_t")
    return {word for word in words if not other.fullmatch(word)}


def rows(name: str) -> list[list[str]]:
    lines = (TESTS / "unit" / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


@pytest.fixture(name="model", scope="module")
def _model() -> Model:
    return examine(SCHEMA).valid().model


@pytest.mark.parametrize(("name", "expected"), rows("snake_case.txt"))
def test_snake_case(name: str, expected: str) -> None:
    """Goal: words are told apart as a person would. Method: a table of names as people write."""
    assert snake_case(name) == expected
    assert upper_case(name) == expected.upper()


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,12}(_[A-Za-z0-9]{1,6}){0,2}", fullmatch=True))
def test_snake_case_keeps_every_letter(name: str) -> None:
    """Goal: a name is parted and nothing else, whatever it is. Method: random names."""
    result = snake_case(name)
    assert result.replace("_", "") == name.replace("_", "").lower()
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", result)
    assert snake_case(result) == result


def test_names_of_each_thing(model: Model) -> None:
    """Goal: names are those of the specification. Method: one of each kind."""
    names = Names("server")
    data, (accept, io, _) = model.components[0], model.worlds
    assert names.header("") == "server.h"
    assert names.header("lanes") == "server_lanes.h"
    assert names.guard("lanes") == "SERVER_LANES_H"
    assert names.world_header(io) == "server_io.h"
    assert names.world_guard(io) == "SERVER_IO_H"
    assert names.fixed("transfer_init") == "server_transfer_init"
    assert names.fixed("ROUTE_NONE") == "SERVER_ROUTE_NONE"
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
    assert names.lane_constant(accept, io, "CAPACITY") == "SERVER_ACCEPT_TO_IO_CAPACITY"


def test_a_name_outside_of_the_table_is_a_defect() -> None:
    """Goal: no template emits a name that collisions aren't looked for. Method: ask for some."""
    for name in ("transfer_frobnicate", "", "NO_WAY", "internal_helper"):
        with pytest.raises(KeyError):
            Names("server").fixed(name)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_table_holds_what_is_emitted(kind: str) -> None:
    """Goal: nothing is left out of the table, and nothing is reserved beyond what is emitted.

    Method: compare it with every prefixed word of rendered headers. Helpers may be in the table
    where a schema has no need of them; how they are parted is checked by their form.
    """
    table = declare_all(examine(SCHEMAS[kind]).valid().model, Diagnostics()).identifiers()
    known = {name for name in table if WORD.fullmatch(name)}
    found = set(WORD.findall(code_of(SCHEMAS[kind])))
    assert len(found) > 40, "the headers were read"
    parted = re.compile(r"server_internal_\w+_\d+_to_\d+(_of_\w+)?")
    assert {name for name in found - known if not parted.fullmatch(name)} == set()
    assert {name for name in known - found if "INTERNAL" not in name.upper()} == set()


def test_the_table_holds_no_helper_that_none_emits() -> None:
    """Goal: what only templates call is listed no longer than they have it. Method: the helpers'
    names, of which each must be in the headers of some schema.
    """
    code = "".join(code_of(text) for text in SCHEMAS.values())
    of_things = {call: rf"\bserver_internal_{call}_" for call in INTERNAL_TYPE_CALLS}
    of_things |= {
        call: rf"\bserver_internal_\w+_{call}\b"
        for call in INTERNAL_WORLD_CALLS + INTERNAL_LANE_CALLS
    }
    of_things |= {name: rf"\bserver_internal_{name}\b" for name in INTERNAL_NAMES}
    assert [name for name, pattern in of_things.items() if not re.search(pattern, code)] == []


def test_members_are_in_the_table(model: Model) -> None:
    """Goal: members of the coordinator meet no other. Method: compare the table with the structs of
    rendered headers."""
    entries = declare_all(model, Diagnostics()).entries
    code = code_of(SCHEMA)
    for struct, scope in (("coordinator", COORDINATOR), ("coordinator_shared", SHARED)):
        (body,) = re.findall(rf"\bstruct server_{struct} \{{([^{{}}]*)\}}", code)
        members = set(re.findall(r"(\w+)(?:\[[^\]]+\])?;", body))
        assert members == {name for where, name in entries if where == scope}


def test_the_generator_names_its_own_by_nouns() -> None:
    """Goal: what is free for users can be said in a line. Method: names of an empty schema."""
    lists = {"COMPONENTS", "COMPONENTS_WITH_DATA", "TAGS"}
    for kind in ("no-components", "one-tag"):
        for name in sorted(set(WORD.findall(code_of(SCHEMAS[kind])))):
            word = name[len("server_") :]
            is_own = word.split("_")[0].lower() in (*NOUNS, "internal")
            of_user = word.startswith(("DOCKED_", "only_", "ONLY_"))
            assert is_own or of_user or word in lists or word.endswith("_H") or word == "H", name


def test_local_names_are_the_variables() -> None:
    """Goal: no type shadows a variable, and nothing else is reserved. Method: what is left of
    generated headers and of those of the runtime without members and prototypes, which nothing
    shadows; the component has one word, as C++ has it without a prefix.
    """
    words: set[str] = set()
    for text in SCHEMAS.values():
        words |= variables_of(code_of(text.replace("RequestData", "Request")))
    for path in sorted(INCLUDE.rglob("*.h")):
        words |= variables_of(without_texts(path.read_text(encoding="utf-8")))
    of_others = {"static_assert", "each_component"}
    assert of_others <= words
    assert sorted(words - of_others) == list(LOCAL_NAMES)


@pytest.mark.parametrize(("name", "component"), [("timeout", "Ns"), ("wire", "Hash")])
def test_no_type_is_called_like_a_variable(name: str, component: str) -> None:
    """Goal: the table of variables is used. Method: one of a generated function, and one of the
    runtime; a tag is no type."""
    tag = SCHEMA.replace("name: server", f"name: {name}").replace("Tag", component)
    assert not examine(tag).diagnostics
    outcome = examine(tag.replace(f"{component}: {{}}", f"{component}: {{fields: {{x: u8}}}}"))
    assert outcome.rules == ["name-collision"]
    assert f"component `{component}` and a variable of a generated function" in outcome.report


def test_no_component_can_take_a_generated_name(model: Model) -> None:
    """Goal: each type and function collides with a user's. Method: a component of each in turn."""
    table = declare_all(model, Diagnostics())
    taken = sorted(
        n.removeprefix("server_") for n in table.identifiers() if n.startswith("server_")
    )
    assert len(taken) > 150, "there is something to collide with"
    field = model.components[0].fields[0]
    for name in taken:
        component = Component(9, name, "", (field,), PLACE)
        diagnostics = Diagnostics()
        declare_all(replace(model, components=(*model.components, component)), diagnostics)
        assert any(f"`server_{name}`" in error.message for error in diagnostics.errors), name


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


@pytest.mark.parametrize(
    "name",
    ["features", "endian", "error", "search", "string", "threads", "stdfix", "unwind", "elf"],
)
def test_no_schema_hides_a_header(name: str) -> None:
    """Goal: the system's headers can be included. Method: schemas that are called like them."""
    outcome = examine(SCHEMA.replace("name: server", f"name: {name}"))
    assert f"{name}.h, which hides the system's header" in outcome.report


@pytest.mark.parametrize(
    ("name", "component", "word", "header"),
    [
        ("timer", "Create", "timer_create", "time.h"),
        ("mq", "Open", "mq_open", "mqueue.h"),
        ("sem", "Open", "sem_open", "semaphore.h"),
        ("size", "T", "size_t", None),
        ("uint8", "T", "uint8_t", None),
        ("in", "Addr", "in_addr", "netinet/in.h"),
    ],
)
def test_prefix_and_name_make_no_word(
    name: str, component: str, word: str, header: str | None
) -> None:
    """Goal: nothing of C is defined again. Method: a prefix and a name that are harmless alone."""
    text = SCHEMA.replace("name: server", f"name: {name}")
    assert not examine(text).diagnostics
    outcome = examine(text.replace("Tag: {}", f"Tag: {{}}\n  {component}: {{fields: {{x: u8}}}}"))
    assert outcome.rules == ["name-collision"]
    assert f"`{word}`" in outcome.report
    assert header is None or f"<{header}>" in outcome.report


def test_a_schema_meets_the_runtime() -> None:
    """Goal: a schema may be called `corinth` where that does no harm. Method: one without lanes,
    then with a component that the runtime has, then with a coordinator."""
    text = STANDALONE.replace("name: server", "name: corinth")
    assert not examine(text.replace("COMPONENTS", "  Boat: {fields: {x: u8}}")).diagnostics
    outcome = examine(text.replace("COMPONENTS", "  Entity: {fields: {x: u8}}"))
    assert outcome.rules == ["name-collision"]
    assert "a name of <corinth/entity.h> would both be called `corinth_entity`" in outcome.report
    outcome = examine(SCHEMA.replace("name: server", "name: corinth"))
    assert outcome.rules == ["name-collision"]
    assert "a name of <corinth/coordinator.h> would both be called" in outcome.report


def test_enum_values_meet_macros() -> None:
    """Goal: a composed constant is no macro of a header. Method: one of <netinet/in.h>."""
    text = SCHEMA.replace("name: server", "name: ipv6").replace("ConnState", "Pmtudisc")
    outcome = examine(text.replace("reading", "want"))
    assert outcome.rules == ["name-collision"]
    assert "`IPV6_PMTUDISC_WANT`" in outcome.report
    assert "<netinet/in.h>" in outcome.report


def test_a_field_is_not_called_like_a_type_of_its_struct() -> None:
    """Goal: structs compile as C++. Method: fields that are called like a type that is used."""
    for field in ("server_conn_state: ConnState", "a: ConnState, server_conn_state: u8"):
        outcome = examine(SCHEMA.replace("Tag: {}", f"Tag: {{}}\n  More: {{fields: {{{field}}}}}"))
        assert outcome.rules == ["name-collision"], field
    outcome = examine(SCHEMA.replace("Tag: {}", "Tag: {}\n  More: {fields: {server_address: u8}}"))
    assert not outcome.diagnostics, "where it isn't used it means nothing"
    two = "Tag: {}\n  X: {fields: {x: u8}}\n  ServerX: {fields: {x: u8}}"
    assert examine(SCHEMA.replace("Tag: {}", two)).rules == ["name-collision"]


def test_words_of_the_namespace_meet() -> None:
    """Goal: C++ finds no two types of one name. Method: a word that another's suffix makes."""
    two = "Tag: {}\n  Pack: {}\n  PackComponent: {fields: {x: u8}}"
    outcome = examine(SCHEMA.replace("Tag: {}", two))
    assert outcome.rules == ["name-collision"]
    assert "`pack_component` in C++" in outcome.report
    assert not examine(SCHEMA.replace("Tag: {}", "Tag: {}\n  Pack: {}")).diagnostics


def test_a_field_is_no_generated_macro() -> None:
    """Goal: the headers' own macros replace no member. Method: a field called like one."""
    field = "Tag: {}\n  More: {fields: {SERVER_WORLD_IO: u8}}"
    assert examine(SCHEMA.replace("Tag: {}", field)).rules == ["name-collision"]


def test_a_collision_is_said_once() -> None:
    """Goal: two things that share many names are one error. Method: names that differ in case."""
    outcome = examine(SCHEMA.replace("  Tag: {}", "  Tag: {}\n  requestDATA: {}"))
    assert outcome.rules == ["name-collision"]
    (error,) = outcome.diagnostics.errors
    assert len(error.notes) == 1
    assert error.notes[0].span.line < error.span.line


def test_names_of_games_are_free() -> None:
    """Goal: names belong to users. Method: what public games call components and worlds.

    Each in turn, so that none is refused for another's sake; at most eight may be, and each names
    the two identifiers, which are equal.
    """
    section, refused, tried = "", [], 0
    for row in rows("game_names.txt"):
        if row[0].startswith("["):
            section = row[0]
            continue
        for name in row:
            tried += 1
            component, world = (name, "here") if section == "[components]" else ("Boat", name)
            outcome = examine(
                f"corinth: 1\nname: game\ncomponents: {{{component}: {{fields: {{x: u8}}}}}}\n"
                f"worlds: {{{world}: {{routing: {{default_target: there}}}}, there: {{}}}}\n"
            )
            if outcome.diagnostics:
                refused.append(name)
                assert "would both be called `" in outcome.report or "keyword" in outcome.report
    assert tried >= 300
    assert sorted(refused) == ["Mask", "Static", "Switch", "Transfer", "World", "lanes"]
