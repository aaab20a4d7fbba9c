"""Goal: the run of mutants proves what it says. Method: its definitions against the tree and the
docs; the runner with mutants that are made up: one that is noticed, and those that must not count.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.explorer.run import find_sources
from tests.mutants.definitions import DefinitionError, changed, killers_of, load_mutants
from tests.mutants.journal import Journal
from tests.mutants.run import main
from tests.mutants.table import PAGE, with_table
from tests.mutants.tree import Tree
from tests.support.tree import ROOT

REWRITE = "CORINTH_REWRITE_GOLDEN"
LEAST = 40
LEAST_ORDERS_AND_STEPS = 25

KILLER = "pytest tests/unit/test_layout.py::test_ring_bytes"
INNOCENT = "pytest tests/unit/test_paths.py::test_include_and_source_lie_side_by_side"
"""Notices nothing that the made-up mutants do."""

PLACING = "generator/corinth/placing.py"
ROUND_UP = "return -(-value // multiple) * multiple"
ROUND_DOWN = "return value // multiple * multiple"
STATUS = "runtime/src/status.c"
INDEX = "int index = (int)status;"
WRONG_INDEX = "int index = 0 * (int)status;"


def define(
    folder: Path,
    find: str,
    becomes: str,
    file: str = PLACING,
    killers: Sequence[str] = (KILLER,),
    name: str = "made-up",
) -> None:
    """Adds a mutant to those of a folder."""
    entry = {
        "name": name,
        "kind": "generator",
        "file": file,
        "find": find,
        "replace": becomes,
        "breaks": "Something.",
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    text = "\n".join(["[[mutant]]", *lines, f"killers = {json.dumps(list(killers))}", ""])
    with (folder / "made_up.toml").open("a", encoding="utf-8") as definitions:
        definitions.write(text)


def verdicts_of(printed: str) -> list[str]:
    """What was said of the made-up mutant, killer by killer."""
    return re.findall(r"^(\w+) +made-up ", printed, re.MULTILINE)


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
    "corinth_internal_enter",
    "corinth_internal_leave",
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


def test_every_scenario_is_a_killer() -> None:
    """Goal: no scenario is there that nothing proves. Method: the killers' names."""
    named = {each.arguments[0] for each in killers_of(load_mutants()) if each.runner == "explorer"}
    assert {path.stem for path in find_sources(["scenarios"])} == named


def test_every_c_test_is_a_killer() -> None:
    """Goal: no C test is there that nothing proves. Method: the killers' names."""
    named = {each.arguments[0] for each in killers_of(load_mutants()) if each.runner == "c"}
    assert {path.stem for path in (ROOT / "tests" / "c").glob("test_*.c")} == named


def test_the_docs_have_the_table() -> None:
    """Goal: the docs name each mutant with its killer. Method: make it again and compare."""
    page = PAGE.read_text(encoding="utf-8")
    made = with_table(page, load_mutants())
    if os.environ.get(REWRITE):
        PAGE.write_text(made, encoding="utf-8")
        page = made
    assert page == made, f"set {REWRITE}=1 and run this test again"


def test_a_fault_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Goal: a run in which all are killed succeeds. Method: a wrong rounding."""
    define(tmp_path, ROUND_UP, ROUND_DOWN)
    assert main(["--definitions", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "mutants: 1/1"


def test_every_killer_has_to_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Goal: of several killers none is carried by the others. Method: one that notices nothing."""
    define(tmp_path, ROUND_UP, ROUND_DOWN, killers=[KILLER, INNOCENT])
    assert main(["--definitions", str(tmp_path)]) == 1
    assert verdicts_of(capsys.readouterr().out) == ["killed", "SURVIVED"]


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
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1] == "mutants: 0/1"
    assert verdicts_of(printed) == [verdict]
    assert verdict in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("becomes", "verdict"),
    [
        ("__builtin_trap(); int index = 0;", "UNUSABLE"),
        ("nonsense", "UNUSABLE"),
        (WRONG_INDEX, "killed"),
    ],
    ids=["a crash", "not C", "a failed check"],
)
def test_programs_are_judged_by_their_checks(
    becomes: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: of C tests a failed check counts, and nothing else. Method: one of each sort."""
    define(tmp_path, INDEX, becomes, STATUS, ["c test_status"])
    main(["--definitions", str(tmp_path)])
    assert verdicts_of(capsys.readouterr().out) == [verdict]


@pytest.mark.parametrize(
    ("becomes", "killer", "verdict"),
    [
        (f"/* On a line of its own. */\n    {INDEX}", "c test_status", "ABSENT"),
        (f"/* On a line of its own. */\n    {INDEX}", "explorer mutant_ticks", "ABSENT"),
        (WRONG_INDEX, "explorer mutant_ticks", "ABSENT"),
        (f"volatile int unused = 0; (void)unused; {INDEX}", "c test_status", "SURVIVED"),
    ],
    ids=["C test", "scenario", "in what is never called", "in the program, but harmless"],
)
def test_a_fault_outside_the_program_is_told_apart(
    becomes: str, killer: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: a program that is the unchanged one doesn't run again, and any other one does.

    Method: a comment, which moves the debug information of what follows, a fault in what the
    program has no call of, and a change that counts.
    """
    define(tmp_path, INDEX, becomes, STATUS, [killer])
    assert main(["--definitions", str(tmp_path), "--jobs", "2"]) == 1
    assert verdicts_of(capsys.readouterr().out) == [verdict]


@pytest.mark.parametrize(
    "becomes",
    ["return (", 'return __import__("os")._exit(3)'],
    ids=["a file can't be imported", "the process ends"],
)
def test_killers_that_share_a_process_are_judged_each_by_itself(
    becomes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: a killer's verdict is that of a run of its own. Method: another one that breaks off."""
    define(tmp_path, ROUND_UP, becomes, killers=[KILLER, INNOCENT])
    assert main(["--definitions", str(tmp_path)]) == 1
    assert verdicts_of(capsys.readouterr().out) == ["UNUSABLE", "SURVIVED"]


def test_nothing_of_a_mutant_stays(tmp_path: Path) -> None:
    """Goal: a mutant doesn't decide about the next one. Method: what tests of one might leave."""
    mutant = load_mutants()[0]
    tree = Tree(tmp_path)
    text = (tmp_path / mutant.file).read_text(encoding="utf-8")
    with tree.having(mutant):
        assert (tmp_path / mutant.file).read_text(encoding="utf-8") != text
        (tmp_path / "generator" / "stray.h").touch()
        (tmp_path / "templates" / "gen").mkdir()
        (tmp_path / "templates" / "gen" / "link").symlink_to(tmp_path / "generator")
    assert (tmp_path / mutant.file).read_text(encoding="utf-8") == text
    assert not (tmp_path / "generator" / "stray.h").exists()
    assert not (tmp_path / "templates" / "gen").exists()
    assert (tmp_path / "generator" / "corinth").is_dir()


def test_all_against_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Goal: each cell says what came of its mutant and killer, and the text counts them.

    Method: two killers and three mutants, of which one isn't C, so that each outcome occurs.
    """
    define(tmp_path, ROUND_UP, ROUND_DOWN, name="rounding")
    define(tmp_path, INDEX, WRONG_INDEX, STATUS, ["c test_status"], name="index")
    define(tmp_path, INDEX, "nonsense", STATUS, ["c test_status"], name="nonsense")
    cells, text = tmp_path / "cells.json", tmp_path / "summary.md"
    files = ["--matrix", str(cells), "--summary", str(text)]
    assert main(["--definitions", str(tmp_path), "--all-against-all", *files]) == 1
    found = {
        mutant["name"]: [cell["outcome"] for cell in mutant["cells"].values()]
        for mutant in json.loads(cells.read_text(encoding="utf-8"))["mutants"]
    }
    assert found == {
        "rounding": ["identical", "violated"],
        "index": ["violated", "held"],
        "nonsense": ["unusable", "held"],
    }
    summary = " ".join(text.read_text(encoding="utf-8").split())
    assert "3 mutants against 2 killers: 6 cells" in summary
    assert "Of the 5 that ran, the killer noticed the mutant in 2, and 1 were unusable" in summary
    assert "Noticed by one killer only: 2 mutants. Killers that notice nothing: 0." in summary
    assert "| `c test_status` | 1 | 1 | 1 | 1 |" in summary
    printed = capsys.readouterr().out
    assert "UNUSABLE c test_status" in printed
    assert printed.splitlines()[-1] == "mutants: 2/3"


def test_an_interrupted_matrix_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: what was found out isn't tried again, unless the tree has changed since then.

    Method: the journal of a whole run, without its last line; then that of another tree.
    """
    define(tmp_path, ROUND_UP, ROUND_DOWN, name="rounding")
    define(tmp_path, INDEX, WRONG_INDEX, STATUS, ["c test_status"], name="index")
    journal, cells = tmp_path / "cells.journal", tmp_path / "cells.json"
    files = ["--matrix", str(cells), "--journal", str(journal)]
    command = ["--definitions", str(tmp_path), "--all-against-all", *files]

    def outcomes() -> dict[str, list[str]]:
        rows = json.loads(cells.read_text(encoding="utf-8"))["mutants"]
        return {row["name"]: [cell["outcome"] for cell in row["cells"].values()] for row in rows}

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "end", lambda self: None)
        assert main(command) == 0
    whole = journal.read_text(encoding="utf-8")
    assert "0 mutants were tried before." in capsys.readouterr().out
    found = outcomes()
    journal.write_text(whole[:-9], encoding="utf-8")
    assert main(command) == 0
    assert "1 mutants were tried before." in capsys.readouterr().out
    assert outcomes() == found
    assert not journal.exists()
    journal.write_text(whole, encoding="utf-8")
    monkeypatch.setattr("tests.mutants.journal.tree_digest", lambda: "another")
    assert main(command) == 0
    assert "0 mutants were tried before." in capsys.readouterr().out


def test_the_columns_are_the_killers_of_all_mutants(tmp_path: Path) -> None:
    """Goal: a part of the mutants still runs against every killer, and an idle one is named.

    Method: one of two mutants.
    """
    define(tmp_path, ROUND_UP, ROUND_DOWN, name="rounding")
    define(tmp_path, INDEX, WRONG_INDEX, STATUS, ["c test_status"], name="index")
    text = tmp_path / "summary.md"
    chosen = ["--all-against-all", "--mutant", "rounding", "--summary", str(text)]
    assert main(["--definitions", str(tmp_path), *chosen]) == 0
    assert "Killers that notice nothing: 1.\n\n- `c test_status`\n" in text.read_text(
        encoding="utf-8"
    )


def test_a_killer_that_fails_anyway_proves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goal: a killer must pass on the tree as it is. Method: one that doesn't exist."""
    define(tmp_path, ROUND_UP, "return 0", killers=[f"{KILLER}_no_such"])
    assert main(["--definitions", str(tmp_path)]) == 1
    assert "NO GOOD" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("find", "killer", "message"),
    [
        ("import", KILLER, "occurs"),
        ("no such text", KILLER, "occurs 0 times"),
        (ROUND_UP, "make test", "no killer of this form"),
        (ROUND_UP, "pytest tests/unit -k ring", "no killer of this form"),
    ],
    ids=["several times", "never", "another runner", "not a node"],
)
def test_wrong_definitions_are_refused(
    find: str, killer: str, message: str, tmp_path: Path
) -> None:
    """Goal: a mutant that doesn't fit any more isn't passed over. Method: one of each mistake."""
    define(tmp_path, find, "x", killers=[killer])
    with pytest.raises(DefinitionError, match=message):
        main(["--definitions", str(tmp_path)])
