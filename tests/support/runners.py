"""The runners of tests: each runs one kind of them and returns what its report says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.builds import BuildError, Configuration, built, environment, launch_prefix
from tests.support.process import kill_group
from tests.support.reports import Case, failure, judge
from tests.support.tree import BUILD, ROOT, TESTS

REPORTS = BUILD / "reports"
MUTANT_JOBS = 2
STRESS = "stress"
"""The suite of those C tests that can soak."""

SOAK_S = 60
SOAK_SUMMARY = re.compile(r"^soak of .*$", re.MULTILINE)
TIMEOUT_MULTIPLIER = 10
"""A test's time-out is for a quiet machine. This one comes after the test's own watchdog."""

RUNNER_TIMEOUT_S = 50 * 60
"""No runner takes this long, on a busy machine either; one that does is stuck."""
NIGHT_TIMEOUT_S = 6 * 3600
"""The same for the runners of the night."""
TIMED_OUT = 124


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def call(command: Sequence[str | Path], timeout_s: float = RUNNER_TIMEOUT_S) -> int:
    """Run a command with its output shown; returns its exit status, or TIMED_OUT."""
    words = [str(word) for word in command]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment(),
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            say(f"Killed after {timeout_s} s: {' '.join(words)}")
            return TIMED_OUT
        finally:
            kill_group(process)


def run_python(folders: Sequence[str], timeout_s: float = RUNNER_TIMEOUT_S) -> list[Case]:
    """One run of pytest over these folders."""
    say(f"Python tests: {', '.join(folders)}")
    report = REPORTS / "pytest.xml"
    report.unlink(missing_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "pytest", "-qrs", f"--junitxml={report}"]
    command += [TESTS / folder for folder in folders]
    return judge("pytest", report, call(command, timeout_s))


def declared_tests(folder: Path, suite: str | None) -> int:
    """How many tests meson knows of in this build folder: all, or those of a suite."""
    listing = subprocess.run(
        ["meson", "introspect", "--tests", str(folder)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    suites = [test["suite"] for test in json.loads(listing.stdout)]
    return sum(suite is None or any(name.endswith(f":{suite}") for name in of) for of in suites)


def run_meson(
    name: str,
    configuration: Configuration,
    options: Sequence[str],
    suite: str | None = None,
    timeout_s: float = RUNNER_TIMEOUT_S,
    log: str = "testlog",
) -> list[Case]:
    """Build the C tests in one configuration and run them, or those of a suite.

    `log` is what meson calls the files that it writes.
    """
    say(f"C tests: {name}")
    try:
        folder = built(configuration)
    except BuildError as error:
        print(error, flush=True)
        return [failure(f"{name}: the build")]
    report = folder / "meson-logs" / f"{log}.junit.xml"
    report.unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs", *options]
    status = call([*launch_prefix(configuration), *command], timeout_s)
    return judge(name, report, status, expected=max(1, declared_tests(folder, suite)))


def run_configuration(configuration: Configuration) -> list[Case]:
    """All C tests in one configuration."""
    patience = ["--timeout-multiplier", str(TIMEOUT_MULTIPLIER)]
    return run_meson(configuration.name, configuration, patience)


def run_without_barriers(configuration: Configuration) -> list[Case]:
    """The same where the system refuses membarrier, so that every send passes a fence."""
    wrapper = configuration.folder / "tests" / "c" / "without_barriers"
    options = ["--timeout-multiplier", str(TIMEOUT_MULTIPLIER), "--wrapper", str(wrapper)]
    return run_meson("fences", configuration, options, log=f"testlog-{wrapper.name}")


def run_soak(configuration: Configuration) -> list[Case]:
    """Each stress test for its time, with seeds that weren't tried yet, then what it did."""
    options = ["--suite", STRESS, "--timeout-multiplier", "0", "--test-args", f"--soak {SOAK_S}"]
    name = f"soak {configuration.name}"
    cases = run_meson(name, configuration, options, STRESS, NIGHT_TIMEOUT_S)
    log = configuration.folder / "meson-logs" / "testlog.txt"
    if log.exists():
        print("\n".join(SOAK_SUMMARY.findall(log.read_text(errors="replace"))), flush=True)
    return cases


def run_mutants(name: str, options: Sequence[str | Path] = ()) -> list[Case]:
    """Apply each deliberate fault to a copy of the tree; its killers have to notice it."""
    say(f"Mutants: {name}")
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    runner = [sys.executable, "-m", "tests.mutants.run", "--jobs", str(MUTANT_JOBS)]
    return judge(name, report, call([*runner, "--report", report, *options], NIGHT_TIMEOUT_S))


def run_matrix(name: str) -> list[Case]:
    """The same with every killer on every mutant; which of them notice what lands in a table. One
    that was interrupted goes on where it was."""
    files = {"--matrix": "matrix.json", "--summary": "matrix.md", "--journal": "matrix.journal"}
    options = [word for option, file in files.items() for word in (option, REPORTS / file)]
    return run_mutants(name, ("--all-against-all", *options))
