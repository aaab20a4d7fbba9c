"""Counts tests from JUnit reports, so that nothing that went wrong looks like success.

A runner is believed only where its report and its exit status agree: a missing report, a report
that misses tests, or a failure status without a failed test each count as one more failure.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One test of one run."""

    name: str
    seconds: float
    outcome: str
    """`passed`, `failed` or `skipped`."""


@dataclass(frozen=True)
class Counts:
    passed: int
    failed: int
    skipped: int

    def line(self) -> str:
        """The line that ends the output of scripts/test."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def failure(name: str) -> Case:
    """A failure that no report tells of."""
    return Case(name, 0.0, "failed")


def _outcome(element: ElementTree.Element) -> str:
    kinds = {child.tag for child in element}
    if kinds & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"


def _read_cases(report: Path, prefix: str) -> list[Case]:
    """The cases of a report in its order. A case reported twice keeps its worst outcome.

    pytest reports a test whose body and whose clean-up both fail as two cases of one name.
    """
    order = {"passed": 0, "skipped": 1, "failed": 2}
    cases: dict[str, Case] = {}
    for element in ElementTree.parse(report).getroot().iter("testcase"):
        place = element.get("classname") or ""
        name = f"{prefix}: {place}::{element.get('name')}"
        case = Case(name, float(element.get("time") or 0.0), _outcome(element))
        known = cases.get(name)
        if known is None or order[case.outcome] > order[known.outcome]:
            cases[name] = case
    return list(cases.values())


def judge(prefix: str, report: Path, exit_status: int, expected: int = 1) -> list[Case]:
    """What a runner did: its report's cases, and a failure for everything that doesn't add up.

    `expected` is the least number of tests that the report must tell of.
    """
    try:
        cases = _read_cases(report, prefix)
    except FileNotFoundError:
        return [failure(f"{prefix}: ended with {exit_status} and left no report")]
    except (ElementTree.ParseError, ValueError) as error:
        return [failure(f"{prefix}: ended with {exit_status}; its report is broken: {error}")]
    if len(cases) < expected:
        cases.append(failure(f"{prefix}: reported {len(cases)} tests of {expected}"))
    if exit_status != 0 and count(cases).failed == 0:
        cases.append(failure(f"{prefix}: ended with {exit_status} though no test failed"))
    return cases


def count(cases: Iterable[Case]) -> Counts:
    outcomes = [case.outcome for case in cases]
    return Counts(*(outcomes.count(kind) for kind in ("passed", "failed", "skipped")))


def slowest(cases: Iterable[Case], limit: int) -> list[Case]:
    """The tests that took longest, the longest first."""
    return sorted(cases, key=lambda case: -case.seconds)[:limit]
