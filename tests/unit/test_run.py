"""Goal: scripts/test runs what it is asked to, and a crash is no success. Method: its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import run
from tests.support import runners
from tests.support.reports import Case


def test_nothing_asked_is_all_of_the_day() -> None:
    """Goal: no part is left out. Method: all folders with tests, all configurations, mutants."""
    python, *others = run.select(set(run.DAY))
    assert python.split() == run.python_folders()
    assert {"unit", "style"} <= set(python.split())
    assert others == ["gcc", "clang", "asan", "tsan", "fences", "mutants"]


@pytest.mark.parametrize(
    ("parts", "runners"),
    [
        ({"unit", "tsan"}, ["unit", "tsan"]),
        ({"c"}, ["gcc", "clang", "asan", "tsan", "fences"]),
        ({"mutants"}, ["mutants"]),
        ({"soak"}, ["soak gcc", "soak tsan"]),
        ({"night"}, ["toolchains", "soak gcc", "soak tsan", "matrix"]),
    ],
    ids=["two", "c", "mutants", "soak", "night"],
)
def test_parts_are_picked(parts: set[str], runners: list[str]) -> None:
    """Goal: a part runs alone. Method: one of each kind, and groups."""
    assert list(run.select(parts)) == runners


def test_the_night_is_not_in_the_day() -> None:
    """Goal: no run of all tests takes hours. Method: no runner of the night is among them."""
    assert not set(run.select({"night"})) & set(run.select(set(run.DAY)))
    assert run.TOOLCHAINS not in run.python_folders()


def test_an_unknown_part_is_refused() -> None:
    """Goal: a misspelt part isn't a run of nothing that succeeds. Method: one."""
    with pytest.raises(SystemExit, match="no such part: unti"):
        run.select({"unti"})


@pytest.mark.parametrize(
    ("cases", "status", "line"),
    [
        ([Case("a", 0.1, "passed")], 0, "1 passed, 0 failed, 0 skipped"),
        ([Case("a", 0.1, "passed"), Case("b", 0.1, "failed")], 1, "1 passed, 1 failed, 0 skipped"),
        ([], 1, "0 passed, 0 failed, 0 skipped"),
        ([Case("a", 0.1, "skipped")], 1, "0 passed, 0 failed, 1 skipped"),
    ],
    ids=["green", "red", "nothing", "only skipped"],
)
def test_the_last_line_and_the_status_agree(
    cases: list[Case],
    status: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Goal: the count is the last line, and failure is a status. Method: runs that are made up."""
    monkeypatch.setattr(run, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(run, "run_python", lambda parts: cases if parts else [])
    assert run.main(["unit"]) == status
    assert capfd.readouterr().out.splitlines()[-1] == line


def test_a_runner_that_hangs_is_killed() -> None:
    """Goal: a stuck runner ends as a failure. Method: one that sleeps, and little patience."""
    assert runners.call(["sleep", "600"], timeout_s=0.2) == runners.TIMED_OUT
