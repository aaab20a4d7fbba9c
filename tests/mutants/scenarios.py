"""Killers that are scenarios of the explorer: `explorer SCENARIO [OPTION …]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tests.explorer.run import (
    Toolchain,
    Verdict,
    build_program,
    cases_of,
    find_sources,
    run_program,
)
from tests.mutants.definitions import Killer
from tests.mutants.findings import Finding, Outcome
from tests.mutants.tree import Tree
from tests.support.process import run

REPORTS = frozenset(
    {
        "assertion failure",
        "data race",
        "deadlock",
        "hang",
        "leak",
        "uninitialised memory",
        "wrong outcome",
    }
)
CHOICES = re.compile(r"^choices (\S+)(?: of case (\S+))?$", re.MULTILINE)
"""A failure that is not about one execution, such as an outcome that was never seen, has none."""

TRACE_LINE = re.compile(r" +#\d")


def build_scenario(killer: Killer, tree: Tree) -> Path:
    """The scenario with the runtime of this tree, and what it generates."""
    (source,) = find_sources(killer.arguments[:1])
    toolchain = Toolchain(
        runtime=tree.root / "runtime",
        launcher=tree.launcher,
        headers_folder=tree.generated / "explorer",
    )
    return build_program(toolchain, source)


def judge_scenario(
    killer: Killer, program: Path, more_options: Sequence[str], timeout_s: float
) -> Finding:
    """Runs case after case, to the first that finds something; that has to be found again."""
    options = [*killer.arguments[1:], *more_options]
    executions = 0
    unusable = None
    for case in cases_of(program, options):
        for each in run_program(program, [*options, "--case", case], timeout_s=timeout_s):
            executions += each.executions
            if each.report in REPORTS and not each.passed:
                return confirm(program, each, timeout_s)
            if not each.passed and unusable is None:
                unusable = Finding(Outcome.UNUSABLE, f"{each.report}\n{each.text}")
    return unusable or Finding(Outcome.HELD, f"{executions} executions")


def confirm(program: Path, verdict: Verdict, timeout_s: float) -> Finding:
    """What was found counts only if it can be shown again."""
    if not is_replayed(program, verdict, timeout_s):
        return Finding(Outcome.UNUSABLE, f"the replay differs from\n{verdict.text}")
    text = f"{verdict.report}, {violation(verdict.text, verdict.report)}"
    return Finding(Outcome.VIOLATED, text)


def is_replayed(program: Path, verdict: Verdict, timeout_s: float) -> bool:
    """Whether the choices that were printed lead another process through the same trace.

    What is found in setup has none, as no step comes before it; it has to be said again, too.
    """
    choices = CHOICES.search(verdict.text)
    if choices is None:
        return True
    variant = ["--case", choices[2]] if choices[2] else []
    replayed = run([program, *variant, "--replay", choices[1]], timeout_s=timeout_s).stdout
    is_same = trace_of(replayed) == trace_of(verdict.text)
    said = violation(replayed, verdict.report)
    return is_same and said == violation(verdict.text, verdict.report)


def trace_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if TRACE_LINE.match(line)]


def violation(text: str, report: str) -> str:
    """The line in which the explorer says what is wrong."""
    lines = [line for line in text.splitlines() if line.startswith(f"{report}: ")]
    return lines[-1].removeprefix(f"{report}: ") if lines else "no line says more"
