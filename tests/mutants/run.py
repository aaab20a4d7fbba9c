"""Applies every mutant to a copy of the tree, and proves that its killers notice it.

usage: python -m tests.mutants.run [--mutant NAME] [--group NAME] [--all-against-all] [--jobs 1|2]

Each killer first has to pass without a mutant. The last line is `mutants: KILLED/TOTAL`; less than
all is a failure. With --all-against-all every killer runs against every mutant, which says which
tests notice what; it takes hours.
"""

from __future__ import annotations

import argparse
import queue
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.definitions import (
    GROUPS,
    DefinitionError,
    Killer,
    Mutant,
    changed,
    killers_of,
    load_mutants,
)
from tests.mutants.killers import Finding, Outcome, Tree, prepare, try_killer

NAME_WIDTH = 36
KILLER_WIDTH = 40
LINES_SHOWN = 30
"""Of what a killer printed that didn't do what it should."""


@dataclass(frozen=True)
class Trial:
    """What came of one killer and one tree: with a mutant in it, or as it is."""

    mutant: Mutant | None
    killer: Killer
    finding: Finding
    seconds: float

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
        shown = {
            Outcome.VIOLATED: "killed",
            Outcome.HELD: "SURVIVED",
            Outcome.UNUSABLE: "UNUSABLE",
        }
        return shown[self.finding.outcome]

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
            f"{self.seconds:6.1f} s  {first}"
        ).rstrip()


class Trees:
    """As many copies as there are jobs; each trial borrows one."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._free: queue.SimpleQueue[Tree] = queue.SimpleQueue()
        for index in range(jobs):
            self._free.put(Tree(folder / str(index)))

    def attempt(self, mutant: Mutant | None, killers: Sequence[Killer]) -> list[Trial]:
        """Runs the killers against one mutant, or against the tree as it is."""
        tree = self._free.get()
        try:
            if mutant is not None:
                tree.apply(mutant)
            return [self._try(mutant, killer, tree) for killer in killers]
        finally:
            if mutant is not None:
                tree.restore(mutant)
            self._free.put(tree)

    @staticmethod
    def _try(mutant: Mutant | None, killer: Killer, tree: Tree) -> Trial:
        begin = time.monotonic()
        finding = try_killer(killer, tree)
        return Trial(mutant, killer, finding, time.monotonic() - begin)


def run_trials(
    mutants: Sequence[Mutant], trees: Trees, jobs: int, say: Callable[[str], None]
) -> list[Trial]:
    """Each killer on the tree as it is, then each mutant with its killers."""
    killers = killers_of(mutants)
    trials: list[Trial] = []
    with ThreadPoolExecutor(jobs) as pool:
        for found in pool.map(lambda killer: trees.attempt(None, [killer]), killers):
            trials += found
        good = {trial.killer for trial in trials if trial.is_right}
        for trial in trials:
            if not trial.is_right:
                say(f"{trial.row()}\n{trial.excerpt()}")
        able = [each for each in mutants if good.issuperset(each.killers)]
        for found in pool.map(lambda each: trees.attempt(each, each.killers), able):
            trials += found
            for trial in found:
                say(trial.row())
                if not trial.is_right:
                    say(trial.excerpt())
    return trials


def run_all_against_all(
    mutants: Sequence[Mutant], trees: Trees, jobs: int, say: Callable[[str], None]
) -> None:
    """Which killers notice which mutants, for reading; it judges nothing."""
    killers = killers_of(mutants)
    with ThreadPoolExecutor(jobs) as pool:
        for found in pool.map(lambda each: trees.attempt(each, killers), mutants):
            noticed = [trial.killer.text for trial in found if trial.is_right]
            say(f"{found[0].name:{NAME_WIDTH}} {len(noticed)} of {len(killers)}")
            for text in noticed:
                say(f"    {text}")


def write_report(path: Path, trials: Sequence[Trial]) -> None:
    """A JUnit report, from which scripts/test counts."""
    suite = ElementTree.Element("testsuite", name="mutants")
    for trial in trials:
        place = "killer" if trial.mutant is None else trial.mutant.group
        seconds = f"{trial.seconds:.3f}"
        case = ElementTree.SubElement(
            suite, "testcase", classname=place, name=trial.name, time=seconds
        )
        if not trial.is_right:
            ElementTree.SubElement(case, "failure", message=trial.verdict())
    ElementTree.ElementTree(suite).write(path, encoding="utf-8")


def select(mutants: list[Mutant], names: set[str], groups: set[str]) -> list[Mutant]:
    """The mutants of these names and groups; all where neither is given."""
    unknown = names - {each.name for each in mutants} | groups - {each.group for each in mutants}
    if unknown:
        raise DefinitionError(f"no such mutant or group: {', '.join(sorted(unknown))}")
    is_all = not names and not groups
    return [each for each in mutants if is_all or each.name in names or each.group in groups]


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Prove that tests notice deliberate faults.")
    parser.add_argument("--mutant", action="append", default=[], metavar="NAME")
    parser.add_argument("--group", action="append", default=[], metavar="NAME")
    parser.add_argument("--all-against-all", action="store_true")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1)
    parser.add_argument("--definitions", type=Path, default=GROUPS, metavar="FOLDER")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where JUnit's form goes")
    chosen = parser.parse_args(arguments)
    mutants = select(load_mutants(chosen.definitions), set(chosen.mutant), set(chosen.group))
    for mutant in mutants:
        changed(mutant)
    with tempfile.TemporaryDirectory(prefix="corinth-mutants-") as folder:
        prepare(killers_of(mutants))
        trees = Trees(Path(folder), chosen.jobs)
        if chosen.all_against_all:
            run_all_against_all(mutants, trees, chosen.jobs, say)
        trials = run_trials(mutants, trees, chosen.jobs, say)
    if chosen.report is not None:
        write_report(chosen.report, trials)
    noticed = {(trial.mutant, trial.killer) for trial in trials if trial.is_right}
    killed = sum(all((each, killer) in noticed for killer in each.killers) for each in mutants)
    say(f"mutants: {killed}/{len(mutants)}")
    return 0 if killed == len(mutants) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DefinitionError as error:
        sys.exit(f"mutants: {error}")
