"""Goal: a new kind of field type is one class, a new kind of lane one header, one row and one word.

Method: one of each is added in just that way, and what is generated from it is built and run. The
steps are those that docs/architecture.md tells.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corinth.c_form import CForm
from corinth.diagnostics import Diagnostics
from corinth.field_types import FieldType
from corinth.lane_kinds import LANE_KINDS
from corinth.layout import compute_layout
from corinth.layout_report import layout_text
from corinth.model import StructLayout
from corinth.names import Names
from corinth.render import render
from corinth.wire import wire_text
from tests.support.compilers import build_and_run
from tests.support.process import run
from tests.support.schemas import examine
from tests.support.tree import ROOT, SCHEMAS

WORLDS = "worlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"


@dataclass(frozen=True)
class Degrees:
    """An angle: an int32_t in memory, two bytes on the wire."""

    text = "degrees"
    parts: tuple[FieldType, ...] = ()
    can_be_wrong = False
    wire_bytes = 2
    wire_text = "degrees"
    wire_definition: tuple[str, ...] = ("degrees modulo 360",)

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        return 4, 4

    def json(self) -> Mapping[str, str | int | None]:
        return {"type": "degrees", "count": None, "modulo": 360}

    def c_type(self, names: Names) -> str:
        return "int32_t"

    def c_form(self, names: Names) -> CForm:
        return CForm(
            c_type="int32_t",
            put="corinth_internal_put_u16",
            put_cast="(uint16_t)",
            get="corinth_internal_get_u16",
            get_cast="(int32_t)",
        )


TURN = """
#include "ship.h"
int main(void)
{
    static ship_transfer sent, received;
    unsigned char frame[SHIP_TRANSFER_ENCODED_MAX];
    size_t consumed = 0;
    ship_transfer_init(&sent, SHIP_WORLD_A, SHIP_WORLD_B);
    ship_transfer_add_course(&sent)->heading = 359;
    size_t length = ship_transfer_encode(&sent, frame, sizeof frame);
    if (ship_transfer_decode(&received, frame, length, &consumed) != CORINTH_OK) {
        return 1;
    }
    return ship_transfer_unpack_course(&received)->heading == 359 && length == 32 + 1 + 1 + 2
        ? 0 : 2;
}
"""


def test_a_kind_of_type_is_one_class(tmp_path: Path) -> None:
    """Goal: no stage knows the kinds of types. Method: a kind that only this test has, in the place
    of a field's type, goes through all that comes after `resolve`."""
    schema = "corinth: 1\nname: ship\ncomponents:\n  Course: {fields: {mark: u8, heading: u8}}\n"
    model = examine(schema + WORLDS).valid().model
    (course,) = model.components
    kind: FieldType = Degrees()
    fields = (course.fields[0], replace(course.fields[1], type=kind))
    diagnostics = Diagnostics()
    layout = compute_layout(
        replace(model, components=(replace(course, fields=fields),)), diagnostics
    )
    assert layout is not None
    assert not diagnostics
    assert "\ndegrees modulo 360\n" in wire_text(layout.model)
    assert "\nfield heading degrees\n" in wire_text(layout.model)
    assert " degrees  heading\n" in layout_text(layout)
    outputs = render(layout)
    placed = json.loads(outputs["ship.json"])["components"][0]["fields"][1]
    assert (placed["type"], placed["modulo"], placed["offset"]) == ("degrees", 360, 4)
    for name, text in outputs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    build_and_run(TURN, tmp_path, include=[tmp_path]).expect_success()


TOY = """
#ifndef CORINTH_TOY_H
#define CORINTH_TOY_H

#include <corinth/ring.h>

CORINTH_BEGIN_DECLARATIONS

static inline size_t corinth_toy_reserve(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0);
    side->seen = corinth_internal_load_acquire(&side->ring->read);
    bool is_full = side->next - side->seen == (corinth_position)capacity;
    side->limit = side->next + (is_full ? 0 : 1);
    return is_full ? 0 : 1;
}

static inline size_t corinth_toy_commit(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= 1 && capacity > 0);
    side->next += (corinth_position)count;
    corinth_internal_store_release(&side->ring->written, side->next);
    return count;
}

static inline size_t corinth_toy_count_behind(
    const corinth_ring_side *side, size_t capacity, size_t most)
{
    CORINTH_ASSERT(side->limit - side->next <= (corinth_position)capacity);
    (void)most;
    return 0;
}

static inline size_t corinth_toy_peek(corinth_ring_side *side, size_t capacity, size_t wanted)
{
    CORINTH_ASSERT(wanted > 0 && capacity > 0);
    side->seen = corinth_internal_load_acquire(&side->ring->written);
    side->backlog = (size_t)(side->seen - side->next);
    side->limit = side->next + (side->backlog > 0 ? 1 : 0);
    return side->backlog > 0 ? 1 : 0;
}

static inline void corinth_toy_release(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= 1 && capacity > 0);
    side->next += (corinth_position)count;
    corinth_internal_store_release(&side->ring->read, side->next);
}

static inline bool corinth_toy_has_room(const corinth_ring_side *side, size_t capacity)
{
    corinth_position read = corinth_internal_load_relaxed(&side->ring->read);
    return side->next - read < (corinth_position)capacity;
}

static inline bool corinth_toy_is_ready(const corinth_ring_side *side, size_t capacity)
{
    CORINTH_ASSERT(capacity > 0);
    return corinth_internal_load_relaxed(&side->ring->written) != side->next;
}

static inline size_t corinth_toy_look(corinth_ring_side *side, size_t capacity, size_t offset,
                                      size_t wanted, bool *is_skipped)
{
    CORINTH_ASSERT(wanted > 0 && offset <= capacity);
    side->seen = corinth_internal_load_acquire(&side->ring->written);
    *is_skipped = false;
    return (size_t)(side->seen - side->next) > offset ? 1 : 0;
}

static inline void corinth_toy_free_first(corinth_ring_side *side, size_t capacity, size_t count)
{
    CORINTH_ASSERT(count <= capacity);
    side->next += (corinth_position)count;
    side->limit = side->next;
    corinth_internal_store_release(&side->ring->read, side->next);
}

static inline size_t corinth_toy_count_free(corinth_ring_side *side, size_t capacity, size_t most)
{
    side->seen = corinth_internal_load_acquire(&side->ring->read);
    size_t room = capacity - (size_t)(side->next - side->seen);
    return room < most ? room : most;
}

static const corinth_ring_kind corinth_toy = {
    corinth_toy_reserve,    corinth_toy_commit, corinth_toy_count_behind, corinth_toy_peek,
    NULL,                   corinth_toy_release, corinth_toy_is_ready,    corinth_toy_has_room,
    corinth_toy_look,       corinth_toy_free_first, corinth_toy_count_free, NULL, true,
};

CORINTH_END_DECLARATIONS

#endif
"""
"""The simplest ring there is: each call reserves or peeks one slot."""

ROW = """        LaneKind(
            name="toy",
            ring="toy",
            many_producers=False,
            many_consumers=False,
            mark_bytes=0,
            keeps_skipped=False,
            lets_senders_take=False,
            counts_itself=True,
            promise="one producing and one consuming thread, to play with.",
        ),
"""

SEND = """
#include "ship.h"
static ship_coordinator coordinator;
int main(void)
{
    ship_transfer transfer;
    ship_coordinator_init(&coordinator);
    ship_coordinator_start(&coordinator);
    ship_a_port *a = ship_a_open(&coordinator, 0);
    ship_b_port *b = ship_b_open(&coordinator, 0);
    ship_transfer_init(&transfer, SHIP_WORLD_A, SHIP_WORLD_B);
    transfer.entity = 7;
    if (ship_a_send(a, &transfer) != CORINTH_OK) {
        return 1;
    }
    ship_a_to_b_claim claim;
    if (ship_a_to_b_reserve(a, 2, &claim) != 1) {
        return 2;
    }
    claim.slots[0].entity = 8;
    ship_a_to_b_commit(a, &claim, 1);
    ship_transfer received[3];
    size_t count = ship_b_receive_batch(b, received, 3);
    return count == 2 && received[0].entity == 7 && received[1].entity == 8 ? 0 : 3;
}
"""


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_kind_of_lane_is_a_header_a_row_and_a_word(tmp_path: Path) -> None:
    """Goal: no stage knows the kinds of lanes. Method: the steps of architecture.md in a copy of
    the tree, with a ring that only this test has."""
    for folder in ("generator", "runtime", "schemas", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    include = tmp_path / "runtime" / "include"
    (include / "corinth" / "toy.h").write_text(TOY, encoding="utf-8")
    package = tmp_path / "generator" / "corinth"
    replace_once(package / "lane_kinds.py", '    )\n}\n"""By name', f'{ROW}    )\n}}\n"""By name')
    replace_once(
        tmp_path / "schemas" / "corinth-1.schema.json", '"spmc", "mpmc"]', '"spmc", "mpmc", "toy"]'
    )
    schema = tmp_path / "ship.yaml"
    lanes = "lanes:\n  - {from: a, to: b, kind: toy, capacity: 16, priority: true}\n"
    schema.write_text(f"corinth: 1\nname: ship\n{WORLDS}{lanes}", encoding="utf-8")
    run(
        [sys.executable, "-m", "corinth", "generate", schema, "-o", tmp_path / "made"],
        environment={"PYTHONPATH": str(package.parent)},
    ).expect_success()
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "made").iterdir()}
    assert "to play with." in made["ship_lanes.h"]
    assert "&corinth_toy," in made["ship_a.h"]
    assert "&corinth_toy," in made["ship_b.h"]
    assert [name for name, text in made.items() if "spsc" in text] == []
    build_and_run(SEND, tmp_path, include=[tmp_path / "made", include]).expect_success()


def test_every_kind_of_lane_can_be_asked_for() -> None:
    """Goal: the table and the language agree. Method: the words of the JSON Schema for `kind`."""
    schema = json.loads((SCHEMAS / "corinth-1.schema.json").read_text(encoding="utf-8"))
    (words,) = [
        definition["properties"]["kind"]["enum"]
        for definition in schema["$defs"].values()
        if "kind" in definition.get("properties", {})
    ]
    assert list(LANE_KINDS) == words
