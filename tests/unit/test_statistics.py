"""Goal: counters are where the description says, and count what it says. Method: the compiler
asserts each record and each place of many schemas, for 64 and for 32 bits; a program's memory is
read by the description alone, as another process would.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corinth.render import render
from corinth.statistics import RECORDS, Kind
from tests.support.compilers import BITS_32, build_and_run, compile_source
from tests.support.schemas import examine
from tests.support.tree import INCLUDE, TESTS

GOLDENS = ("minimal", "server", "tags_only", "zones")

SPARSE = """corinth: 1
name: sparse
components:
  Item: {fields: {number: u16}}
worlds:
  source: {id: 1, routing: {default_target: target}}
  target: {id: 4}
  helper: {id: 2, threads: 2, routing: {default_target: source}}
lanes:
  - {from: source, to: target, capacity: 8, priority: true}
  - {from: helper, to: source, kind: mpmc}
"""
"""Ids with gaps, threads, a second ring and marks: whatever moves a record."""

Json = dict[str, Any]


def generate(text: str, folder: Path) -> Json:
    """Write all that a schema becomes; returns its description of statistics."""
    layout = examine(text, "schema.yaml").valid()
    outputs = render(layout)
    for name, content in outputs.items():
        (folder / name).write_text(content, encoding="utf-8")
    statistics: Json = json.loads(outputs[f"{layout.model.name}.json"])["statistics"]
    return statistics


def schema_text(name: str) -> str:
    return (
        SPARSE
        if name == "sparse"
        else (TESTS / "golden" / name / f"{name}.yaml").read_text(encoding="utf-8")
    )


def equal(expression: str, value: int) -> str:
    return f'CORINTH_STATIC_ASSERT({expression} == {value}, "{expression}");'


def record_assertions(record: Json) -> Iterator[str]:
    """That a struct has these members in these places, and no other ones."""
    kind = record["type"]
    yield equal(f"sizeof({kind})", record["size"])
    for counter in record["counters"]:
        yield equal(f"offsetof({kind}, {counter['name']})", counter["offset"])
        yield equal(f"sizeof((({kind} *)0)->{counter['name']})", counter["size"])
    # One value too few is a warning, one too many an error.
    ones = ", ".join("1" for _ in record["counters"])
    yield f"extern const {kind} all_of_{kind};"
    yield f"const {kind} all_of_{kind} = {{{ones}}};"


def region_assertions(region: Json) -> Iterator[str]:
    """That records of this type lie in these places of a generated struct."""
    kind = region["type"]
    yield equal(f"sizeof({kind})", region["size"])
    for place in region["places"]:
        yield equal(f"offsetof({kind}, {place['member']})", place["offset"])
        array = place["member"].partition("[")[0]
        first = f"(({kind} *)0)->{array}"
        if place["count"] > 1 and place["each"] != "thread":
            yield equal(f"sizeof({first}) / sizeof({first}[0])", place["count"])
        is_array = place["record"] not in ("corinth_run_state", "corinth_ring")
        one = f"{first}[0]" if is_array else first
        yield equal(f"sizeof({one})", place["stride"])
        yield f'_Static_assert(_Generic({one}, {place["record"]}: 1), "{place["member"]}");'


@pytest.mark.parametrize("options", [(), BITS_32], ids=["64 bits", "32 bits"])
@pytest.mark.parametrize("name", [*GOLDENS, "sparse"])
def test_places_are_those_of_the_compiler(
    name: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    """Goal: sizes, offsets, order and number of counters are right. Method: static assertions of
    all that the description says, and an initialiser with a value for each member."""
    statistics = generate(schema_text(name), tmp_path)
    lines = [f'#include "{name}.h"']
    for record in statistics["records"]:
        lines += record_assertions(record)
    for region in (statistics["snapshot"], statistics["shared"]):
        lines += region_assertions(region)
    lines.append(equal("CORINTH_ABI_VERSION", statistics["abi_version"]))
    lines.append(equal("CORINTH_CACHE_LINE", statistics["cache_line"]))
    text = "\n".join([*lines, ""])
    compile_source(text, tmp_path, include=[tmp_path], extra=options).expect_success()


def test_a_wrong_place_would_be_seen(tmp_path: Path) -> None:
    """Goal: the assertions above can fail. Method: a member that isn't told, one that isn't there,
    and one at another offset."""
    statistics = generate(schema_text("sparse"), tmp_path)
    record = statistics["records"][0]
    first, *others = record["counters"]
    moved = {**first, "offset": first["offset"] + 8}
    for counters in (others, [first, *others, first], [moved, *others]):
        lines = record_assertions({**record, "counters": counters})
        text = "\n".join(['#include "sparse.h"', *lines, ""])
        assert compile_source(text, tmp_path, include=[tmp_path]).status != 0


def test_every_struct_of_counters_is_described() -> None:
    """Goal: no counter is forgotten. Method: find the runtime's structs that have one."""
    struct = re.compile(r"^typedef struct (\w+) \{\n(.*?)^\} \1;", re.DOTALL | re.MULTILINE)
    found = {
        name
        for path in INCLUDE.rglob("*.h")
        for name, body in struct.findall(path.read_text(encoding="utf-8"))
        if "corinth_counter " in body
    }
    assert len(found) == 5
    assert found <= {record.c_type for record in RECORDS}


PROGRAM = """
#include <stdio.h>
#include "sparse.h"

static sparse_coordinator coordinator;
static sparse_coordinator_snapshot snapshot;

static int send(sparse_source_port *port, int count, int flags)
{
    int sent = 0;
    for (int i = 0; i < count; i++) {
        sparse_transfer transfer;
        sparse_transfer_init(&transfer, SPARSE_WORLD_SOURCE, SPARSE_WORLD_TARGET);
        transfer.flags = (uint8_t)flags;
        sent += sparse_source_send(port, &transfer) == CORINTH_OK;
    }
    return sent;
}

static int receive(sparse_target_port *port, int count)
{
    int received = 0;
    for (int i = 0; i < count; i++) {
        sparse_transfer transfer;
        received += sparse_target_receive(port, &transfer) == CORINTH_OK;
    }
    return received;
}

static void forget(void *context, const sparse_transfer *transfer)
{
    (void)context;
    (void)transfer;
}

/* Fills the lane, takes some, drains the rest. */
static int run(int refused, int urgent, int taken)
{
    sparse_source_port *source = sparse_source_open(&coordinator, 0);
    sparse_target_port *target = sparse_target_open(&coordinator, 0);
    sparse_coordinator_start(&coordinator);
    int sent = send(source, 8 + refused, 0) + send(source, urgent, SPARSE_TRANSFER_PRIORITY);
    int received = receive(target, taken);
    sparse_coordinator_stop(&coordinator);
    int left = (int)sparse_coordinator_drain(&coordinator, forget, NULL);
    return sent == 8 + urgent && received == taken && left == sent - taken;
}

static int write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    size_t written = file != NULL ? fwrite(bytes, 1, size, file) : 0;
    return file != NULL && fclose(file) == 0 && written == size;
}

int main(int argc, char **argv)
{
    sparse_coordinator_init(&coordinator);
    sparse_coordinator_use_fences(&coordinator);
    if (argc != 3 || !run(3, 0, 6)) {
        return 1;
    }
    sparse_coordinator_stats_reset(&coordinator);
    if (!run(4, 1, 6)) {
        return 2;
    }
    sparse_coordinator_start(&coordinator);
    if (send(sparse_source_open(&coordinator, 0), 1, 0) != 1) {
        return 3;
    }
    sparse_target_record_tick(sparse_target_open(&coordinator, 0), 500);
    sparse_target_record_tick(sparse_target_open(&coordinator, 0), 1500);
    sparse_helper_record_tick(sparse_helper_open(&coordinator, 1), 70);
    snapshot = sparse_coordinator_stats(&coordinator);
    return write_file(argv[1], &snapshot, sizeof snapshot) &&
        write_file(argv[2], &coordinator.shared, sizeof coordinator.shared) ? 0 : 4;
}
"""

RESET_AT = {"received": 6, "drained": 2, "full": 3}
"""What had been counted of the lane at the reset."""

LANE = {
    "sent": ("transfers", 10),
    "received": ("transfers", 6),
    "in_lane": ("transfers", 1),
    "undelivered": ("transfers", 3),
    "dropped_oldest": ("transfers", 0),
    "dropped_newest": ("transfers", 0),
    "closed": ("transfers", 0),
    "drained": ("transfers", 3),
    "full": ("attempts", 4),
    "high_water": ("transfers", 8),
}
"""Since then; no two numbers of a unit are equal, but that all undelivered ones were drained."""

TARGET = {
    "ticks": ("ticks", 2),
    "tick_ns_total": ("ns", 2000),
    "tick_ns_max": ("ns", 1500),
    "is_fenced": ("truth", 1),
}
HELPER = {
    "ticks": ("ticks", 1),
    "tick_ns_total": ("ns", 70),
    "tick_ns_max": ("ns", 70),
    "is_fenced": ("truth", 1),
}

SHARED = {
    ("corinth_run_state", "coordinator", None): {
        "is_running": ("truth", 1),
        "epoch": ("epochs", 2),
    },
    ("corinth_tick_counters", "world", 4): {
        "ticks": ("ticks", 2),
        "total_ns": ("ns", 2000),
        "max_ns": ("ns", 1500),
        "epoch": ("epochs", 2),
    },
    ("corinth_tick_counters", "world", 2): {
        "ticks": ("ticks", 1),
        "total_ns": ("ns", 70),
        "max_ns": ("ns", 70),
        "epoch": ("epochs", 2),
    },
    ("corinth_lane_record", "lane", 0): {
        "drained": ("transfers", 5),
        "base_received": ("transfers", RESET_AT["received"]),
        "base_dropped_oldest": ("transfers", 0),
        "base_dropped_newest": ("transfers", 0),
        "base_closed": ("transfers", 0),
        "base_drained": ("transfers", RESET_AT["drained"]),
        "base_full": ("attempts", RESET_AT["full"]),
    },
    ("corinth_ring", "lane", 0): {
        "written": ("transfers", 18),
        "read": ("transfers", 17),
    },
    ("corinth_sender_counters", "lane", 0): {
        "sent": ("transfers", 0),
        "full": ("attempts", 7),
        "dropped_oldest": ("transfers", 0),
        "dropped_newest": ("transfers", 0),
    },
    ("corinth_receiver_counters", "lane", 0): {
        "received": ("transfers", 12),
        "high_water": ("transfers", 8),
        "epoch": ("epochs", 2),
        "closed": ("transfers", 0),
    },
}

Subject = tuple[str, str, int | None]
Values = dict[Subject, dict[str, tuple[str, int]]]


@dataclass
class Reader:
    """Reads memory by the description, and by nothing else: it knows no counter."""

    statistics: Json

    def read(self, region: str, data: bytes) -> Values:
        """Each value with its unit. What several threads counted of one thing is joined."""
        records = {record["type"]: record for record in self.statistics["records"]}
        values: Values = {}
        for place in self.statistics[region]["places"]:
            for index in range(place["count"]):
                start = place["offset"] + index * place["stride"]
                joined = values.setdefault(self.subject(place, index), {})
                for counter in records[place["record"]]["counters"]:
                    at = start + counter["offset"]
                    value = int.from_bytes(data[at : at + counter["size"]], sys.byteorder)
                    before = joined.get(counter["name"], (counter["unit"], 0))[1]
                    is_sum = counter["kind"] in (Kind.TOTAL.value, Kind.LEVEL.value)
                    value = before + value if is_sum else max(before, value)
                    joined[counter["name"]] = (counter["unit"], value)
        return values

    @staticmethod
    def subject(place: Json, index: int) -> Subject:
        """What a record is about."""
        of_place = {
            "lane": index,
            "world": index,
            "thread": place["world"],
            "producer": place["lane"],
            "consumer": place["lane"],
        }
        kinds = {"thread": "world", "producer": "lane", "consumer": "lane"}
        each: str = place["each"]
        return place["record"], kinds.get(each, each), of_place.get(each)


def test_counters_are_read_by_the_description(tmp_path: Path) -> None:
    """Goal: names, units, kinds and places are enough for another process. Method: a program does
    something whose numbers are known, and leaves its memory in files."""
    reader = Reader(generate(SPARSE, tmp_path))
    files = [tmp_path / "snapshot.bin", tmp_path / "shared.bin"]
    arguments = [str(path) for path in files]
    build_and_run(PROGRAM, tmp_path, include=[tmp_path], arguments=arguments).expect_success()
    snapshot = reader.read("snapshot", files[0].read_bytes())
    assert snapshot["corinth_lane_stats", "lane", 0] == LANE
    assert snapshot["corinth_world_stats", "world", 4] == TARGET
    assert snapshot["corinth_world_stats", "world", 2] == HELPER
    assert len(snapshot) == 2 + 5
    shared = reader.read("shared", files[1].read_bytes())
    assert {subject: shared[subject] for subject in SHARED} == SHARED
