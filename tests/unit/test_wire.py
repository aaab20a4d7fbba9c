"""Goal: hashes change with what programs must agree on, and with nothing else.
Method: one schema and edits of it, and the canonical text written out.
"""

from __future__ import annotations

import hashlib

import pytest

from corinth.wire import wire_text
from tests.support.schemas import examine

SCHEMA = """corinth: 1
name: server
enums:
  state: {type: u16, values: {busy: 7, idle: 1}}
  unused: {type: u8, values: [a]}
structs:
  Inner: {fields: {bits: u8}}
  Point: {fields: {x: f32, y: "f64[2]", inner: "Inner[3]"}}
components:
  Tag: {}
  Body: {fields: {at: Point, state: "state[2]", who: entity}}
worlds:
  a: {routing: {default_target: b}}
  b: {}
"""

WIRE_TEXT = """corinth wire 1
enum state u16
value idle 1
value busy 7
struct Inner
field bits u8
struct Point
field x f32
field y f64[2]
field inner struct Inner[3]
component 0 Tag
component 1 Body
field at struct Point
field state enum state[2]
field who u64
world 0
world 1
"""


def hashes(text: str) -> tuple[int, int]:
    """Wire and layout hash of a valid schema."""
    layout = examine(text).valid()
    return layout.wire_hash, layout.layout_hash


def test_canonical_text() -> None:
    """Goal: other tools can compute the hash. Method: the text of every construct by hand."""
    layout = examine(SCHEMA).valid()
    expected = WIRE_TEXT.replace("who u64", "who entity")
    assert wire_text(layout.model) == expected
    digest = hashlib.sha256(expected.encode()).hexdigest()
    assert f"{layout.wire_hash:016x}" == digest[:16]


def test_encoded_max() -> None:
    """Goal: a frame's bound is exact. Method: the sum of all fields by hand."""
    point = 4 + 2 * 8 + 3 * 1
    assert examine(SCHEMA).valid().transfer.encoded_max == 32 + 1 + point + 2 * 2 + 8


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("busy: 7", "busy: 8"),
        ("busy: 7", "working: 7"),
        ("type: u16", "type: u32"),
        ("bits: u8", "bits: i8"),
        ("bits: u8", "bit: u8"),
        ("f64[2]", "f64[3]"),
        ("Inner[3]", "Inner"),
        ("x: f32, y: ", "z: f32, y: "),
        ("  Tag: {}", "  Mark: {}"),
        ("  Tag: {}", "  Tag: {id: 2}"),
        ("  Tag: {}", "  Tag: {fields: {x: u8}}"),
        ("  b: {}", "  b: {id: 2}"),
        ("who: entity", "who: u64"),
    ],
)
def test_what_changes_frames_changes_the_wire_hash(old: str, new: str) -> None:
    """Goal: programs that would misread each other differ. Method: one edit at a time."""
    assert old in SCHEMA
    assert hashes(SCHEMA)[0] != hashes(SCHEMA.replace(old, new))[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: server", "name: client"),
        ("name: server", "name: server\ndoc: Some words."),
        ("  Tag: {}", "  Tag: {doc: A tag.}"),
        ("  unused: {type: u8, values: [a]}\n", ""),
        ("{busy: 7, idle: 1}", "{idle: 1, busy: 7}"),
        ("  b: {}", "  c: {}"),
    ],
)
def test_what_frames_do_not_hold_leaves_the_wire_hash(old: str, new: str) -> None:
    """Goal: harmless edits stay compatible. Method: one edit at a time."""
    edited = SCHEMA.replace(old, new).replace("default_target: b", "default_target: c")
    edited = edited if "  c: {}" in edited else SCHEMA.replace(old, new)
    assert edited != SCHEMA
    assert hashes(SCHEMA)[0] == hashes(edited)[0]


def test_order_of_definitions_does_not_matter() -> None:
    """Goal: moving a struct or enum is harmless. Method: swap the two structs."""
    lines = SCHEMA.splitlines()
    inner = next(index for index, line in enumerate(lines) if "  Inner:" in line)
    lines[inner], lines[inner + 1] = lines[inner + 1], lines[inner]
    assert hashes(SCHEMA)[0] == hashes("\n".join(lines) + "\n")[0]


@pytest.mark.parametrize(
    "option",
    [
        "capacity: 64",
        "batch_size: 3",
        "weight: 2",
        "priority: true",
        "kind: mpmc",
        "priority: true, priority_burst: 9",
        "priority: true, priority_capacity: 64",
    ],
)
def test_lanes_change_the_layout_hash_only(option: str) -> None:
    """Goal: the layout hash covers lanes. Method: one option at a time, all hashes different."""
    plain = hashes(SCHEMA)
    edited = hashes(f"{SCHEMA}lanes:\n  - {{from: a, to: b, {option}}}\n")
    assert edited[0] == plain[0]
    assert edited[1] != plain[1]
    priority = hashes(SCHEMA + "lanes:\n  - {from: a, to: b, priority: true}\n")
    assert (edited[1] != priority[1]) == (option != "priority: true")


def test_offsets_change_the_layout_hash() -> None:
    """Goal: the layout hash covers offsets. Method: swap two fields of different size."""
    edited = SCHEMA.replace('at: Point, state: "state[2]"', 'state: "state[2]", at: Point')
    assert hashes(edited)[1] != hashes(SCHEMA)[1]
