"""Runs killers against a copy of the tree, and says what they found.

A fault counts as noticed only if a test reports that its own property doesn't hold: the explorer by
one of its reports, a C test by a failed check, pytest by a failed assertion. Whatever doesn't
compile, crashes, or isn't done in time proves nothing: any test would notice it. Where a C test
says that it is about waiting its watchdog is a check: that no thread waits forever.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tests.explorer.run import BuildError, Toolchain, build_explorer
from tests.mutants.c_tests import build_c_test, expect_build, judge_c_test
from tests.mutants.definitions import Killer
from tests.mutants.findings import Finding, Outcome
from tests.mutants.python_tests import try_python_tests
from tests.mutants.scenarios import build_scenario, judge_scenario
from tests.mutants.tree import Tree
from tests.support.process import TimedOutError, run

TIMEOUT_S = {"explorer": 120.0, "pytest": 60.0}
"""For each case of a scenario, and a run of pytest: some six times what the slowest takes."""

FIRST_EXECUTIONS = 20_000
"""Of each case of a scenario that isn't the mutant's own killer."""

C_TIME_S = 20
SHORT_C_TIME_S = 8
"""For a C test, and one that isn't the mutant's own; a stress test works for a quarter of it."""


def prepare(killers: Sequence[Killer]) -> None:
    """Builds what is the same for all of them: the explorer itself."""
    if any(killer.runner == "explorer" for killer in killers):
        build_explorer(Toolchain())


def try_killers(
    killers: Sequence[Killer],
    tree: Tree,
    unchanged: Mapping[Killer, str],
    whole: Collection[Killer],
) -> dict[Killer, Finding]:
    """Runs killers on the tree as it is now; `unchanged` are the digests of the unchanged tree.

    Those in `whole` search as far as they can. Of the others, a scenario ends after the first
    executions of each case, and a stress test sooner: to run all of them against all mutants has to
    end in a night.
    """
    findings = {
        killer: try_program(killer, tree, unchanged.get(killer), killer in whole)
        for killer in killers
        if killer.runner != "pytest"
    }
    nodes = [killer for killer in killers if killer.runner == "pytest"]
    if nodes:
        findings |= zip(nodes, try_python_tests(nodes, tree, TIMEOUT_S["pytest"]), strict=True)
    return findings


def try_program(killer: Killer, tree: Tree, unchanged: str | None, is_whole: bool) -> Finding:
    """Builds a killer's program and runs it, unless the unchanged tree has the same one."""
    begin = time.monotonic()
    digest = ""
    try:
        program = (build_c_test if killer.runner == "c" else build_scenario)(killer, tree)
        digest = digest_of(program, tree)
        if digest == unchanged:
            finding = Finding(Outcome.IDENTICAL, "the fault is not in the program")
        elif killer.runner == "c":
            finding = judge_c_test(program, C_TIME_S if is_whole else SHORT_C_TIME_S)
        else:
            options = () if is_whole else ("--executions", str(FIRST_EXECUTIONS))
            finding = judge_scenario(killer, program, options, TIMEOUT_S["explorer"])
    except BuildError as error:
        finding = Finding(Outcome.UNUSABLE, f"doesn't build: {error}")
    except TimedOutError as error:
        finding = Finding(Outcome.UNUSABLE, f"doesn't end: {error}")
    except UnicodeDecodeError as error:
        finding = Finding(Outcome.UNUSABLE, f"prints what is no text: {error}")
    return replace(finding, seconds=time.monotonic() - begin, program=digest)


def digest_of(program: Path, tree: Tree) -> str:
    """Stands for how a program runs: two with the same digest do the same, given the same input.

    It is taken of the linked program, so of all that runs of the tree and of the test. Left out are
    what no instruction reads (debug information, and the build's id, which depends on it) and the
    name of the copy's folder, which assertions contain and each job has its own.
    """
    stripped = tree.root / "stripped"
    removed = ["--strip-debug", "--remove-section=.note.gnu.build-id"]
    expect_build(run(["objcopy", *removed, program, stripped]))
    return hashlib.sha256(stripped.read_bytes().replace(bytes(tree.root), b"")).hexdigest()
