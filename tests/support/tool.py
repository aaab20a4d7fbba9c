"""The command line tool, run from the tree as a user would run it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.support.process import Result, run
from tests.support.tree import GENERATOR


def corinth(*arguments: str | Path, cwd: Path | None = None, stdin: str = "") -> Result:
    """Run `corinth` with these arguments in a process of its own."""
    inherited = os.environ.get("PYTHONPATH")
    path = str(GENERATOR) if not inherited else f"{GENERATOR}{os.pathsep}{inherited}"
    return run(
        [sys.executable, "-m", "corinth", *arguments],
        cwd=cwd,
        environment={"PYTHONPATH": path},
        stdin=stdin,
    )


def generate(schema: Path, folder: Path) -> list[Path]:
    """Generate from a schema that is right; returns the files of `folder`, sorted."""
    corinth("generate", schema, "-o", folder).expect_success()
    return sorted(path for path in folder.iterdir() if path.is_file())
