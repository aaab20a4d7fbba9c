"""Killers that are Python tests: `pytest NODE`, where a node without parameters means all of its.

Starting pytest takes longer than most tests do, so all killers of a tree share one process.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from tests.mutants.definitions import Killer
from tests.mutants.findings import Finding, Outcome
from tests.mutants.tree import Tree
from tests.support.process import TimedOutError, run

ASSERTION_FAILED = ("assert ", "AssertionError", "Failed: DID NOT RAISE")
"""How pytest's message begins when a test's own claim failed."""

OPTIONS = ("-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", "--hypothesis-seed=0")
"""One tree always gives the same verdicts: no killer depends on what ran before it, or on luck."""

ENDED = (0, 1)
"""pytest's exit statuses where it ran to its end: all tests passed, some failed."""


def try_python_tests(killers: Sequence[Killer], tree: Tree, timeout_s: float) -> list[Finding]:
    """Runs all of them in one process.

    One that the report doesn't tell of runs again by itself, so that it isn't judged by what
    another one did to the process: a test that never ends, or a file that can't be imported.
    """
    cases, complaint = run_pytest(killers, tree, timeout_s)
    findings = []
    for killer in killers:
        own = [case for case in cases if is_of(case, killer)]
        if own:
            findings.append(judge_cases(own))
        elif len(killers) > 1:
            findings += try_python_tests([killer], tree, timeout_s)
        else:
            findings.append(Finding(Outcome.UNUSABLE, complaint))
    return findings


def run_pytest(
    killers: Sequence[Killer], tree: Tree, timeout_s: float
) -> tuple[list[ElementTree.Element], str]:
    """The test cases of the report, and what was printed. A run that broke off has no cases."""
    tree.made.mkdir(exist_ok=True)
    report = tree.made / "pytest.xml"
    report.unlink(missing_ok=True)
    nodes = [node for killer in killers for node in killer.arguments]
    command = [sys.executable, "-m", "pytest", *OPTIONS, f"--junitxml={report}", *nodes]
    try:
        done = run(command, cwd=tree.root, environment=tree.environment(), timeout_s=timeout_s)
    except TimedOutError as error:
        return [], f"doesn't end: {error}"
    if done.status not in ENDED or not report.is_file():
        return [], done.describe()
    return list(ElementTree.parse(report).getroot().iter("testcase")), done.describe()


def is_of(case: ElementTree.Element, killer: Killer) -> bool:
    """Whether a test case is the killer's node, or that node with a parameter."""
    (node,) = killer.arguments
    path, *scopes, name = node.split("::")
    place = ".".join([path.removesuffix(".py").replace("/", "."), *scopes])
    found = case.get("name") or ""
    return case.get("classname") == place and (found == name or found.startswith(f"{name}["))


def judge_cases(cases: Sequence[ElementTree.Element]) -> Finding:
    """A failed assertion counts, whatever else went wrong."""
    seconds = sum(float(case.get("time") or 0.0) for case in cases)
    wrong = [each for case in cases for each in case if each.tag in ("failure", "error", "skipped")]
    for each in wrong:
        message = each.get("message") or ""
        if each.tag == "failure" and message.startswith(ASSERTION_FAILED):
            return Finding(Outcome.VIOLATED, message.splitlines()[0], seconds)
    if wrong:
        return Finding(Outcome.UNUSABLE, f"{wrong[0].get('message')}\n{wrong[0].text}", seconds)
    return Finding(Outcome.HELD, "", seconds)
