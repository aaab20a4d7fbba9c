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
from corinth.identifiers import declare_all
from corinth.model import Component, Model
from corinth.names import LOCAL_NAMES, NOUNS, Names, snake_case, upper_case
from corinth.render import render
from corinth.reserved import check_bare_name
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
  - {from: io, to: sink}
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
    "one-tag": STANDALONE.replace("COMPONENTS", "  Docked: {}"),
    "no-components": STANDALONE.replace("components:\nCOMPONENTS\n", ""),
}

WORD = re.compile(r"\b(?:server|SERVER)_\w+")
LOCAL = re.compile(r"\b[a-z][a-z0-9]*_[a-z0-9_]*[a-z0-9]\b")
PLACE = Span("server.yaml", 1, 1)


def code_of(text: str) -> str:
    """Every header of a schema, without comments, texts and includes."""
    outputs = render(examine(text).valid())
    headers = "\n".join(body for name, body in outputs.items() if name.endswith(".h"))
    return re.sub(r'/\*.*?\*/|"[^"\n]*"|#include[^\n]*', "", headers, flags=re.DOTALL)


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
    assert names.lane_call(accept, io, "reserve") == "server_accept_to_io_reserve"
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


def test_the_generator_names_its_own_by_nouns() -> None:
    """Goal: what is free for users can be said in a line. Method: names of an empty schema."""
    lists = {"COMPONENTS", "COMPONENTS_WITH_DATA", "TAGS"}
    for kind in ("no-components", "one-tag"):
        for name in sorted(set(WORD.findall(code_of(SCHEMAS[kind])))):
            word = name[len("server_") :]
            is_own = word.split("_")[0].lower() in (*NOUNS, "internal")
            of_user = word.startswith(("DOCKED_", "only_", "ONLY_"))
            assert is_own or of_user or word in lists or word.endswith("_H") or word == "H", name


def test_local_names_are_in_the_table() -> None:
    """Goal: no type shadows a variable. Method: every word of generated functions with a `_`."""
    text = SCHEMA.replace("RequestData", "Request").replace("ConnState", "State")
    words = set(LOCAL.findall(code_of(text)))
    members = re.compile(
        r"(server|corinth|to|from|internal)_\w+|\w+_(ports|parkers|to_\w+|ring|marks|slots|t)"
        r"|encoded_size|in_lane|wire_hash|each_component|aligned_alloc"
    )
    unknown = {word for word in words if not members.fullmatch(word)} - set(LOCAL_NAMES)
    assert unknown == set(), "a variable whose name has two words is listed in corinth.names"
    text = SCHEMA.replace("name: server", "name: is").replace("Tag", "Valid")
    outcome = examine(text.replace("Valid: {}", "Valid: {fields: {x: u8}}"))
    assert "component `Valid` and a variable of a generated function" in outcome.report


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
    "word",
    [
        *("auto", "int", "register", "restrict", "bool", "alignas", "constexpr"),
        *("typeof_unqual", "thread_local", "static_assert", "nullptr", "true"),
        *("class", "new", "delete", "template", "co_await", "char8_t", "requires", "this"),
        *("and", "and_eq", "bitand", "bitor", "compl", "not", "not_eq", "or", "or_eq", "xor"),
        *("errno", "stdin", "unix", "linux", "xor_eq", "complex", "noreturn"),
        *("st_mtime", "s6_addr", "sa_handler", "si_pid", "h_errno", "sched_priority"),
    ],
)
@pytest.mark.parametrize("what", ["field", "component", "schema"])
def test_reserved_words(what: str, word: str) -> None:
    """Goal: no bare word is one of C or C++, nor a macro. Method: every kind with each sort."""
    diagnostics = Diagnostics()
    check_bare_name(what, word, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"`{word}` is a" in diagnostics.errors[0].hint


@pytest.mark.parametrize("name", ["I", "UINT8_MAX", "EOF", "PATH_MAX", "CORINTH_CACHE_LINE"])
def test_no_field_is_a_macro(name: str) -> None:
    """Goal: a macro of a header never replaces a member. Method: fields in upper case."""
    diagnostics = Diagnostics()
    check_bare_name("field", name, PLACE, diagnostics)
    (error,) = diagnostics.errors
    assert re.search(r"is a macro of <\w+(/\w+)?\.h>; try `MY_", error.hint, re.IGNORECASE)


@pytest.mark.parametrize(
    "name",
    [
        *("exit", "log", "index", "free", "select"),
        *("main", "std", "posix", "abi", "std2", "std20", "Main", "STD"),
    ],
)
def test_no_schema_is_called_like_something_global(name: str) -> None:
    """Goal: the namespace that C++ sees can be opened. Method: what <…> declares globally, and what
    a program of C++ has or the language keeps without any header of C.
    """
    diagnostics = Diagnostics()
    check_bare_name("schema", name, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert "C++" in diagnostics.errors[0].hint


@pytest.mark.parametrize("name", ["Class", "New", "Register", "AndEq", "StaticAssert", "Errno"])
def test_reserved_words_in_camel_case(name: str) -> None:
    """Goal: a word is refused as it would be emitted. Method: components in CamelCase."""
    diagnostics = Diagnostics()
    check_bare_name("component", name, PLACE, diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["reserved-word"]
    assert f"try `My{name}`" in diagnostics.errors[0].hint


@pytest.mark.parametrize(
    ("what", "name"),
    [
        *(("component", n) for n in ("Class", "Errno", "static", "SA_HANDLER")),
        *(("schema", n) for n in ("errno", "string", "time", "std", "int", "main", "std20")),
        *(("field", n) for n in ("new", "EOF", "st_mtime", "I", "i386", "linux")),
    ],
)
def test_suggestions_are_accepted(what: str, name: str) -> None:
    """Goal: following a hint mends the error. Method: take what it suggests as the name."""
    diagnostics = Diagnostics()
    check_bare_name(what, name, PLACE, diagnostics)
    suggested = re.search(r"try `(\w+)`", diagnostics.errors[0].hint)
    assert suggested is not None, name
    second = Diagnostics()
    check_bare_name(what, suggested[1], PLACE, second)
    assert not second, f"{name}: {suggested[1]}"


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
        ("corinth", "Entity", "corinth_entity", "corinth/entity.h"),
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


def test_variables_of_the_runtime_are_in_the_table() -> None:
    """Goal: no generated type shadows them. Method: every word of the runtime with a `_`."""
    members = {"high_water", "total_ns", "max_ns", "in_lane", "is_signed", "static_assert"}
    words = set()
    for path in (INCLUDE / "corinth").glob("*.h"):
        text = path.read_text(encoding="utf-8")
        code = re.sub(r'/\*.*?\*/|"[^"\n]*"|#include[^\n]*', "", text, flags=re.DOTALL)
        words |= {word for word in LOCAL.findall(code) if not word.endswith("_t")}
    own = re.compile(r"corinth_\w+|base_\w+|tick_ns_\w+")
    unknown = {word for word in words - members if not own.fullmatch(word)} - set(LOCAL_NAMES)
    assert unknown == set(), "members need no entry, variables are listed in corinth.names"
    outcome = examine(SCHEMA.replace("name: server", "name: wire").replace("Tag", "Hash"))
    assert not outcome.diagnostics, "a tag is no type"
    text = SCHEMA.replace("name: server", "name: wire").replace("RequestData", "Hash")
    assert examine(text).rules == ["name-collision"]


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
    assert sorted(refused) == ["Mask", "Static", "Switch", "Transfer", "World"]
