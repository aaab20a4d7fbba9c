"""Killers that are scenarios of the explorer: `explorer SCENARIO [OPTION …]`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tests.explorer.run import Toolchain, build_program, find_sources, run_program
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
    return build_program(replace(Toolchain(), runtime=tree.root / "runtime"), source)


def judge_scenario(killer: Killer, program: Path, timeout_s: float) -> Finding:
    """Runs all cases. What is found has to be found again from its choices."""
    verdicts = run_program(program, killer.arguments[1:], timeout_s=timeout_s)
    failed = [each for each in verdicts if not each.passed]
    for each in failed:
        if each.report in REPORTS:
            if not is_replayed(program, each.text, timeout_s):
                return Finding(Outcome.UNUSABLE, f"the replay differs from\n{each.text}")
            return Finding(Outcome.VIOLATED, f"{each.report}, {violation(each.text, each.report)}")
    if failed:
        return Finding(Outcome.UNUSABLE, f"{failed[0].report}\n{failed[0].text}")
    return Finding(Outcome.HELD, f"{sum(each.executions for each in verdicts)} executions")


def is_replayed(program: Path, text: str, timeout_s: float) -> bool:
    """Whether the choices that were printed lead another process through the same trace."""
    choices = CHOICES.search(text)
    if choices is None:
        return True
    variant = ["--case", choices[2]] if choices[2] else []
    replayed = run([program, *variant, "--replay", choices[1]], timeout_s=timeout_s)
    trace = trace_of(text)
    return trace != [] and trace_of(replayed.stdout) == trace


def trace_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if TRACE_LINE.match(line)]


def violation(text: str, report: str) -> str:
    """The line in which the explorer says what is wrong."""
    lines = [line for line in text.splitlines() if line.startswith(f"{report}: ")]
    return lines[-1].removeprefix(f"{report}: ") if lines else "no line says more"
