"""Goal: what went wrong in a test run is always counted. Method: reports written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.reports import Case, Counts, count, judge, slowest

GOOD = """<testsuites><testsuite name="s">
<testcase classname="a" name="one" time="0.5"/>
<testcase classname="a" name="two" time="1.5"><failure>no</failure></testcase>
<testcase classname="a" name="three"><skipped/></testcase>
<testcase classname="a" name="four"><error>crash</error></testcase>
</testsuite></testsuites>"""

PASSING = '<testsuite><testcase classname="a" name="one"/></testsuite>'


def write(folder: Path, text: str) -> Path:
    report = folder / "report.xml"
    report.write_text(text, encoding="utf-8")
    return report


def test_counts_each_outcome(tmp_path: Path) -> None:
    """Goal: failures, errors and skips are told apart. Method: one of each."""
    cases = judge("p", write(tmp_path, GOOD), exit_status=1)
    assert count(cases) == Counts(passed=1, failed=2, skipped=1)
    assert count(cases).line() == "1 passed, 2 failed, 1 skipped"
    assert cases[0] == Case("p: a::one", 0.5, "passed")


def test_a_passing_run_has_no_failure(tmp_path: Path) -> None:
    """Goal: no failure is made up. Method: a report and status that agree."""
    cases = judge("p", write(tmp_path, PASSING), exit_status=0)
    assert count(cases) == Counts(passed=1, failed=0, skipped=0)


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        (PASSING, 2, 1),
        (PASSING, -11, 1),
        (PASSING, 0, 2),
        ("<testsuite/>", 0, 1),
        ("<testsuite><testcase", 0, 1),
        ("", 0, 1),
        ('<testsuite><testcase name="one" time="soon"/></testsuite>', 0, 1),
    ],
    ids=["status", "signal", "too few", "empty", "cut off", "no text", "odd time"],
)
def test_what_does_not_add_up_is_a_failure(
    tmp_path: Path, text: str, status: int, expected: int
) -> None:
    """Goal: a runner that crashed never counts as success. Method: reports that disagree."""
    assert count(judge("p", write(tmp_path, text), status, expected)).failed == 1


def test_a_missing_report_is_a_failure(tmp_path: Path) -> None:
    """Goal: a runner that died before its report counts. Method: no report."""
    assert count(judge("p", tmp_path / "none.xml", exit_status=0)).failed == 1


def test_a_case_reported_twice_keeps_its_worst_outcome(tmp_path: Path) -> None:
    """Goal: a failing clean-up is counted, once. Method: the body passes, the clean-up fails."""
    text = (
        '<testsuite><testcase classname="a" name="one"/>'
        '<testcase classname="a" name="one"><error/></testcase></testsuite>'
    )
    assert count(judge("p", write(tmp_path, text), exit_status=1)) == Counts(0, 1, 0)


def test_slowest_come_first() -> None:
    """Goal: the slowest tests are listed in order. Method: three cases out of order, two wanted."""
    cases = [
        Case(name, seconds, "passed") for name, seconds in (("b", 2.0), ("a", 1.0), ("c", 3.0))
    ]
    assert [case.name for case in slowest(cases, 2)] == ["c", "b"]
