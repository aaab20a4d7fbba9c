"""Killers that are C tests: `c TEST`, a file of tests/c."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.explorer.run import LINK_USED, SECTIONS, BuildError
from tests.mutants.definitions import DefinitionError, Killer
from tests.mutants.findings import Finding, Outcome
from tests.mutants.tree import Tree
from tests.support.process import Result, run

CHECK_FAILED = re.compile(r"^\S+:\d+: check failed: (.*)$", re.MULTILINE)
FLAGS = ("-std=c11", "-O1", "-pthread", "-DNDEBUG", *SECTIONS)
"""Without assertions: the test has to notice, not the code under test."""

TIME_VARIABLE = "CORINTH_TEST_TIME_S"
"""Says how long a test has before its watchdog takes it for a hang; check.h reads it."""

DYING_S = 10.0
"""After that time a test that doesn't end is stuck, its watchdog too."""


def build_c_test(killer: Killer, tree: Tree) -> Path:
    """The test with the runtime of this tree, and what it generates of the test's schema."""
    (name,) = killer.arguments
    tests = tree.root / "tests" / "c"
    source = tests / f"{name}.c"
    if not source.is_file():
        raise DefinitionError(f"no such test: {source.relative_to(tree.root)}")
    schema = schema_of(name, tests)
    folders = [tree.root / "runtime" / "include"]
    if schema is not None:
        folders.append(generated(schema, tree))
    test = compile_c(tree, source, folders)
    program = tree.made / name
    expect_build(run(["gcc", "-pthread", LINK_USED, test, *runtime(tree), "-o", program]))
    return program


def schema_of(name: str, tests: Path) -> Path | None:
    """The schema whose headers a test includes, as tests/c/meson.build has it."""
    listed = (tests / "meson.build").read_text(encoding="utf-8")
    entry = re.search(rf"'{name}': \{{([^}}]*)\}}", listed)
    if entry is None:
        raise DefinitionError(f"tests/c/meson.build has no {name}")
    schema = re.search(r"'schema': '(\w+)'", entry.group(1))
    return None if schema is None else tests / "schemas" / f"{schema.group(1)}.yaml"


def generated(schema: Path, tree: Tree) -> Path:
    """The folder of a schema's headers; several tests share it."""
    folder = tree.generated / "c" / schema.stem
    if not folder.is_dir():
        command = [sys.executable, "-m", "corinth", "generate", str(schema), "-o", str(folder)]
        done = run(command, environment=tree.environment())
        if done.status != 0:
            shutil.rmtree(folder, ignore_errors=True)
        expect_build(done)
    return folder


def runtime(tree: Tree) -> list[Path]:
    """The runtime's objects; all tests share them."""
    include = tree.root / "runtime" / "include"
    sources = sorted((tree.root / "runtime" / "src").glob("*.c"))
    return [compile_c(tree, source, [include]) for source in sources]


def compile_c(tree: Tree, source: Path, include: Sequence[Path]) -> Path:
    """The object of a source, made once for a tree."""
    target = tree.made / f"{source.stem}.o"
    if not target.is_file():
        tree.made.mkdir(exist_ok=True)
        folders = [f"-I{folder}" for folder in include]
        command = [*tree.launcher, "gcc", *FLAGS]
        expect_build(run([*command, *folders, "-c", source, "-o", target]))
    return target


def expect_build(done: Result) -> None:
    if done.status != 0:
        raise BuildError(done.describe())


def judge_c_test(program: Path, time_s: int) -> Finding:
    """Whether a check fails; in tests about waiting the watchdog makes one."""
    environment = {TIME_VARIABLE: str(time_s)}
    done = run([program], environment=environment, timeout_s=time_s + DYING_S)
    check = CHECK_FAILED.search(done.stderr)
    if check is not None:
        return Finding(Outcome.VIOLATED, check.group(1))
    if done.status != 0:
        return Finding(Outcome.UNUSABLE, done.describe())
    return Finding(Outcome.HELD, "")
