"""The table of mutants in docs/reliability.md, made from their definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.mutants.definitions import Mutant
from tests.support.tree import ROOT

PAGE = ROOT / "docs" / "reliability.md"
MARK = re.compile(r"<!-- mutants -->\n.*?<!-- end -->", re.DOTALL)


def count_line(mutants: Sequence[Mutant]) -> str:
    """How many there are, and of what kinds."""
    kinds = [each.kind for each in mutants]
    return (
        f"{len(mutants)} mutants: {kinds.count('order')} weaken a single memory order,"
        f" {kinds.count('protocol')} change a step of a protocol, and"
        f" {kinds.count('generator')} falsify what is generated."
    )


def table(mutants: Sequence[Mutant]) -> str:
    lines = [count_line(mutants), "", "| mutant | kind | what it breaks | killer |"]
    lines.append("| --- | --- | --- | --- |")
    for each in mutants:
        killers = ", ".join(f"`{killer.text}`" for killer in each.killers)
        lines.append(f"| `{each.name}` | {each.kind} | {each.breaks} | {killers} |")
    return "\n".join(lines)


def with_table(page: str, mutants: Sequence[Mutant]) -> str:
    """The page with the table as the definitions have it."""
    found = MARK.findall(page)
    if len(found) != 1:
        raise ValueError(f"{PAGE.name} has {len(found)} places for the table of mutants")
    return MARK.sub(lambda _: f"<!-- mutants -->\n{table(mutants)}\n<!-- end -->", page)
