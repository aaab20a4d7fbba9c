"""Runs the tests and counts them; scripts/test calls it once everything is set up.

usage: scripts/test [PART ...]

Without a part, everything runs but `night`. A part is a folder of Python tests under tests/ (unit,
golden, style, ...), `python` for all of those, `c` for the C tests in all configurations, one
configuration: gcc, clang, asan, tsan, or `mutants` for the proof that the tests notice faults.
`night` is what takes hours. The last line counts what ran.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.builds import (
    CONFIGURATIONS,
    BuildError,
    Configuration,
    built,
    environment,
    launch_prefix,
)
from tests.support.process import kill_group
from tests.support.reports import Case, count, failure, judge, slowest
from tests.support.tree import BUILD, ROOT, TESTS

REPORTS = BUILD / "reports"
SLOWEST_SHOWN = 10
MUTANTS = "mutants"
NIGHT = "night"
MUTANT_JOBS = 2
TIMEOUT_MULTIPLIER = 10
"""A test's time-out is for a quiet machine. This one comes after the test's own watchdog."""

RUNNER_TIMEOUT_S = 30 * 60
"""No runner takes this long; one that does is stuck."""
TIMED_OUT = 124


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def call(command: Sequence[str | Path]) -> int:
    """Run a command with its output shown; answers its exit status, or TIMED_OUT."""
    words = [str(word) for word in command]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment(),
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(RUNNER_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            say(f"Killed after {RUNNER_TIMEOUT_S} s: {' '.join(words)}")
            return TIMED_OUT
        finally:
            kill_group(process)


def python_parts() -> list[str]:
    """The folders under tests/ that pytest collects, without that for the night."""
    folders = {path.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    return sorted(folders - {NIGHT})


def run_python(parts: list[str]) -> list[Case]:
    """One run of pytest over these folders."""
    say(f"Python tests: {', '.join(parts)}")
    report = REPORTS / "pytest.xml"
    report.unlink(missing_ok=True)
    folders = [TESTS / part for part in parts]
    return judge(
        "pytest",
        report,
        call([sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *folders]),
    )


def declared_tests(folder: Path) -> int:
    """How many tests meson knows of in this build folder."""
    listing = subprocess.run(
        ["meson", "introspect", "--tests", str(folder)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    return len(json.loads(listing.stdout))


def run_configuration(configuration: Configuration) -> list[Case]:
    """Build the C tests in one configuration and run them."""
    name, folder = configuration.name, configuration.folder
    say(f"C tests: {name}")
    try:
        built(configuration)
    except BuildError as error:
        print(error, flush=True)
        return [failure(f"{name}: the build")]
    report = folder / "meson-logs" / "testlog.junit.xml"
    report.unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs"]
    patience = ["--timeout-multiplier", str(TIMEOUT_MULTIPLIER)]
    status = call([*launch_prefix(configuration), *command, *patience])
    return judge(name, report, status, expected=max(1, declared_tests(folder)))


def run_mutants() -> list[Case]:
    """Apply each deliberate fault to a copy of the tree; its killer has to notice it."""
    say("Mutants")
    report = REPORTS / "mutants.xml"
    report.unlink(missing_ok=True)
    runner = [sys.executable, "-m", "tests.mutants.run", "--jobs", str(MUTANT_JOBS)]
    return judge(MUTANTS, report, call([*runner, "--report", report]))


def select(arguments: list[str]) -> tuple[list[str], list[Configuration]]:
    """The folders of Python tests and the configurations of C tests that were asked for."""
    parts = python_parts()
    wanted = set(arguments or ["python", "c"]) - {MUTANTS}
    folders = [part for part in parts if {part, "python"} & wanted]
    folders += [NIGHT] if NIGHT in wanted else []
    configurations = [each for each in CONFIGURATIONS if {each.name, "c"} & wanted]
    unknown = wanted - {"python", "c", NIGHT, *parts, *(each.name for each in CONFIGURATIONS)}
    if unknown:
        raise SystemExit(f"no such part: {', '.join(sorted(unknown))}\n\n{__doc__}")
    return folders, configurations


def main(arguments: list[str]) -> int:
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    folders, configurations = select(arguments)
    REPORTS.mkdir(parents=True, exist_ok=True)
    cases = run_python(folders) if folders else []
    for configuration in configurations:
        cases += run_configuration(configuration)
    if not arguments or MUTANTS in arguments:
        cases += run_mutants()
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
