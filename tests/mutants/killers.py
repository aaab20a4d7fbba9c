"""Runs a killer against a copy of the tree, and says what it found.

A fault counts as noticed only if a test reports that its own property doesn't hold: the explorer by
one of its reports, a C test by a failed check, pytest by a failed assertion. Whatever doesn't
compile, crashes, or isn't done in time proves nothing: any test would notice it.
"""

from __future__ import annotations

import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from tests.explorer.run import (
    BuildError,
    Toolchain,
    build_explorer,
    build_program,
    find_sources,
    run_program,
)
from tests.mutants.definitions import DefinitionError, Killer, Mutant, changed
from tests.support.process import Result, TimedOutError, run
from tests.support.tree import ROOT

COPIED = ("generator", "runtime", "schemas", "templates", "tests", "pyproject.toml")
LEFT_OUT = ("__pycache__", ".*_cache", ".hypothesis", "bench", "litmus")
TIMEOUT_S = 60.0

EXPLORER_REPORTS = frozenset(
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
CHECK_FAILED = re.compile(r"^\S+:\d+: check failed: (.*)$", re.MULTILINE)
ASSERTION_FAILED = ("assert ", "AssertionError", "Failed: DID NOT RAISE")
"""How pytest's message begins when a test's own claim failed."""

C_FLAGS = ("-std=c11", "-O1", "-pthread", "-DNDEBUG")
"""Without assertions: the test has to notice, not the code under test."""


class Outcome(Enum):
    HELD = "passed"
    VIOLATED = "failed"
    """The property that the killer tests doesn't hold."""
    UNUSABLE = "unusable"
    """It didn't compile, crashed or hung: nothing was found out."""


@dataclass(frozen=True)
class Finding:
    outcome: Outcome
    text: str


class Tree:
    """A copy of what is tested, with at most one mutant in it at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source, root / name, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True
                )
            else:
                shutil.copy2(source, root / name)

    def apply(self, mutant: Mutant) -> None:
        (self.root / mutant.file).write_text(changed(mutant), encoding="utf-8")

    def restore(self, mutant: Mutant) -> None:
        shutil.copyfile(ROOT / mutant.file, self.root / mutant.file)


def prepare(killers: Sequence[Killer]) -> None:
    """Builds what is the same for all of them: the explorer itself."""
    if any(killer.runner == "explorer" for killer in killers):
        build_explorer(Toolchain())


def try_killer(killer: Killer, tree: Tree) -> Finding:
    """Runs a killer on the tree as it is now."""
    runners = {"explorer": try_explorer, "c": try_c, "pytest": try_pytest}
    try:
        return runners[killer.runner](killer, tree)
    except BuildError as error:
        return Finding(Outcome.UNUSABLE, f"doesn't build: {error}")
    except TimedOutError as error:
        return Finding(Outcome.UNUSABLE, f"doesn't end: {error}")


def try_explorer(killer: Killer, tree: Tree) -> Finding:
    name, *options = killer.arguments
    toolchain = replace(Toolchain(), runtime=tree.root / "runtime")
    (source,) = find_sources([name])
    program = build_program(toolchain, source)
    verdicts = run_program(program, options, timeout_s=TIMEOUT_S)
    failed = [each for each in verdicts if not each.passed]
    for each in failed:
        if each.report in EXPLORER_REPORTS:
            if not is_replayed(program, each.text):
                return Finding(Outcome.UNUSABLE, f"the replay differs from\n{each.text}")
            return Finding(Outcome.VIOLATED, f"{each.report}, {violation(each.text, each.report)}")
    if failed:
        return Finding(Outcome.UNUSABLE, f"{failed[0].report}\n{failed[0].text}")
    return Finding(Outcome.HELD, f"{sum(each.executions for each in verdicts)} executions")


def is_replayed(program: Path, text: str) -> bool:
    """Whether the choices that were printed lead another process through the same trace."""
    choices = CHOICES.search(text)
    if choices is None:
        return True
    variant = ["--case", choices[2]] if choices[2] else []
    replayed = run([program, *variant, "--replay", choices[1]], timeout_s=TIMEOUT_S)
    trace = trace_of(text)
    return trace != [] and trace_of(replayed.stdout) == trace


def trace_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if TRACE_LINE.match(line)]


def violation(text: str, report: str) -> str:
    """The line in which the explorer says what is wrong."""
    lines = [line for line in text.splitlines() if line.startswith(f"{report}: ")]
    return lines[-1].removeprefix(f"{report}: ") if lines else "no line says more"


def try_c(killer: Killer, tree: Tree) -> Finding:
    (name,) = killer.arguments
    program = build_c(name, tree)
    done = run([program], timeout_s=TIMEOUT_S)
    check = CHECK_FAILED.search(done.stderr)
    if check is not None:
        return Finding(Outcome.VIOLATED, check.group(1))
    if done.status != 0:
        return Finding(Outcome.UNUSABLE, done.describe())
    return Finding(Outcome.HELD, "")


def build_c(name: str, tree: Tree) -> Path:
    """A test of tests/c with the runtime of this tree, and what it generates of the schema."""
    folder = tree.root / "c" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tests = tree.root / "tests" / "c"
    source = tests / f"{name}.c"
    if not source.is_file():
        raise DefinitionError(f"no such test: {source.relative_to(tree.root)}")
    schema = schema_of(name, tests)
    if schema is not None:
        command = [sys.executable, "-m", "corinth", "generate", str(schema), "-o", str(folder)]
        expect_build(run(command, environment=environment(tree), timeout_s=TIMEOUT_S))
    program = folder / name
    includes = [f"-I{tree.root / 'runtime' / 'include'}", f"-I{folder}"]
    runtime = sorted((tree.root / "runtime" / "src").glob("*.c"))
    expect_build(run(["gcc", *C_FLAGS, *includes, source, *runtime, "-o", program]))
    return program


def schema_of(name: str, tests: Path) -> Path | None:
    """The schema whose headers a test includes, as tests/c/meson.build has it."""
    listed = (tests / "meson.build").read_text(encoding="utf-8")
    entry = re.search(rf"'{name}': \{{([^}}]*)\}}", listed)
    if entry is None:
        raise DefinitionError(f"tests/c/meson.build has no {name}")
    schema = re.search(r"'schema': '(\w+)'", entry.group(1))
    return None if schema is None else tests / "schemas" / f"{schema.group(1)}.yaml"


def expect_build(done: Result) -> None:
    if done.status != 0:
        raise BuildError(done.describe())


def environment(tree: Tree) -> dict[str, str]:
    """Python of the copy, and nothing remembered of it: a change may come within a second."""
    return {"PYTHONPATH": str(tree.root / "generator"), "PYTHONDONTWRITEBYTECODE": "1"}


def try_pytest(killer: Killer, tree: Tree) -> Finding:
    report = tree.root / "pytest.xml"
    report.unlink(missing_ok=True)
    options = ["-q", "-x", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command: list[str | Path] = [sys.executable, "-m", "pytest", *options, *killer.arguments]
    done = run(command, cwd=tree.root, environment=environment(tree), timeout_s=TIMEOUT_S)
    if not report.is_file():
        return Finding(Outcome.UNUSABLE, done.describe())
    root = ElementTree.parse(report).getroot()
    messages = [each.get("message") or "" for each in root.iter("failure")]
    for message in messages:
        if message.startswith(ASSERTION_FAILED):
            return Finding(Outcome.VIOLATED, message.splitlines()[0])
    passed = done.status == 0 and next(root.iter("testcase"), None) is not None
    return Finding(Outcome.HELD, "") if passed else Finding(Outcome.UNUSABLE, done.describe())
