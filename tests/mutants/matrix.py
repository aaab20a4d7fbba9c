"""All mutants against all killers: which tests notice what, as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.definitions import RUNNERS, Killer, Mutant
from tests.mutants.findings import Outcome
from tests.mutants.trials import NAME_WIDTH, Trial, is_killed

REASON_WIDTH = 140
TEXT_WIDTH = 100


@dataclass(frozen=True)
class Matrix:
    """A cell is the trial of one mutant and one killer that passes on the unchanged tree."""

    mutants: Sequence[Mutant]
    killers: Sequence[Killer]
    cells: Sequence[Trial]
    jobs: int
    seconds: float


def outcomes(cells: Sequence[Trial]) -> Counter[Outcome]:
    return Counter(cell.finding.outcome for cell in cells)


def reason(cell: Trial) -> str:
    """The line that says most: a compiler's error, or the first one."""
    lines = cell.finding.text.splitlines() or [""]
    errors = [line for line in lines if " error: " in line]
    return [*errors, *lines][0][:REASON_WIDTH]


def progress(mutant: Mutant, cells: Sequence[Trial]) -> str:
    """What came of one mutant, and below it the cells that need a look."""
    counts = outcomes(cells)
    by_runner = Counter(cell.killer.runner for cell in cells if cell.is_right)
    shown = ", ".join(f"{runner} {by_runner[runner]}" for runner in RUNNERS)
    lines = [
        f"{mutant.name:{NAME_WIDTH}} noticed by {counts[Outcome.VIOLATED]:2} of {len(cells)}:"
        f" {shown}; identical {counts[Outcome.IDENTICAL]}, unusable {counts[Outcome.UNUSABLE]}"
    ]
    for cell in cells:
        is_missed = cell.killer in mutant.killers and not cell.is_right
        if is_missed or cell.finding.outcome is Outcome.UNUSABLE:
            lines.append(f"    {cell.verdict()} {cell.killer.text}: {reason(cell)}")
    return "\n".join(lines)


def summary(matrix: Matrix) -> str:
    """What there is to learn from it, in Markdown."""
    alone = noticed_by_one(matrix)
    tallies = {killer: tally(matrix, [killer], alone) for killer in matrix.killers}
    order = list(RUNNERS)
    killers = sorted(tallies, key=lambda each: (order.index(each.runner), -tallies[each][0]))
    runners = {
        runner: tally(matrix, [each for each in matrix.killers if each.runner == runner], alone)
        for runner in RUNNERS
    }
    idle = [f"- `{killer.text}`" for killer in killers if not tallies[killer][0]]
    lines = [
        *paragraph(totals(matrix)),
        *paragraph(f"Noticed by one killer only: {len(alone)} mutants."),
        f"Killers that notice nothing: {len(idle)}.",
        "",
        *([*idle, ""] if idle else []),
        *table("runner", runners),
        "",
        *table("killer", {f"`{each.text}`": tallies[each] for each in killers}),
    ]
    return "\n".join(lines)


def totals(matrix: Matrix) -> str:
    counts = outcomes(matrix.cells)
    identical = counts[Outcome.IDENTICAL]
    return (
        f"{len(matrix.mutants)} mutants against {len(matrix.killers)} killers:"
        f" {len(matrix.cells):,} cells in {matrix.seconds / 60:.0f} min, jobs: {matrix.jobs}."
        f" In {identical:,} of them the killer's program was that of the unchanged tree, so it"
        f" didn't run. Of the {len(matrix.cells) - identical:,} that ran, the killer noticed the"
        f" mutant in {counts[Outcome.VIOLATED]:,}, and {counts[Outcome.UNUSABLE]:,} were unusable:"
        " no build, a crash or a time-out."
    )


def paragraph(text: str) -> list[str]:
    return [*textwrap.wrap(text, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False), ""]


def noticed_by_one(matrix: Matrix) -> set[str]:
    """The names of mutants that a single killer notices."""
    noticed = Counter(cell.name for cell in matrix.cells if cell.is_right)
    return {name for name, count in noticed.items() if count == 1}


def tally(matrix: Matrix, killers: Sequence[Killer], alone: set[str]) -> list[int]:
    """Mutants that any of these killers notices, those that no other does, and kinds of cells."""
    cells = [cell for cell in matrix.cells if cell.killer in killers]
    noticed = {cell.name for cell in cells if cell.is_right}
    counts = outcomes(cells)
    kinds = (Outcome.IDENTICAL, Outcome.UNUSABLE)
    return [len(noticed), len(noticed & alone), *(counts[kind] for kind in kinds)]


def table(head: str, rows: dict[str, list[int]]) -> list[str]:
    width = max(len(head), *(len(name) for name in rows))
    titles = ("mutants noticed", "noticed alone", "identical", "unusable")
    lines = [
        f"| {head:{width}} | {' | '.join(titles)} |",
        f"| {'-' * width} | {' | '.join('-' * (len(title) - 1) + ':' for title in titles)} |",
    ]
    for name, numbers in rows.items():
        pairs = zip(numbers, titles, strict=True)
        shown = " | ".join(f"{number:{len(title)}}" for number, title in pairs)
        lines.append(f"| {name:{width}} | {shown} |")
    return lines


def write_json(path: Path, matrix: Matrix) -> None:
    """Every cell, for programs."""
    rows = []
    for mutant in matrix.mutants:
        cells = [cell for cell in matrix.cells if cell.mutant == mutant]
        row = {
            "name": mutant.name,
            "group": mutant.group,
            "kind": mutant.kind,
            "is_killed": is_killed(mutant, cells),
            "killers": [killer.text for killer in mutant.killers],
            "cells": {cell.killer.text: describe(cell) for cell in cells},
        }
        rows.append(row)
    content = {
        "jobs": matrix.jobs,
        "seconds": round(matrix.seconds),
        "killers": [killer.text for killer in matrix.killers],
        "mutants": rows,
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def describe(cell: Trial) -> dict[str, str | float]:
    return {
        "outcome": cell.finding.outcome.value,
        "seconds": round(cell.finding.seconds, 2),
        "text": reason(cell),
    }
