"""Runs the tests and counts them; scripts/test calls it once everything is set up.

usage: scripts/test [PART ...]

Without a part, everything runs. A part is a folder of Python tests under tests/ (unit, golden,
style, ...), `python` for all of those, `c` for the C tests in all configurations, or one
configuration: gcc, clang, asan, tsan. The last line counts what ran.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import kill_group
from tests.support.reports import Case, count, failure, judge, slowest
from tests.support.tree import BUILD, ROOT, TESTS

REPORTS = BUILD / "reports"
SLOWEST_SHOWN = 10
TIMEOUT_MULTIPLIER = 3
"""A test's time-out is for a quiet machine without sanitizers."""

RUNNER_TIMEOUT_S = 30 * 60
"""No runner takes this long; one that does is stuck."""
TIMED_OUT = 124

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


@dataclass(frozen=True)
class Configuration:
    """One way to build and run the C tests."""

    name: str
    compiler: str
    options: tuple[str, ...] = ()


CONFIGURATIONS = (
    Configuration("gcc", "gcc"),
    Configuration("clang", "clang"),
    Configuration("asan", "gcc", ("-Db_sanitize=address,undefined",)),
    Configuration("tsan", "clang", ("-Db_sanitize=thread", "-Db_lundef=false")),
)


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def environment() -> dict[str, str]:
    """The environment of every runner: the virtual environment's programs come first."""
    tools = str(Path(sys.executable).parent)
    return {**os.environ, **SANITIZER_OPTIONS, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


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
    """The folders under tests/ that pytest collects."""
    return sorted({path.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")})


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


def thread_sanitizer_prefix(folder: Path) -> list[str]:
    """How to start programs under the thread sanitizer on this machine.

    Older sanitizers can't place their shadow memory where the kernel randomises addresses widely;
    there, programs run without randomisation.
    """
    probe = folder / "probe"
    command = ["clang", "-x", "c", "-fsanitize=thread", "-o", str(probe), "-"]
    subprocess.run(command, input="int main(void) { return 0; }\n", text=True, check=True)
    started = subprocess.run([probe], capture_output=True)
    return [] if started.returncode == 0 else ["setarch", "-R"]


def call_quietly(command: Sequence[str], variables: dict[str, str]) -> int:
    """Run a command whose output matters only when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode


def configure(configuration: Configuration, folder: Path) -> int:
    """Set up a build folder, or bring it up to date; one that meson can't take up is made anew."""
    command = ["meson", "setup", "--buildtype=debugoptimized", *configuration.options, str(folder)]
    variables = {**environment(), "CC": configuration.compiler}
    if (folder / "meson-private" / "coredata.dat").exists():
        if call_quietly([*command, "--reconfigure"], variables) == 0:
            return 0
        command.append("--wipe")
    return call_quietly(command, variables)


def build(folder: Path) -> int:
    return call_quietly(["meson", "compile", "-C", str(folder)], environment())


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
    say(f"C tests: {configuration.name}")
    folder = BUILD / configuration.name
    if configure(configuration, folder) != 0 or build(folder) != 0:
        return [failure(f"{configuration.name}: the build")]
    report = folder / "meson-logs" / "testlog.junit.xml"
    report.unlink(missing_ok=True)
    prefix = thread_sanitizer_prefix(folder) if configuration.name == "tsan" else []
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs"]
    status = call([*prefix, *command, "--timeout-multiplier", str(TIMEOUT_MULTIPLIER)])
    return judge(configuration.name, report, status, expected=max(1, declared_tests(folder)))


def select(arguments: list[str]) -> tuple[list[str], list[Configuration]]:
    """The folders of Python tests and the configurations of C tests that were asked for."""
    parts = python_parts()
    wanted = set(arguments or ["python", "c"])
    folders = [part for part in parts if {part, "python"} & wanted]
    configurations = [each for each in CONFIGURATIONS if {each.name, "c"} & wanted]
    unknown = wanted - {"python", "c", *parts, *(each.name for each in CONFIGURATIONS)}
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
