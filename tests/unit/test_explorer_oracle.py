"""The explorer against the memory model's axioms, on random small programs.

Method: programs are drawn from a fixed seed. oracle/ enumerates what the axioms allow of each;
the explorer runs all of them, which are one C file. Both have to find the same outcomes, as many
different executions (but of loops, which the explorer may run a round longer), and the same answer
to whether there is a race or a hang. To draw others:
ORACLE_SEED=7 ORACLE_PROGRAMS=5000 pytest tests/unit/test_explorer_oracle.py.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.explorer.oracle.as_c import PLACES, source_text, thread_text
from tests.explorer.oracle.draw import (
    ACQUIRE,
    BARRIER,
    BARRIER_PALETTES,
    PALETTES,
    PLAIN,
    RELAXED,
    RELEASE,
    SEQ_CST,
    count_barriers,
    draw_crossing,
    draw_program,
    has_waits,
    size,
    with_waits,
)
from tests.explorer.oracle.judge import Answer, answer
from tests.explorer.oracle.programs import Kind, Operation, Order, Program, TooLargeError
from tests.explorer.run import Toolchain, build_program, run_program

SEED = int(os.environ.get("ORACLE_SEED", "1"))
PROGRAMS = int(os.environ.get("ORACLE_PROGRAMS", "200"))
BARRIERS_SIZE_MAX = 10
"""Of programs with barriers. Without reduction larger ones may take minutes."""
OUTCOMES_MAX = 4000
"""The explorer counts up to 4096."""
SEARCHES = (("--mode", "exhaustive"), ("--preemptions", "1000"))
"""With partial-order reduction, and without: a bound of 1000 preemptions is none."""


@dataclass(frozen=True)
class Judged:
    """A program and what is to be found."""

    number: int
    program: Program
    answer: Answer


def draw(
    count: int, *, is_c11: bool = False, waits: bool = False, barriers: bool = False
) -> list[Judged]:
    """As many programs as are asked for that neither side has too much to do with."""
    luck = [f"{SEED}", "waits" if waits else f"{is_c11}", *(["barriers"] if barriers else [])]
    chance = random.Random(" ".join(luck))
    drawn: list[Judged] = []
    while len(drawn) < count:
        if barriers and chance.random() < 0.75:
            program = draw_crossing(chance, BARRIER_PALETTES)
        else:
            program = draw_program(chance, BARRIER_PALETTES if barriers else PALETTES)
        if waits:
            program = with_waits(chance, program, barriers=barriers)
        if has_waits(program) != waits or (count_barriers(program) > 0) != barriers:
            continue
        if barriers and size(program) > BARRIERS_SIZE_MAX:
            continue
        try:
            wanted = answer(program, PLACES, is_c11)
        except TooLargeError:
            continue
        if 0 < len(wanted.outcomes) <= OUTCOMES_MAX and max(map(max, wanted.outcomes)) < 2**63:
            drawn.append(Judged(len(drawn), program, wanted))
    return drawn


def reports(judged: Judged) -> set[str]:
    """What a search may end with: whichever of its faults a program shows first."""
    faults = {"data race": judged.answer.has_race, "hang": judged.answer.can_hang}
    return {fault for fault, has_it in faults.items() if has_it} or {"clean"}


def differences(program: Path, judged: Judged, mutant: str = "") -> Iterator[str]:
    """What a search of one program found otherwise than the axioms."""
    wanted = judged.answer
    outcomes = {" ".join(str(digits) for digits in outcome) for outcome in wanted.outcomes}
    environment = {"PROGRAM": str(judged.number), "EXPLORER_MUTANT": mutant}
    counts = not has_waits(judged.program)
    for search in SEARCHES:
        found = run_program(program, [*search, "--outcomes", "--distinct"], environment)[0]
        seen = set(re.findall(r"^  outcome (.+?) +\d+ times$", found.text, re.MULTILINE))
        if found.report not in reports(judged):
            yield f"{search}: {found.report} in place of {reports(judged)}: {found.text}"
        elif found.report == "clean" and seen != outcomes:
            unseen, forbidden = sorted(outcomes - seen), sorted(seen - outcomes)
            yield f"{search}: unseen {unseen}, forbidden {forbidden}"
        elif found.report == "clean" and counts and found.distinct != wanted.executions:
            yield f"{search}: {found.distinct} executions of {wanted.executions}"


@pytest.fixture(scope="module")
def cxx20(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Judged]]:
    return build(tmp_path_factory.mktemp("cxx20"), PROGRAMS)


def build(
    folder: Path, count: int, *, is_c11: bool = False, waits: bool = False, barriers: bool = False
) -> tuple[Path, list[Judged]]:
    programs = draw(count, is_c11=is_c11, waits=waits, barriers=barriers)
    source = folder / f"{folder.name}.c"
    text = source_text([each.program for each in programs], is_c11=is_c11)
    source.write_text(text, encoding="utf-8")
    return build_program(Toolchain(), source), programs


def expect_agreement(program: Path, programs: Sequence[Judged]) -> None:
    found = [
        f"program {each.number} of seed {SEED}: {difference}\n"
        + "".join(thread_text(str(t), part) for t, part in enumerate(each.program))
        for each in programs
        for difference in differences(program, each)
    ]
    assert found == [], "\n".join(found)


def test_random_programs(cxx20: tuple[Path, list[Judged]]) -> None:
    """Goal: the explorer sees what the axioms allow, no more and no less. Method: see above."""
    expect_agreement(*cxx20)


def test_random_programs_as_in_c11(tmp_path: Path) -> None:
    """Goal: the same with C11's release sequences. Method: half as many programs, of other luck."""
    expect_agreement(*build(tmp_path, PROGRAMS // 2, is_c11=True))


def test_random_programs_that_wait(tmp_path: Path) -> None:
    """Goal: a loop goes on whatever ends it, and hangs only forever. Method: programs whose threads
    wait for each other, in loops that look at one place or at two.
    """
    expect_agreement(*build(tmp_path, PROGRAMS // 2, waits=True))


@pytest.mark.parametrize("mutant", ["no-history", "no-happens-before"])
def test_broken_explorer_disagrees(mutant: str, cxx20: tuple[Path, list[Judged]]) -> None:
    """Goal: the axioms notice a broken explorer. Method: its own mutants, on the same programs."""
    program, programs = cxx20
    assert any(any(differences(program, each, mutant)) for each in programs)


@pytest.mark.parametrize(("waits", "share"), [(False, 2), (True, 4)], ids=["straight", "waits"])
def test_random_programs_with_barriers(waits: bool, share: int, tmp_path: Path) -> None:
    """Goal: a barrier makes the threads agree as the axioms have it, and hands nothing over.
    Method: barriers meet accesses of all orders, fences, other barriers, and others' loops."""
    expect_agreement(*build(tmp_path, PROGRAMS // share, waits=waits, barriers=True))


def load(place: int, order: Order) -> Operation:
    return Operation(Kind.LOAD, order, place)


def store(place: int, order: Order, value: int = 1) -> Operation:
    return Operation(Kind.STORE, order, place, value)


def wait(place: int, order: Order, or_place: int | None = None) -> Operation:
    return Operation(Kind.LOAD, order, place, expected=1, is_awaited=True, or_place=or_place)


FENCE = Operation(Kind.FENCE, SEQ_CST)
X, Y = 0, 1


@pytest.mark.parametrize(
    ("program", "executions"),
    [
        (((store(X, RELAXED), load(Y, RELAXED)), (store(Y, RELAXED), load(X, RELAXED))), 4),
        (((store(X, SEQ_CST), load(Y, SEQ_CST)), (store(Y, SEQ_CST), load(X, SEQ_CST))), 3),
        (((store(X, RELAXED), FENCE, load(Y, RELAXED)),
          (store(Y, RELAXED), FENCE, load(X, RELAXED))), 3),
        (((store(X, RELAXED), store(Y, RELEASE)), (load(Y, ACQUIRE), load(X, RELAXED))), 3),
        (((store(X, RELAXED), store(Y, RELEASE)), (load(Y, RELAXED), load(X, RELAXED))), 4),
        (((store(X, RELAXED), store(Y, RELAXED, 2)),
          (store(Y, RELAXED), store(X, RELAXED, 2))), 3),
        (((load(X, RELAXED), store(Y, RELAXED)), (load(Y, RELAXED), store(X, RELAXED))), 3),
        (((store(X, SEQ_CST),), (store(Y, SEQ_CST),), (load(X, SEQ_CST), load(Y, SEQ_CST)),
          (load(Y, SEQ_CST), load(X, SEQ_CST))), 15),
        (((store(X, PLAIN), store(Y, RELEASE)),
          (load(Y, ACQUIRE), Operation(Kind.LOAD, PLAIN, X, guard=1))), 2),
    ],
    ids=["SB", "SB seq_cst", "SB fences", "MP", "MP relaxed", "2+2W without the cycle",
         "LB without the cycle", "IRIW seq_cst", "MP plain"],
)  # fmt: skip
def test_oracle_knows_the_classics(program: Program, executions: int) -> None:
    """Goal: the judge is right. Method: litmus tests whose executions are known by number."""
    found = answer(program, 2)
    assert found.executions == executions
    assert not found.has_race


LOCK = Operation(Kind.COMPARE, ACQUIRE, X, 1, is_awaited=True)


@pytest.mark.parametrize(
    ("program", "executions", "can_hang"),
    [
        (((store(X, RELAXED), store(Y, RELEASE)), (wait(Y, ACQUIRE), load(X, RELAXED))), 2, False),
        (((store(X, RELAXED), store(Y, RELEASE)), (wait(Y, RELAXED), load(X, RELAXED))), 4, False),
        (((store(X, RELEASE, 2), store(X, RELEASE)), (wait(X, ACQUIRE),)), 4, False),
        (((store(X, RELEASE), store(X, RELEASE, 2)), (wait(X, ACQUIRE),)), 2, True),
        (((wait(X, ACQUIRE), store(Y, RELEASE)), (wait(Y, ACQUIRE), store(X, RELEASE))), 0, True),
        (((store(X, RELAXED),), (store(Y, RELAXED),), (wait(X, RELAXED, Y),)), 4, False),
        (((LOCK,), (LOCK,)), 0, True),
        (((LOCK, store(X, RELEASE, 0)), (LOCK, store(X, RELEASE, 0))), 4, False),
    ],
    ids=["MP", "MP relaxed", "two steps", "a step too far", "for each other", "either",
         "a lock kept", "a lock"],
)  # fmt: skip
def test_oracle_knows_loops(program: Program, executions: int, can_hang: bool) -> None:
    """Goal: the judge is right about waiting. Method: loops whose rounds are counted by hand."""
    found = answer(program, 2)
    assert found.executions == executions
    assert found.can_hang == can_hang


Z = 2
SB_LIGHT = (store(Y, RELAXED), load(X, RELAXED))
GUARDED = Operation(Kind.LOAD, PLAIN, X, guard=1)


@pytest.mark.parametrize(
    ("program", "executions", "has_race"),
    [
        (((store(X, RELAXED), BARRIER, load(Y, RELAXED)), SB_LIGHT), 3, False),
        (((BARRIER, store(X, RELAXED), load(Y, RELAXED)), SB_LIGHT), 4, False),
        (((store(X, RELAXED), BARRIER, load(Y, RELAXED)),
          (store(Y, RELAXED), BARRIER, load(X, RELAXED))), 3, False),
        (((store(X, RELAXED), BARRIER, load(Y, RELAXED)),
          (load(X, RELAXED), store(Y, RELAXED))), 4, False),
        (((BARRIER,), (store(X, RELAXED), load(Y, RELAXED)), SB_LIGHT), 4, False),
        (((store(X, RELAXED), BARRIER, load(Y, RELAXED), load(Z, RELAXED)), SB_LIGHT,
          (store(Z, RELAXED), load(X, RELAXED))), 9, False),
        (((store(X, RELAXED), BARRIER, store(Y, RELAXED)),
          (load(Y, RELAXED), load(X, RELAXED))), 3, False),
        (((store(X, RELAXED), store(Y, RELAXED)),
          (load(Y, RELAXED), BARRIER, load(X, RELAXED))), 3, False),
        (((store(X, RELAXED),), (store(Y, RELAXED),),
          (load(X, RELAXED), BARRIER, load(Y, RELAXED)),
          (load(Y, RELAXED), load(X, RELAXED))), 15, False),
        (((store(X, PLAIN), BARRIER, store(Y, RELAXED)), (load(Y, ACQUIRE), GUARDED)), 2, False),
        (((store(X, PLAIN), store(Y, RELEASE)), (load(Y, RELAXED), BARRIER, GUARDED)), 2, False),
        (((store(X, PLAIN), BARRIER, store(Y, RELAXED)), (load(Y, RELAXED), GUARDED)), 2, True),
        (((store(X, PLAIN), store(Y, RELAXED)), (load(Y, RELAXED), BARRIER, GUARDED)), 2, True),
    ],
    ids=["SB", "SB early", "SB both", "SB swapped", "SB elsewhere", "SB three", "MP writer",
         "MP reader", "IRIW", "MP plain, release", "MP plain, acquire", "MP plain, no acquire",
         "MP plain, no release"],
)  # fmt: skip
def test_oracle_knows_barriers(program: Program, executions: int, has_race: bool) -> None:
    """Goal: the judge is right about barriers. Method: executions counted by hand. In the last two
    the other thread would have to synchronize by its part of the barrier; that one only agrees."""
    found = answer(program, PLACES)
    assert found.has_race == has_race
    assert found.executions == executions
