"""The explorer: its litmus suite, its own mutants, replay, and the scenarios of the runtime.

Method: every program of tests/explorer is built and run as tests/explorer/run.py would, and each
case's verdict is one that the program computes from every execution. The watchdog is run.py's
time-out for a case.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.explorer.members import Members
from tests.explorer.run import EXPLORER, Toolchain, build_program, find_sources, run_program
from tests.support.process import run
from tests.support.scenarios import SCENARIOS, failures, name_of

LITMUS = find_sources(["litmus"])
CLEAN = [path for path in LITMUS if ".expect =" not in path.read_text(encoding="utf-8")]
"""Those whose search goes on to the end."""
CLANG_LITMUS_STEP = 4
"""The second compiler builds every fourth litmus test: its entry points, not the model, differ."""


@pytest.mark.parametrize("source", LITMUS, ids=name_of)
def test_litmus(source: Path) -> None:
    """Goal: the explorer sees every outcome that the model allows, and no other."""
    assert failures(source, Toolchain()) == []


@pytest.mark.parametrize("source", LITMUS[::CLANG_LITMUS_STEP], ids=name_of)
def test_litmus_with_clang(source: Path) -> None:
    """Goal: the other compiler's entry points and spellings mean the same."""
    assert failures(source, Toolchain(compiler="clang")) == []


@pytest.mark.parametrize(
    ("mutant", "needed"),
    [
        ("no-history", ["sb_relaxed", "mp_relaxed", "iriw_relaxed", "report_lost_wakeup"]),
        ("no-happens-before", ["mp_release_acquire", "isa2", "release_sequence_rmw", "mp_plain"]),
    ],
)
def test_litmus_fails_with_broken_explorer(mutant: str, needed: list[str]) -> None:
    """Goal: an explorer without store history, or without happens-before, fails the suite.

    Method: the tests that are about it are run with the fault switched on; each has to fail.
    """
    passed = [path.stem for path in find_sources(needed) if not failures(path, Toolchain(), mutant)]
    assert passed == []


@pytest.mark.parametrize("source", CLEAN, ids=name_of)
def test_reduction_loses_nothing(source: Path) -> None:
    """Goal: partial-order reduction sees as many different executions as a search without it.

    Method: both count the graphs of their executions; a bound of 1000 preemptions is none.
    """
    program = build_program(Toolchain(), source)
    reduced = run_program(program, ["--mode", "exhaustive", "--distinct"])
    plain = run_program(program, ["--preemptions", "1000", "--distinct"])
    assert all(each.is_complete for each in reduced + plain)
    assert [each.distinct for each in reduced] == [each.distinct for each in plain]
    assert all(each.distinct > 0 for each in reduced)


def test_priorities_find_no_other_execution() -> None:
    """Goal: the reduced search of a larger scenario has seen whatever another search can find.

    Method: of 1,084 executions, 300,000 runs by random priorities have to find most and no other.
    """
    program = build_program(Toolchain(), find_sources(["mpmc_bulk_peek"])[0])
    case = ["--case", "0", "--distinct"]
    reduced = run_program(program, ["--mode", "exhaustive", *case])[0]
    plain = run_program(program, ["--mode", "pct", "--seed", "3", "--runs", "300000", *case])[0]
    bounded = run_program(program, ["--preemptions", "3", *case])[0]
    assert reduced.is_complete
    assert reduced.distinct >= plain.distinct > reduced.distinct // 2
    assert reduced.distinct >= bounded.distinct > reduced.distinct // 2


def test_dropped_in_file_is_found(tmp_path: Path) -> None:
    """Goal: a litmus test that states a wrong outcome fails, wherever the file comes from."""
    text = (EXPLORER / "litmus" / "sb_relaxed.c").read_text(encoding="utf-8")
    changed = tmp_path / "sb_claimed.c"
    changed.write_text(text.replace('"0 0", ', ""), encoding="utf-8")
    found = failures(changed, Toolchain())
    assert len(found) == 1
    assert "an outcome that isn't listed: 0 0" in found[0]


def test_random_runs_that_are_cut_count() -> None:
    """Goal: a search of so many runs makes so many. Method: a bound on pauses cuts many of them."""
    program = build_program(Toolchain(), find_sources(["pauses_bounded"])[0])
    (random,) = run_program(program, ["--mode", "random", "--seed", "1", "--runs", "1000"])
    assert random.pruned > 0
    assert random.executions + random.pruned == 1000


@pytest.mark.parametrize("name", ["report_lost_wakeup", "report_blind_pauses"])
def test_replay_repeats_the_trace(name: str, tmp_path: Path) -> None:
    """Goal: the choices printed with a failure reproduce its trace, line by line, in another build.

    Method: a failing program is built twice, in two folders; one finds, the other replays. One of
    them fails before its first step.
    """
    text = (EXPLORER / "litmus" / f"{name}.c").read_text(encoding="utf-8")
    source = tmp_path / "failing.c"
    source.write_text(re.sub(r"    \.expect = \w+,\n", "", text), encoding="utf-8")
    found = failures(source, Toolchain())
    assert len(found) == 1
    choices = re.search(r"^choices (\S+)$", found[0], re.MULTILINE)
    assert choices is not None
    other = build_program(Toolchain(defines=("EXPLORER_REPLAYING",)), source)
    replayed = run([other, "--replay", choices.group(1)])
    trace = [line for line in found[0].splitlines() if line.startswith("  #")]
    assert trace
    assert [line for line in replayed.stdout.splitlines() if line.startswith("  #")] == trace


MEMBERS = """
typedef struct { int first; struct { volatile long inner[3]; } part; } record;
record objects[2][4]; int plain; record *pointer;
int main(void) { return (int)objects[1][0].part.inner[2] + plain + pointer->first; }
"""


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_members_are_named(compiler: str, tmp_path: Path) -> None:
    """Goal: a trace names members and elements; what has no name keeps its offset.

    Method: the debugging information of both compilers; a record is 32 bytes with a hole at 4.
    """
    source = tmp_path / "members.c"
    program = tmp_path / "members"
    source.write_text(MEMBERS, encoding="utf-8")
    assert run([compiler, "-g", source, "-o", program]).status == 0
    line = "  #1    sender       store    relaxed  objects+176 := 1            members.c:3 main"
    text = "objects+0, objects+4, plain+0, objects+256, unknown+8"
    assert Members(program).name_all(f"{line}\n{text}") == (
        "  #1    sender       store    relaxed  objects[5].part.inner[1] := 1 members.c:3 main\n"
        "objects[0].first, objects+4, plain, objects+256, unknown+8"
    )


def test_portable_coroutines() -> None:
    """Goal: where the hand-written switch doesn't exist, swapcontext gives the same executions."""
    toolchain = Toolchain(defines=("EXPLORER_UCONTEXT",))
    for source in find_sources(["iriw_relaxed", "futex_timeout", "report_leak"]):
        assert failures(source, toolchain) == []


@pytest.mark.parametrize("mode", ["random", "pct"])
def test_sampling_modes_find_faults(mode: str) -> None:
    """Goal: random and priority-based search find a lost wake-up, a race and a leak."""
    for source in find_sources(["report_lost_wakeup", "mp_plain_relaxed", "report_leak"]):
        program = build_program(Toolchain(), source)
        verdicts = run_program(program, ["--mode", mode, "--seed", "7", "--runs", "20000"])
        assert [each.text for each in verdicts if not each.passed] == []


@pytest.mark.parametrize("source", SCENARIOS, ids=name_of)
def test_scenario(source: Path) -> None:
    """Goal: the runtime's protocols hold in every execution within the scenario's bounds."""
    assert failures(source, Toolchain()) == []
