"""Runs the tests and counts them; scripts/test calls it once everything is set up.

usage: scripts/test [PART ...]

Without a part, everything runs but what is for the night. A part is a folder of Python tests under
tests/ (unit, golden, style, ...), `python` for all of those; one configuration of the C tests: gcc,
clang, asan, tsan, or `fences` for gcc's where the system has no barriers, `c` for all of those; or
`mutants` for the proof that the tests notice faults.

For the night, and hours: `toolchains`, the explorer's scenarios as other compilers make them;
`soak`, each stress test for a minute, natively and under TSan; `matrix`, every mutant against every
killer, with a summary in build/reports/matrix.md, which goes on where it was interrupted; `night`
for all of those.

The last line counts what ran.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from tests.support.builds import CONFIGURATIONS, GCC, TSAN
from tests.support.reports import Case, count, slowest
from tests.support.runners import (
    NIGHT_TIMEOUT_S,
    REPORTS,
    run_configuration,
    run_matrix,
    run_mutants,
    run_python,
    run_soak,
    run_without_barriers,
    say,
)
from tests.support.tree import TESTS

SLOWEST_SHOWN = 10
TOOLCHAINS = "toolchains"
"""The folder of Python tests that are for the night."""

FENCES = "fences"
"""gcc's C tests once more, without barriers."""

DAY = ("python", "c", "mutants")
NIGHT = (TOOLCHAINS, "soak", "matrix")
SOAKED = (GCC, TSAN)

Runner = Callable[[], list[Case]]


def python_folders() -> list[str]:
    """The folders under tests/ that pytest collects by day."""
    folders = {path.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    return sorted(folders - {TOOLCHAINS})


def select(parts: set[str]) -> dict[str, Runner]:
    """What runs for these parts, in the order in which it does; SystemExit for an unknown one."""
    folders = python_folders()
    known = {*folders, *DAY, *NIGHT, "night", FENCES, *(each.name for each in CONFIGURATIONS)}
    if not parts <= known:
        raise SystemExit(f"no such part: {', '.join(sorted(parts - known))}\n\n{__doc__}")
    runners: dict[str, Runner] = {}
    chosen = [folder for folder in folders if {folder, "python"} & parts]
    if chosen:
        runners[" ".join(chosen)] = partial(run_python, chosen)
    for each in CONFIGURATIONS:
        if {each.name, "c"} & parts:
            runners[each.name] = partial(run_configuration, each)
    if {FENCES, "c"} & parts:
        runners[FENCES] = partial(run_without_barriers, GCC)
    if "mutants" in parts:
        runners["mutants"] = partial(run_mutants, "mutants")
    if {TOOLCHAINS, "night"} & parts:
        runners[TOOLCHAINS] = partial(run_python, [TOOLCHAINS], NIGHT_TIMEOUT_S)
    for each in SOAKED:
        if {"soak", "night"} & parts:
            runners[f"soak {each.name}"] = partial(run_soak, each)
    if {"matrix", "night"} & parts:
        runners["matrix"] = partial(run_matrix, "matrix")
    return runners


def main(arguments: list[str]) -> int:
    runners = select(set(arguments or DAY))
    REPORTS.mkdir(parents=True, exist_ok=True)
    cases = [case for runner in runners.values() for case in runner()]
    counts = count(cases)
    say(f"The slowest {SLOWEST_SHOWN}")
    for case in slowest(cases, SLOWEST_SHOWN):
        print(f"{case.seconds:8.1f} s  {case.name}")
    for case in cases:
        if case.outcome != "passed":
            print(f"{case.outcome}: {case.name}")
    print(counts.line(), flush=True)
    return 0 if counts.failed == 0 and counts.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
