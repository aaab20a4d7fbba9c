"""Goal: scripts/test runs what it is asked to, and a crash is no success. Method: its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import run
from tests.support.builds import Configuration
from tests.support.reports import Case


def names(configurations: list[Configuration]) -> list[str]:
    return [each.name for each in configurations]


def test_nothing_asked_is_everything() -> None:
    """Goal: no part is left out. Method: all folders with tests, all configurations."""
    folders, configurations = run.select([])
    assert folders == run.python_parts()
    assert {"unit", "style"} <= set(folders)
    assert names(configurations) == ["gcc", "clang", "asan", "tsan"]


def test_parts_are_picked() -> None:
    """Goal: a part runs alone. Method: one of each kind, and the two groups."""
    folders, configurations = run.select(["unit", "tsan"])
    assert (folders, names(configurations)) == (["unit"], ["tsan"])
    assert run.select(["python"]) == (run.python_parts(), [])
    assert names(run.select(["c"])[1]) == ["gcc", "clang", "asan", "tsan"]


def test_an_unknown_part_is_refused() -> None:
    """Goal: a misspelt part isn't a run of nothing that succeeds. Method: one."""
    with pytest.raises(SystemExit, match="no such part: unti"):
        run.select(["unti"])


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


def test_a_runner_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goal: a stuck runner ends as a failure. Method: one that sleeps, and little patience."""
    monkeypatch.setattr(run, "RUNNER_TIMEOUT_S", 0.2)
    assert run.call(["sleep", "600"]) == run.TIMED_OUT
