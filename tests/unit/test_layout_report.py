"""Goal: `corinth layout` says what is, in columns that line up and keys that stay.
Method: a report written out and reviewed, and random schemas.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from corinth.layout_json import layout_json
from corinth.layout_report import layout_text
from corinth.model import Layout, Origin
from tests.support.schemas import examine, schemas
from tests.support.tree import TESTS

GOLDEN = TESTS / "golden"

SCHEMA = """corinth: 1
name: server
enums:
  conn_state: {type: u8, values: [reading, writing]}
structs:
  Address: {fields: {ip: "u8[4]", port: u16}}
components:
  Connection: {fields: {fd: i32, state: conn_state, peer: Address, since: f64}}
  Body: {fields: {data: "u8[1000]"}}
  Bad: {}
worlds:
  accept: {role: accept, routing: {default_target: io}}
  io: {role: io, threads: 2, routing: {component_routes: [{component: Bad, target: accept}]}}
lanes:
  - {from: accept, to: io, capacity: 16, priority: true}
"""

REPORT = """server (schema.yaml): 3 components, 2 worlds, 2 lanes
wire hash WIRE, layout hash LAYOUT

enum conn_state: u8, 2 values
  value  name
      0  reading
      1  writing

struct Address: 6 bytes, aligned to 2, no padding
  offset  size  lines  type   member
       0     4      0  u8[4]  ip
       4     2      0  u16    port

component 0 Connection: 24 bytes, aligned to 8, 5 of padding
  offset  size  lines  type        member
       0     4      0  i32         fd
       4     1      0  conn_state  state
       5     1                     (padding)
       6     6      0  Address     peer
      12     4                     (padding)
      16     8      0  f64         since

component 1 Body: 1,000 bytes, aligned to 1, no padding
  offset   size  lines  type      member
       0  1,000   0-16  u8[1000]  data

component 2 Bad: a tag

transfer: 1,040 bytes (1.0 KiB), aligned to 8, no padding, 17 cache lines of 64
  offset   size  lines  type       member
       0      8      0  u64        entity
       8      4      0  u32        generation
      12      1      0  u8         source
      13      1      0  u8         target
      14      1      0  u8         flags
      15      1      0  u8         mask
      16     24      0  component  Connection
      40  1,000   0-16  component  Body
  mask: 3 bits in 1 byte, 32 bits as a value; encoded: at most 1,052 bytes

2 lanes: 555,520 bytes (542.5 KiB)
  lane         kind  capacity  batch  weight  priority    bytes
  accept → io  spmc        16     16       1         2   20,352
  io → accept  mpsc       512    128       1         -  535,168

settings
  world accept      id                              0  default
                    role                       accept  given    line 12
                    threads                         1  default
                    wait                         park  default
                    default_target                 io  given    line 12
  world io          id                              1  default
                    role                           io  given    line 13
                    threads                         2  given    line 13
                    wait                         park  default
                    component_route      Bad → accept  given    line 13
  lane accept → io  kind                         spmc  decided
                    capacity                       16  given    line 15
                    batch_size                     16  decided
                    weight                          1  default
                    priority                     true  given    line 15
                    priority_capacity               2  default
                    priority_burst                  8  default
                    when_full                    fail  default
                    when_full.priority           fail  default
                    closable                    false  default
                    pressure                    false  default
  lane io → accept  kind                         mpsc  decided
                    capacity                      512  decided
                    batch_size                    128  role
                    weight                          1  default
                    priority                    false  default
                    when_full                    fail  default
                    closable                    false  default
                    pressure                    false  default
  schema            topology                   routes  default
                    max_bytes           1,073,741,824  default
"""


@pytest.fixture(name="layout", scope="module")
def _layout() -> Layout:
    return examine(SCHEMA).valid()


def test_text_is_what_was_reviewed(layout: Layout) -> None:
    """Goal: people get what they need at a glance. Method: compare with a text read by one."""
    text = layout_text(layout)
    text = re.sub("wire hash [0-9a-f]{16},", "wire hash WIRE,", text)
    text = re.sub("layout hash [0-9a-f]{16}\n", "layout hash LAYOUT\n", text)
    assert text == REPORT


def test_every_origin_is_told(layout: Layout) -> None:
    """Goal: one sees why a value is what it is. Method: all four origins in one schema."""
    origins = {origin.value for origin in Origin}
    words = set(layout_text(layout).split())
    assert origins <= words


def test_places_in_other_files_are_named(layout: Layout) -> None:
    """Goal: a line number is never of another file. Method: pretend that the main file differs."""
    other = replace(layout, model=replace(layout.model, inputs=("main.yaml",)))
    assert "given    schema.yaml line 15" in layout_text(other)


def test_what_is_given_has_its_line() -> None:
    """Goal: ids, routes and priority are settings like others. Method: a pipeline routes, and an id
    and `priority: false` are given; the forms of other values are in the report above.
    """
    text = SCHEMA.replace("name: server\n", "name: server\npipeline: {stages: [accept, io]}\n")
    text = text.replace("io: {role", "io: {id: 7, role").replace(
        "16, priority: true", "16, priority: false"
    )
    report = layout_text(examine(text).valid())
    shown = [" ".join(line.split()) for line in report.splitlines()]
    for line in (
        "world io id 7 given line 14",
        "default_target io given line 13",
        "priority false given line 16",
    ):
        assert line in shown


FULL = """corinth: 1
name: server
worlds:
  accept:
    wait: spin
    transfer_queue: {when_full: wait, deadline_ms: 50, pressure: true}
    routing: {default_target: io}
  io: {wait: yield}
  log: {}
lanes:
  - {from: accept, to: log, when_full: drop_oldest, undelivered: discard, pressure: false}
  - from: io
    to: accept
    priority: true
    when_full: {normal: drop_newest}
    undelivered: handler
    closable: true
"""


def test_what_a_full_lane_does_is_told() -> None:
    """Goal: each setting and where it comes from, a world's defaults too; none that has no effect.
    Method: the lanes of a schema with all of them, in both forms."""
    layout = examine(FULL).valid()
    report = layout_text(layout)
    lanes = report[report.index("  lane accept") : report.index("  schema ")]
    shown = [" ".join(line.split()) for line in lanes.splitlines()]
    words = ("when_full", "deadline_ms", "undelivered", "closable", "pressure")
    assert [line for line in shown if line.startswith(words)] == [
        "when_full wait given line 6",
        "deadline_ms 50 given line 6",
        "closable false default",
        "pressure true given line 6",
        "when_full drop_oldest given line 11",
        "undelivered discard given line 11",
        "closable false default",
        "pressure false given line 11",
        "when_full drop_newest given line 15",
        "when_full.priority fail default",
        "undelivered handler given line 16",
        "closable true given line 17",
        "pressure false default",
    ]
    data = json.loads(layout_json(layout))
    to_io, to_log, back = data["lanes"]
    assert to_io["deadline_ms"] == {"value": 50, "origin": "given"}
    assert (to_io["undelivered"], to_log["deadline_ms"]) == (None, None)
    assert to_log["kind"] == {"value": "mpmc", "origin": "decided"}
    assert to_log["undelivered"] == {"value": "discard", "origin": "given"}
    assert back["when_full"] == {"value": "drop_newest", "origin": "given"}
    assert back["priority"]["when_full"] == {"value": "fail", "origin": "default"}
    assert back["closable"] == {"value": True, "origin": "given"}
    assert [world["wait"]["value"] for world in data["worlds"]] == ["spin", "yield", "park"]


def schema_of(count: int) -> str:
    """A schema with so many components, which are of 4 and 1 bytes in turn."""
    data = "".join(f"  C{i}: {{fields: {{x: {('u32', 'u8')[i % 2]}}}}}\n" for i in range(count))
    worlds = "worlds: {a: {routing: {default_target: b}}, b: {}}\n"
    return f"corinth: 1\nname: many\n{worlds}" + (f"components:\n{data}" if count else "")


@pytest.mark.parametrize(
    "text",
    [
        *(path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*/*.yaml"))),
        *map(schema_of, (0, 1, 8, 9, 16, 17, 32, 33, 64, 65, 129)),
    ],
)
def test_rows_add_up(text: str) -> None:
    """Goal: no byte is left out, used or not. Method: of each struct the rows follow one another
    without a gap, their sizes add up to its own, and those of padding to what its title says. The
    golden schemas, and masks of each width.
    """
    report = layout_text(examine(text).valid())
    tables = [block.splitlines() for block in report.split("\n\n") if "\n  offset" in block]
    assert tables
    for title, _, *rows in tables:
        end = padding = 0
        for row in (row for row in rows if not row.startswith("  mask: ")):
            offset, size = (int(word.replace(",", "")) for word in row.split()[:2])
            assert offset == end, row
            end += size
            padding += size if row.endswith("(padding)") else 0
        size_said = re.search(r": ([\d,]+) bytes?", title)
        padding_said = re.search(r", ([\d,]+|no)(?: of)? padding", title)
        assert size_said is not None
        assert padding_said is not None
        assert end == int(size_said[1].replace(",", "")), title
        assert padding == int(padding_said[1].replace(",", "").replace("no", "0")), title


@settings(max_examples=25)
@given(schemas())
def test_columns_line_up(text: str) -> None:
    """Goal: a pleasure to read. Method: in random schemas all rows of a table end alike.

    The headings of columns tell where numbers end; every row must have a digit, a letter or a dash
    there, and a blank after it.
    """
    report = layout_text(examine(text).valid())
    tables = 0
    for block in report.split("\n\n"):
        lines = block.split("\n")
        heads = [line for line in lines if line.startswith("  offset")]
        if not heads:
            continue
        tables += 1
        end = heads[0].index("offset") + len("offset")
        for line in lines[lines.index(heads[0]) + 1 :]:
            if line and not line.startswith("  mask:"):
                assert line[end - 1].isdigit()
                assert line[end : end + 2] == "  "
    assert tables >= 1
    assert all(line == line.rstrip() for line in report.split("\n"))
