"""Goal: no defect of the ancestor comes back. Method: README.md lists them with the tests that show
what holds instead; here it is checked that those exist, and what no other test shows is shown.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from corinth.render import render
from tests.support.compilers import build_and_run
from tests.support.schemas import examine, schemas
from tests.support.tool import generate
from tests.support.tree import ROOT

HERE = Path(__file__).resolve().parent
DEFECT_COUNT = 18
ROW = re.compile(r"^\| (?P<defect>[^|]+) \| (?P<tests>`[^|]+`) \|$", re.MULTILINE)
REFERENCE = re.compile(r"`([^`]+)`")
ROWS = [(row["defect"], row["tests"]) for row in ROW.finditer((HERE / "README.md").read_text())]

WORLDS_OF_EACH_KIND = """
corinth: 1
name: kinds
worlds:
  one: {routing: {default_target: other}}
  many: {threads: 2, routing: {default_target: several}}
  other: {routing: {default_target: many}}
  several: {threads: 3, routing: {default_target: one}}
"""


def exists(reference: str) -> bool:
    """Whether a test is there: `FILE.c: case`, `FILE.py::function` or only a file."""
    if "::" in reference:
        file, function = reference.split("::")
        path = ROOT / file
        return path.is_file() and f"\ndef {function}(" in path.read_text(encoding="utf-8")
    file, _, case = reference.partition(": ")
    path = ROOT / file
    if not path.is_file():
        return False
    return not case or f'check_case("{case}")' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("defect", "tests"), ROWS, ids=[defect[:40] for defect, _ in ROWS])
def test_defect_has_tests(defect: str, tests: str) -> None:
    """Goal: the table is complete. Method: every test that it names for a defect is looked up."""
    references = REFERENCE.findall(tests)
    assert references, defect
    assert [each for each in references if not exists(each)] == []


def test_table_is_complete() -> None:
    """Goal: no row is lost by its form. Method: their number is known, and so is a wrong one."""
    assert len(ROWS) == DEFECT_COUNT
    assert not exists("tests/c/test_transfer.c: a case that isn't there")
    assert not exists("tests/regression/test_ancestor.py::test_that_is_not_there")
    assert not exists("tests/c/test_that_is_not_there.c")


@given(text=schemas())
@settings(max_examples=40, deadline=None)
def test_every_member_is_aligned(text: str) -> None:
    """Components were copied to any address. Goal: each starts at a multiple of its alignment, and
    so does each field. Method: random schemas; the C compiler asserts the same numbers.
    """
    transfer = examine(text).valid().transfer
    for component in transfer.components:
        if component.struct is None or component.offset is None:
            continue
        assert component.offset % component.struct.alignment == 0
        assert transfer.alignment % component.struct.alignment == 0
        for member in component.struct.fields:
            assert member.offset % member.alignment == 0
    assert transfer.size % transfer.alignment == 0


def test_nothing_is_there_that_was_not_asked_for() -> None:
    """There were N x N queues with the diagonal, all MPMC. Goal: only lanes of routes, of the kind
    that threads need, without priority. Method: three worlds in a row, one thread each.
    """
    layout = examine("corinth: 1\nname: row\npipeline: {stages: [a, b, c]}\n").valid()
    outputs = render(layout)
    lanes = [(item["from"], item["to"]) for item in json.loads(outputs["row.json"])["lanes"]]
    assert lanes == [("a", "b"), ("b", "c")]
    assert all(item.lane.kind.value.name == "spsc" for item in layout.lanes)
    headers = "".join(text for name, text in outputs.items() if name.endswith(".h"))
    for absent in ("mpmc", "PRIORITY_BURST", "is_priority", "next_turn", "b_to_a", "a_to_c"):
        assert absent not in headers


def test_every_transfer_says_which_entity_it_is() -> None:
    """Packets carried no entity. Goal: `entity` and `generation` are in every transfer, at the same
    place. Method: the offsets that a schema without any component asserts.
    """
    outputs = render(examine("corinth: 1\nname: bare\npipeline: {stages: [a, b]}\n").valid())
    assert "offsetof(bare_transfer, entity) == 0" in outputs["bare_transfer.h"]
    assert "offsetof(bare_transfer, generation) == 8" in outputs["bare_transfer.h"]


def test_each_kind_of_lane_says_what_holds() -> None:
    """It was called lock-free and linearizable. Goal: a lane's comment claims no more than holds.
    Method: the comment above each kind in a schema that has all four.
    """
    text = render(examine(WORLDS_OF_EACH_KIND).valid())["kinds_lanes.h"]
    words = {
        found["kind"]: " ".join(found["words"].replace("\n *", " ").split())
        for found in re.finditer(r"\((?P<kind>[SM]P[SM]C)\):(?P<words>.*?)\*/", text, re.DOTALL)
    }
    assert set(words) == {"SPSC", "MPSC", "SPMC", "MPMC"}
    assert "Wait-free" in words.pop("SPSC")
    for claim in words.values():
        assert "free" not in claim
        assert "inearizable" not in claim
        assert "blocks the slots behind it" in claim
        assert "never when quiet" in claim


MISUSES = {
    "nothing wrong": "",
    "a claim while one is open": "duo_a_to_b_reserve(a, 1, &claim);",
    "more committed than claimed": "duo_a_to_b_commit(a, &claim, 2);",
    "committed twice": "duo_a_to_b_commit(a, &claim, 1); duo_a_to_b_commit(a, &claim, 1);",
    "a claim of nothing": "duo_a_to_b_abort(a, &claim); duo_a_to_b_reserve(a, 0, &claim);",
    "a batch while one is open": "duo_a_to_b_peek(b, 1, &ready);",
    "more released than peeked": "duo_a_to_b_release(b, &ready, 2);",
    "no transfer": "(void)duo_a_send(a, NULL);",
    "no port": "(void)duo_a_wait(duo_a_open(&coordinator, 1), 0);",
    "two calls at once": "a->base.busy = 1; duo_a_to_b_abort(a, &claim);",
    "never initialised": "static duo_coordinator other; (void)duo_coordinator_start(&other);",
}

MISUSE_PROGRAM = """
#include "duo.h"

static duo_coordinator coordinator;

int main(void)
{
    (void)duo_coordinator_init(&coordinator);
    (void)duo_coordinator_start(&coordinator);
    duo_a_port *a = duo_a_open(&coordinator, 0);
    duo_b_port *b = duo_b_open(&coordinator, 0);
    duo_a_to_b_claim claim;
    duo_a_to_b_batch ready;
    (void)duo_a_to_b_reserve(a, 1, &claim);
    duo_a_to_b_commit(a, &claim, 1);
    (void)duo_a_to_b_peek(b, 1, &ready);
    (void)duo_a_to_b_reserve(a, 1, &claim);
    MISUSE
    return 0;
}
"""


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_stops_a_debug_build(misuse: str, tmp_path: Path) -> None:
    """There were no assertions. Goal: a broken precondition ends a debug build and nothing else.
    Method: a program that does one thing wrong; the one that does nothing wrong ends well.
    """
    (tmp_path / "duo.yaml").write_text("corinth: 1\nname: duo\npipeline: {stages: [a, b]}\n")
    generate(tmp_path / "duo.yaml", tmp_path)
    result = build_and_run(
        MISUSE_PROGRAM.replace("MISUSE", MISUSES[misuse]),
        tmp_path,
        include=[tmp_path],
        extra=["-O0", "-Wno-cast-align"],
    )
    if misuse == "nothing wrong":
        result.expect_success()
    else:
        assert result.status < 0, result.describe()
        assert "Assertion" in result.stderr
