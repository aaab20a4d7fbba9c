"""Goal: the run of mutants proves what it says. Method: its definitions against the tree and the
docs; the runner with mutants that are made up: one that is noticed, and those that must not count.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.mutants.definitions import DefinitionError, changed, load_mutants
from tests.mutants.run import main
from tests.mutants.table import PAGE, with_table
from tests.support.tree import ROOT

REWRITE = "CORINTH_REWRITE_GOLDEN"
LEAST = 40
LEAST_ORDERS_AND_STEPS = 25

KILLER = "pytest tests/unit/test_layout.py::test_ring_bytes"
LAYOUT = "generator/corinth/layout.py"
ROUND_UP = "return -(-value // multiple) * multiple"


def define(folder: Path, find: str, becomes: str, file: str = LAYOUT, killer: str = KILLER) -> None:
    entry = {
        "name": "made-up",
        "kind": "generator",
        "file": file,
        "find": find,
        "replace": becomes,
        "breaks": "Something.",
    }
    lines = [f"{key} = '{value}'" for key, value in entry.items()]
    text = "\n".join(["[[mutant]]", *lines, f"killers = ['{killer}']", ""])
    (folder / "made_up.toml").write_text(text, encoding="utf-8")


def test_each_text_occurs_once() -> None:
    """Goal: each mutant changes what it means to. Method: apply all of them to texts."""
    for mutant in load_mutants():
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        assert changed(mutant) != text, mutant.name


def test_there_are_enough() -> None:
    """Goal: the bar of the design is kept. Method: count."""
    mutants = load_mutants()
    orders_and_steps = [each for each in mutants if each.kind in ("order", "protocol")]
    assert len(mutants) >= LEAST
    assert len(orders_and_steps) >= LEAST_ORDERS_AND_STEPS


ORDER = re.compile(r"corinth_internal_\w*(?:acquire|release|seq_cst)\w*\(")
HEAD = re.compile(r"^(?:static )?(?:inline )?[\w ]+?[ *](\w+)\([^;]*?\)\n\{", re.MULTILINE)
WITHOUT_A_TEST = {
    "corinth_mpmc_length",
    "corinth_port_enter",
    "corinth_port_leave",
}
"""Functions with an order that no test can justify; docs/reliability.md explains each."""


def test_every_order_has_a_mutant() -> None:
    """Goal: no order stronger than relaxed is there without a test that needs it.

    Method: each place in the runtime that names one is within the text of an order's mutant, or in
    a function that the docs explain.
    """
    mutants = [each for each in load_mutants() if each.kind == "order"]
    unproven = set()
    for path in sorted((ROOT / "runtime").glob("**/*.[ch]")):
        text = path.read_text(encoding="utf-8")
        file = path.relative_to(ROOT).as_posix()
        finds = [each.find for each in mutants if each.file == file]
        spans = [(text.index(find), text.index(find) + len(find)) for find in finds]
        for order in ORDER.finditer(text) if path.name != "platform.h" else ():
            if not any(begin <= order.start() < end for begin, end in spans):
                unproven.add([*HEAD.finditer(text, 0, order.start())][-1][1])
    assert unproven == WITHOUT_A_TEST
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in sorted(WITHOUT_A_TEST) if f"`{name}`" not in page] == []


def test_the_docs_have_the_table() -> None:
    """Goal: the docs name each mutant with its killer. Method: make the table anew and compare."""
    page = PAGE.read_text(encoding="utf-8")
    made = with_table(page, load_mutants())
    if os.environ.get(REWRITE):
        PAGE.write_text(made, encoding="utf-8")
        page = made
    assert page == made, f"set {REWRITE}=1 and run this test again"


def test_a_fault_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Goal: a run in which all are killed succeeds. Method: a wrong rounding."""
    define(tmp_path, ROUND_UP, "return value // multiple * multiple")
    assert main(["--definitions", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "mutants: 1/1"


@pytest.mark.parametrize(
    ("becomes", "verdict"),
    [
        (ROUND_UP, "SURVIVED"),
        (f"{ROUND_UP}  # As before.", "SURVIVED"),
        ("return (", "UNUSABLE"),
        ("return [][0]", "UNUSABLE"),
    ],
    ids=["no change", "a comment", "not Python", "a crash"],
)
def test_what_must_not_count(
    becomes: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: what changes nothing, isn't even a program or crashes fails the run.

    Method: one mutant of each sort, with a report for scripts/test.
    """
    define(tmp_path, ROUND_UP, becomes)
    report = tmp_path / "report.xml"
    assert main(["--definitions", str(tmp_path), "--report", str(report)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "mutants: 0/1"
    assert any(line.startswith(f"{verdict} made-up") for line in lines)
    assert verdict in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("becomes", "verdict"),
    [
        ("__builtin_trap(); int index = 0;", "UNUSABLE"),
        ("nonsense", "UNUSABLE"),
        ("int index = 0 * (int)status;", "killed"),
    ],
    ids=["a crash", "not C", "a failed check"],
)
def test_programs_are_judged_by_their_checks(
    becomes: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: of C tests a failed check counts, and nothing else. Method: one of each sort."""
    file, killer = "runtime/src/status.c", "c test_status"
    define(tmp_path, "int index = (int)status;", becomes, file, killer)
    main(["--definitions", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{verdict} ") and "made-up" in line for line in lines), lines


def test_a_killer_that_fails_anyway_proves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: a killer must pass on the tree as it is. Method: one that doesn't exist."""
    define(tmp_path, ROUND_UP, "return 0", killer="pytest tests/unit/test_layout.py::test_no_such")
    assert main(["--definitions", str(tmp_path)]) == 1
    assert "NO GOOD" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("find", "killer", "message"),
    [
        ("import", KILLER, "occurs"),
        ("no such text", KILLER, "occurs 0 times"),
        (ROUND_UP, "make test", "no killer of this form"),
    ],
    ids=["several times", "never", "another killer"],
)
def test_wrong_definitions_are_refused(
    find: str, killer: str, message: str, tmp_path: Path
) -> None:
    """Goal: a mutant that doesn't fit any more isn't passed over. Method: one of each mistake."""
    define(tmp_path, find, "x", killer=killer)
    with pytest.raises(DefinitionError, match=message):
        main(["--definitions", str(tmp_path)])
