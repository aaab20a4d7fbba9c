"""Goal: a model says what the schema means, and no document makes `resolve` crash.
Method: small schemas with the model expected of each, and random damage to valid ones.
Each error has its file in tests/bad_schemas; here is what is right.
"""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corinth.field_types import ArrayType, Primitive, StructType, types_within
from corinth.lane_kinds import LANE_KINDS
from corinth.layout_json import layout_json
from corinth.model import Lane, Model, Origin, Role
from tests.support.schemas import Data, Draw, examine, schema_data, schema_text, schemas

HEAD = "corinth: 1\nname: server\n"
PAIR = "worlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"

SPELLED_OUT = """
worlds:
  accept: {role: accept, routing: {default_target: io}}
  io: {role: io, routing: {default_target: compute}}
  compute: {role: compute, routing: {default_target: io}}
"""


def model_of(text: str) -> Model:
    """The model of a valid schema."""
    return examine(HEAD + text).valid().model


def lane_of(text: str) -> Lane:
    """The only lane of a valid schema."""
    (lane,) = model_of(text).lanes
    return lane


def pairs_of(model: Model) -> list[tuple[str, str]]:
    """The lanes by their worlds' names."""
    names = {world.id: world.name for world in model.worlds}
    return [(names[lane.source], names[lane.target]) for lane in model.lanes]


def essence(text: str) -> Data:
    """The JSON report without the hashes."""
    report = json.loads(layout_json(examine(HEAD + text).valid()))
    return {key: value for key, value in report.items() if key not in ("wire_hash", "layout_hash")}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("[a, b, c]", [("a", 0), ("b", 1), ("c", 2)]),
        ("{a: 3, b: 1}", [("a", 3), ("b", 1)]),
        ("[a, {b: 7}, c]", [("a", 0), ("b", 7), ("c", 8)]),
        ("{low: -128, high: 127}", [("low", -128), ("high", 127)]),
        ("[{a: 1.0}]", [("a", 1)]),
    ],
)
def test_values_of_enums(values: str, expected: list[tuple[str, int]]) -> None:
    """Goal: values count on from the one before. Method: each form of a list."""
    (enum,) = model_of(f"enums:\n  e: {{type: i8, values: {values}}}\n{PAIR}").enums
    assert [(value.name, value.value) for value in enum.values] == expected
    assert enum.base is Primitive.I8


def test_enums_are_u8_unless_they_say_otherwise() -> None:
    """Goal: the default base. Method: an enum without a type."""
    assert model_of(f"enums:\n  e: {{values: [a]}}\n{PAIR}").enums[0].base is Primitive.U8


def test_structs_come_after_those_that_they_use() -> None:
    """Goal: C can be emitted in order. Method: definitions in the wrong order, with a diamond."""
    structs = "structs:\n  A: {fields: {b: B, c: C}}\n  C: {fields: {d: D}}\n"
    structs += '  B: {fields: {d: "D[2]"}}\n  D: {fields: {x: u8}}\n'
    model = model_of(structs + PAIR)
    order = [struct.name for struct in model.structs]
    assert sorted(order) == ["A", "B", "C", "D"]
    for struct in model.structs:
        for kind in types_within(struct.fields):
            if isinstance(kind, StructType):
                assert order.index(kind.name) < order.index(struct.name)


def test_structs_may_nest_16_deep() -> None:
    """Goal: the limit is exact. Method: a chain of 16, and one of 17."""
    chain = "structs:\n  S1: {fields: {x: u8}}\n"
    chain += "".join(f"  S{i}: {{fields: {{x: S{i - 1}}}}}\n" for i in range(2, 17))
    assert len(model_of(chain + PAIR).structs) == 16
    assert examine(f"{HEAD}{chain}  S17: {{fields: {{x: S16}}}}\n{PAIR}").rules == ["struct-depth"]


def test_fields_keep_order_docs_and_counts() -> None:
    """Goal: nothing about a field is lost. Method: both forms, single and array."""
    text = 'components:\n  C: {fields: {b: "u8[1]", a: {type: f32, doc: " Metres. "}}}\n'
    one, two = model_of(text + PAIR).components[0].fields
    assert (one.name, one.type, one.doc) == ("b", ArrayType(Primitive.U8, 1), "")
    assert (two.name, two.type, two.doc) == ("a", Primitive.F32, "Metres.")


def test_ids_are_positions_unless_given() -> None:
    """Goal: `id` keeps a component's bit. Method: a mixture, with a gap, in file order."""
    text = "components:\n  A: {id: 9}\n  B: {}\n  C: {id: 0}\n"
    model = model_of(text + PAIR.replace("b: {}", "b: {id: 63}"))
    assert [(c.id, c.name) for c in model.components] == [(0, "C"), (1, "B"), (9, "A")]
    assert [(w.id, w.name) for w in model.worlds] == [(0, "a"), (63, "b")]
    assert (model.component_id_end, model.world_id_end) == (10, 64)
    assert model.worlds[0].default_target == 63


@pytest.mark.parametrize(
    ("producers", "consumers", "kind"),
    [
        (1, 1, "spsc"),
        (2, 1, "mpsc"),
        (1, 2, "spmc"),
        (2, 2, "mpmc"),
    ],
)
def test_kind_follows_from_threads(producers: int, consumers: int, kind: str) -> None:
    """Goal: no lane is more general than its threads need. Method: all four combinations."""
    text = f"worlds:\n  a: {{threads: {producers}, routing: {{default_target: b}}}}\n"
    lane = lane_of(f"{text}  b: {{threads: {consumers}}}\n")
    assert (lane.kind.value.name, lane.kind.origin) == (kind, Origin.DECIDED)


@pytest.mark.parametrize("stated", list(LANE_KINDS))
@pytest.mark.parametrize("consumers", [1, 2])
@pytest.mark.parametrize("producers", [1, 2])
def test_stated_kind_must_serve_the_threads(producers: int, consumers: int, stated: str) -> None:
    """Goal: a kind that can't serve is refused, a more general one is used. Method: all cases."""
    text = f"worlds:\n  a: {{threads: {producers}, routing: {{default_target: b}}}}\n"
    text += f"  b: {{threads: {consumers}}}\n"
    text += f"lanes:\n  - {{from: a, to: b, kind: {stated}}}\n"
    serves = (producers == 1 or stated[0] == "m") and (consumers == 1 or stated[2] == "m")
    outcome = examine(HEAD + text)
    if serves:
        kind = outcome.valid().model.lanes[0].kind
        assert (kind.value.name, kind.origin) == (stated, Origin.GIVEN)
    else:
        assert outcome.rules == ["lane-kind"]


@pytest.mark.parametrize(
    ("role", "size", "origin"),
    [
        ("", 64, Origin.DEFAULT),
        ("role: custom, ", 64, Origin.DEFAULT),
        ("role: compute, ", 64, Origin.DEFAULT),
        ("role: accept, ", 32, Origin.ROLE),
        ("role: io, ", 128, Origin.ROLE),
        ("role: io, transfer_queue: {batch_size: 7}, ", 7, Origin.GIVEN),
    ],
)
def test_batch_size_of_roles(role: str, size: int, origin: Origin) -> None:
    """Goal: a role changes defaults, what is given wins. Method: a table, and the lane's own."""
    world = PAIR.replace("a: {", "a: {" + role)
    batch = lane_of(world).batch_size
    assert (batch.value, batch.origin) == (size, origin)
    own = lane_of(world + "lanes:\n  - {from: a, to: b, batch_size: 9}\n").batch_size
    assert (own.value, own.origin) == (9, Origin.GIVEN)


def test_lane_wins_over_its_world() -> None:
    """Goal: `transfer_queue` is a default. Method: both give a capacity; another lane has none."""
    text = "worlds:\n  a: {transfer_queue: {capacity: 64}, routing: {default_target: b}}\n"
    text += "  b: {}\n  c: {}\nlanes:\n  - {from: a, to: b, capacity: 128}\n  - {from: a, to: c}\n"
    capacities = [lane.capacity for lane in model_of(text).lanes]
    assert [None if c is None else c.value for c in capacities] == [128, 64]


def test_routes_keep_their_order() -> None:
    """Goal: the last match can win. Method: routes in another order than components and worlds."""
    text = "components: {A: {}, B: {}, C: {}}\nworlds:\n  a:\n    routing:\n"
    text += "      component_routes:\n        - {component: C, target: b}\n"
    text += "        - {component: A, target: c}\n        - {component: B, target: b}\n"
    text += "  b: {}\n  c: {}\n"
    model = model_of(text)
    routes = model.worlds[0].component_routes
    assert [(route.component.name, route.target) for route in routes] == [
        ("C", 1),
        ("A", 2),
        ("B", 1),
    ]
    assert model.worlds[0].default_target is None
    assert pairs_of(model) == [("a", "b"), ("a", "c")]


def test_lanes_are_only_those_asked_for() -> None:
    """Goal: no lane for worlds that exchange nothing. Method: routes, entries, then all pairs."""
    text = PAIR + "  c: {}\nlanes:\n  - {from: c, to: a}\n"
    routes = [("a", "b"), ("c", "a")]
    assert pairs_of(model_of(text)) == routes
    assert pairs_of(model_of(f"topology: routes\n{text}")) == routes
    full = pairs_of(model_of(f"topology: full\n{text}"))
    assert full == [(x, y) for x in "abc" for y in "abc" if x != y]


def test_standard_pipeline_is_shorthand() -> None:
    """Goal: it means what the specification says. Method: compare with it spelled out."""
    assert essence("pipeline: standard\n") == essence(SPELLED_OUT)


def test_general_pipeline() -> None:
    """Goal: stages route on, the last one back. Method: compare with it spelled out."""
    worlds = "worlds:\n  x: {routing: {default_target: y}}\n  y: {routing: {default_target: z}}\n"
    once = essence("pipeline: {stages: [x, y, z]}\n")
    assert once == essence(worlds + "  z: {}\n")
    back = essence("pipeline: {stages: [x, y, z], return_to: x}\n")
    assert back == essence(worlds + "  z: {routing: {default_target: x}}\n")


def test_worlds_refine_stages_and_follow_them() -> None:
    """Goal: a stage takes the keys of its entry. Method: refine one, and add a world."""
    text = "components: {Bad: {}}\npipeline: standard\nworlds:\n  log: {}\n"
    text += (
        "  compute: {threads: 4, routing: {component_routes: [{component: Bad, target: log}]}}\n"
    )
    model = model_of(text)
    assert [(w.id, w.name) for w in model.worlds] == [
        (0, "accept"),
        (1, "io"),
        (2, "compute"),
        (3, "log"),
    ]
    compute = model.worlds[2]
    assert (compute.threads.value, compute.role.value) == (4, Role.COMPUTE)
    assert compute.default_target == 1
    assert ("compute", "log") in pairs_of(model)


def test_one_standalone_world_has_no_coordinator() -> None:
    """Goal: law 3. Method: the smallest schema."""
    model = model_of("worlds:\n  main: {role: standalone}\n")
    assert not model.has_coordinator
    assert model.worlds[0].role.value is Role.STANDALONE


LANE = "lanes:\n  - {from: a, to: b, %s}\n"
OPTIONS = {
    "id of a component": ("components: {T: {}}\n" + PAIR, "components: {T: {id: 1}}\n" + PAIR),
    "id of a world": (PAIR, PAIR.replace("b: {}", "b: {id: 2}")),
    "role": (PAIR, PAIR.replace("a: {", "a: {role: accept, ")),
    "threads": (PAIR, PAIR.replace("a: {", "a: {threads: 2, ")),
    "capacity": (PAIR, PAIR + LANE % "capacity: 8192"),
    "batch_size": (PAIR, PAIR + LANE % "batch_size: 3"),
    "kind": (PAIR, PAIR + LANE % "kind: mpmc"),
    "spsc": (PAIR, PAIR + LANE % "spsc: true"),
    "weight": (PAIR, PAIR + LANE % "weight: 2"),
    "priority": (PAIR, PAIR + LANE % "priority: true"),
    "priority_capacity": (
        PAIR + LANE % "priority: true",
        PAIR + LANE % "priority: true, priority_capacity: 32",
    ),
    "priority_burst": (
        PAIR + LANE % "priority: true",
        PAIR + LANE % "priority: true, priority_burst: 7",
    ),
    "default_target": (PAIR, PAIR.replace("b: {}", "b: {routing: {default_target: a}}")),
    "component_routes": (
        "components: {T: {}}\n" + PAIR,
        "components: {T: {}}\n"
        + PAIR.replace("b: {}", "b: {routing: {component_routes: [{component: T, target: a}]}}"),
    ),
    "topology": (PAIR, "topology: full\n" + PAIR),
    "max_bytes": (PAIR, "max_bytes: 1000000\n" + PAIR),
    "queue capacity": (PAIR, PAIR.replace("a: {", "a: {transfer_queue: {capacity: 64}, ")),
    "queue batch_size": (PAIR, PAIR.replace("a: {", "a: {transfer_queue: {batch_size: 8}, ")),
    "queue spsc": (PAIR, PAIR.replace("a: {", "a: {transfer_queue: {spsc: true}, ")),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_has_an_effect(option: str) -> None:
    """Goal: law 4. Method: the report with and without each option."""
    without, with_it = OPTIONS[option]
    assert essence(without) != essence(with_it)


@settings(max_examples=20)
@given(schemas(), st.randoms(use_true_random=False))
def test_meaning_does_not_depend_on_the_order_of_sections(text: str, random: Random) -> None:
    """Goal: keys may stand anywhere. Method: shuffle the top-level sections of random schemas."""
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(" "):
            blocks[-1] += line
        else:
            blocks.append(line)
    random.shuffle(blocks)
    first, second = examine(text).valid(), examine("".join(blocks)).valid()
    assert layout_json(first) == layout_json(second)


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            3,
            2**31,
            2**64,
            1.5,
            "",
            "a",
            "u8",
            "u8[0]",
            "x*",
            "entity",
        ),
        *("spsc", "standard", "full", "Transfer", "class", [], {}, [[]], ["a"], {"a": 1}),
        *({"fields": {"x": "u8"}}, {"from": "a", "to": "a"}, {"id": 0}),
    ]
)


@st.composite
def damaged(draw: Draw) -> Data:
    """A valid schema in which a few nodes were replaced, removed, doubled or renamed."""
    data: Data = copy.deepcopy(draw(schema_data()))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = node[key]
            if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
                node = inner
                continue
            action = draw(st.sampled_from(["replace", "remove", "double", "rename"]))
            if action == "remove":
                del node[key]
            elif action == "double" and isinstance(node, list):
                node.append(copy.deepcopy(inner))
            elif action == "rename" and isinstance(node, dict):
                node[draw(st.sampled_from(["x", "Entity", "from", "value"]))] = node.pop(key)
            else:
                node[key] = copy.deepcopy(draw(JUNK))
            break
    return data


@settings(max_examples=80)
@given(damaged())
def test_nothing_that_passed_validation_crashes(data: Data) -> None:
    """Goal: errors, never tracebacks. Method: damage random schemas and run all stages.

    What isn't refused must be complete enough to report, and each error must have a place.
    """
    outcome = examine(schema_text(data))
    for error in outcome.diagnostics.errors:
        assert error.span.line >= 1
        assert error.message
        assert error.hint or error.rule == "wrong-type", error
    if not outcome.diagnostics:
        assert layout_json(outcome.valid())
