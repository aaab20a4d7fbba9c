"""Tries killers on the tree as it is, and then on one mutant after the other."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.definitions import Killer, Mutant
from tests.mutants.findings import Finding, Outcome
from tests.mutants.killers import try_killers
from tests.mutants.tree import Tree

NAME_WIDTH = 36
KILLER_WIDTH = 40
LINES_SHOWN = 30
"""Of what a killer printed that didn't do what it should."""

SHOWN = {
    Outcome.VIOLATED: "killed",
    Outcome.HELD: "SURVIVED",
    Outcome.IDENTICAL: "ABSENT",
    Outcome.UNUSABLE: "UNUSABLE",
}


@dataclass(frozen=True)
class Trial:
    """What came of one killer and one tree: with a mutant in it, or as it is."""

    mutant: Mutant | None
    killer: Killer
    finding: Finding

    @property
    def name(self) -> str:
        return self.killer.text if self.mutant is None else self.mutant.name

    @property
    def is_right(self) -> bool:
        """A killer passes on the tree as it is, and fails on a mutant."""
        expected = Outcome.HELD if self.mutant is None else Outcome.VIOLATED
        return self.finding.outcome is expected

    def verdict(self) -> str:
        if self.mutant is None:
            return "passes" if self.is_right else "NO GOOD"
        return SHOWN[self.finding.outcome]

    def excerpt(self) -> str:
        """The end of what was printed, below what should have been noticed."""
        head = [] if self.mutant is None else [f"it breaks: {self.mutant.breaks}"]
        lines = head + self.finding.text.splitlines()[-LINES_SHOWN:]
        return "\n".join(f"    {line}" for line in lines)

    def row(self) -> str:
        text = self.finding.text if self.is_right else ""
        first = text.splitlines()[0] if text else ""
        return (
            f"{self.verdict():8} {self.name:{NAME_WIDTH}} {self.killer.text:{KILLER_WIDTH}} "
            f"{self.finding.seconds:6.1f} s  {first}"
        ).rstrip()


class Trees:
    """As many copies as there are jobs; each trial borrows one."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.jobs = jobs
        self._free: queue.SimpleQueue[Tree] = queue.SimpleQueue()
        for index in range(jobs):
            self._free.put(Tree(folder / str(index)))

    def attempt(
        self, mutant: Mutant | None, killers: Sequence[Killer], unchanged: Mapping[Killer, str]
    ) -> list[Trial]:
        """Runs killers on one mutant, or on the tree as it is."""
        tree = self._free.get()
        try:
            whole = killers if mutant is None else mutant.killers
            with tree.having(mutant) if mutant else contextlib.nullcontext():
                found = try_killers(killers, tree, unchanged, whole)
            return [Trial(mutant, killer, finding) for killer, finding in found.items()]
        finally:
            self._free.put(tree)


def try_unchanged(killers: Sequence[Killer], trees: Trees) -> list[Trial]:
    """Each killer on the tree as it is; those of pytest together, as on a mutant."""
    nodes = [killer for killer in killers if killer.runner == "pytest"]
    portions = [nodes, *([killer] for killer in killers if killer not in nodes)]
    with ThreadPoolExecutor(trees.jobs) as pool:
        found = pool.map(lambda portion: trees.attempt(None, portion, {}), portions)
        return [trial for trials in found for trial in trials]


def try_mutants(
    mutants: Sequence[Mutant],
    killers_for: Callable[[Mutant], Sequence[Killer]],
    before: Sequence[Trial],
    trees: Trees,
) -> Iterator[list[Trial]]:
    """Each mutant with those of its killers that pass on the tree as it is."""
    unchanged = {trial.killer: trial.finding.program for trial in before if trial.is_right}

    def attempt(mutant: Mutant) -> list[Trial]:
        able = [killer for killer in killers_for(mutant) if killer in unchanged]
        return trees.attempt(mutant, able, unchanged)

    with ThreadPoolExecutor(trees.jobs) as pool:
        yield from pool.map(attempt, mutants)


def is_killed(mutant: Mutant, trials: Sequence[Trial]) -> bool:
    """Whether each of its own killers noticed it."""
    noticed = {trial.killer for trial in trials if trial.mutant == mutant and trial.is_right}
    return noticed.issuperset(mutant.killers)
