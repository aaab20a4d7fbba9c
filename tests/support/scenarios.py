"""Runs programs of tests/explorer for tests: each has to come to the verdict that it expects."""

from __future__ import annotations

import os
from pathlib import Path

from tests.explorer.run import TIMEOUT_S, Toolchain, build_program, find_sources, run_program

JOBS = os.cpu_count() or 1

SCENARIOS = [path for path in find_sources(["scenarios"]) if not path.stem.startswith("mutant_")]
"""Those named after mutants are run by the mutants' own test, with and without the fault."""


def name_of(path: Path) -> str:
    return path.stem


def failures(
    source: Path, toolchain: Toolchain, mutant: str = "", timeout_s: float = TIMEOUT_S
) -> list[str]:
    """The rows and texts of the cases that failed; `mutant` is a fault of the explorer itself."""
    program = build_program(toolchain, source)
    variables = {"EXPLORER_MUTANT": mutant}
    verdicts = run_program(program, environment=variables, timeout_s=timeout_s, jobs=JOBS)
    return [f"{each.row()}\n{each.text}" for each in verdicts if not each.passed]
