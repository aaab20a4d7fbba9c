"""Applies every mutant to a copy of the tree, and proves that its killers notice it.

usage: python -m tests.mutants.run [--mutant NAME] [--group NAME] [--jobs 1-4] [--report FILE]
                                   [--all-against-all [--matrix FILE] [--summary FILE]
                                                      [--journal FILE]]

Each killer first has to pass without a mutant. The last line is `mutants: KILLED/TOTAL`; less than
all is a failure: a mutant counts if each of its killers notices it. With --all-against-all the
killers of all mutants run against each one, which says which tests notice what; it takes long. With
--journal FILE it is interrupted without harm: the same command goes on where it was, as long as the
tree is the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
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
from tests.mutants.journal import Journal
from tests.mutants.killers import prepare
from tests.mutants.matrix import Matrix, describe, progress, summary, write_json
from tests.mutants.trials import Trees, Trial, is_killed, try_mutants, try_unchanged


def run_own(mutants: Sequence[Mutant], before: Sequence[Trial], trees: Trees) -> list[Trial]:
    """Each mutant with its own killers."""
    trials = []
    for found in try_mutants(mutants, lambda mutant: mutant.killers, before, trees):
        for trial in found:
            say(trial.row())
            if not trial.is_right:
                say(trial.excerpt())
        trials += found
    return trials


def run_matrix(
    mutants: Sequence[Mutant],
    before: Sequence[Trial],
    trees: Trees,
    begin: float,
    journal: Journal | None,
) -> Matrix:
    """Each mutant with all killers that passed on the unchanged tree."""
    killers = [trial.killer for trial in before if trial.is_right]
    known = {mutant: journal.cells_of(mutant) if journal else None for mutant in mutants}
    cells = [cell for found in known.values() for cell in found or ()]
    if journal:
        begin -= journal.seconds
        say(f"{sum(found is not None for found in known.values())} mutants were tried before.")
    left = [mutant for mutant, found in known.items() if found is None]
    for mutant, found in zip(
        left, try_mutants(left, lambda _: killers, before, trees), strict=True
    ):
        cells += found
        seconds = time.monotonic() - begin
        if journal:
            journal.add(mutant, {cell.killer.text: describe(cell) for cell in found}, seconds)
        say(f"{seconds / 60:5.1f} min  {progress(mutant, found)}")
    return Matrix(mutants, killers, cells, trees.jobs, time.monotonic() - begin)


def write_report(path: Path, trials: Sequence[Trial]) -> None:
    """A JUnit report, from which scripts/test counts."""
    suite = ElementTree.Element("testsuite", name="mutants")
    for trial in trials:
        place = "killer" if trial.mutant is None else trial.mutant.group
        name = trial.name if trial.mutant is None else f"{trial.name}: {trial.killer.text}"
        case = ElementTree.SubElement(
            suite, "testcase", classname=place, name=name, time=f"{trial.finding.seconds:.3f}"
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


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prove that tests notice deliberate faults.")
    parser.add_argument("--mutant", action="append", default=[], metavar="NAME")
    parser.add_argument("--group", action="append", default=[], metavar="NAME")
    parser.add_argument("--jobs", type=int, choices=(1, 2, 3, 4), default=1)
    parser.add_argument("--definitions", type=Path, default=GROUPS, metavar="FOLDER")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where JUnit's form goes")
    parser.add_argument("--all-against-all", action="store_true")
    parser.add_argument("--matrix", type=Path, metavar="FILE", help="where its cells go, as JSON")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="where its Markdown goes")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="from where it goes on")
    chosen = parser.parse_args(arguments)
    if not chosen.all_against_all and (chosen.matrix or chosen.summary or chosen.journal):
        parser.error("--matrix, --summary and --journal are for --all-against-all")
    return chosen


def main(arguments: Sequence[str]) -> int:
    chosen = parse(arguments)
    defined = load_mutants(chosen.definitions)
    mutants = select(defined, set(chosen.mutant), set(chosen.group))
    for mutant in mutants:
        changed(mutant)
    killers = killers_of(defined if chosen.all_against_all else mutants)
    with tempfile.TemporaryDirectory(prefix="corinth-mutants-") as folder:
        trials = run(mutants, killers, Trees(Path(folder), chosen.jobs), chosen)
    if chosen.report is not None:
        write_report(chosen.report, trials)
    killed = sum(is_killed(mutant, trials) for mutant in mutants)
    say(f"mutants: {killed}/{len(mutants)}")
    return 0 if killed == len(mutants) else 1


def run(
    mutants: Sequence[Mutant], killers: Sequence[Killer], trees: Trees, chosen: argparse.Namespace
) -> list[Trial]:
    """What scripts/test counts: each killer on the tree as it is, each mutant with its own."""
    begin = time.monotonic()
    prepare(killers)
    before = try_unchanged(killers, trees)
    for trial in before:
        if not trial.is_right:
            say(f"{trial.row()}\n{trial.excerpt()}")
    if not chosen.all_against_all:
        return [*before, *run_own(mutants, before, trees)]
    able = [trial.killer for trial in before if trial.is_right]
    journal = Journal(chosen.journal, able) if chosen.journal else None
    matrix = run_matrix(mutants, before, trees, begin, journal)
    say(summary(matrix))
    if chosen.matrix is not None:
        write_json(chosen.matrix, matrix)
    if chosen.summary is not None:
        chosen.summary.write_text(summary(matrix) + "\n", encoding="utf-8")
    if journal:
        journal.end()
    own = [cell for cell in matrix.cells if cell.mutant and cell.killer in cell.mutant.killers]
    return [*before, *own]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DefinitionError as error:
        sys.exit(f"mutants: {error}")
