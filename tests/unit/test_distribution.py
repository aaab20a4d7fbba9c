"""Goal: the tool runs on the versions that a distribution ships, not only on the locked ones.

Method: the system's own Python with its own packages (on Debian 12: Jinja2 3.1.2,
ruamel.yaml 0.17, jsonschema 4.10) makes every golden schema's output and says what is wrong with a
bad schema of each stage; both are compared byte by byte.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.process import Result, run
from tests.support.tree import GENERATOR, TESTS

GOLDEN = TESTS / "golden"
BAD_SCHEMAS = TESTS / "bad_schemas"
SYSTEM_PYTHON = Path("/usr/bin/python3")
PACKAGES = "import jinja2, jsonschema, ruamel.yaml"


def has_packages() -> bool:
    """Whether there is such a Python; scripts/test installs what it lacks."""
    return SYSTEM_PYTHON.exists() and run([SYSTEM_PYTHON, "-c", PACKAGES]).status == 0


pytestmark = pytest.mark.skipif(not has_packages(), reason="the system's Python lacks the packages")


def corinth(*arguments: str | Path, cwd: Path | None = None) -> Result:
    """Run the tool of this tree by the system's Python."""
    return run(
        [SYSTEM_PYTHON, "-m", "corinth", *arguments],
        cwd=cwd,
        environment={"PYTHONPATH": str(GENERATOR)},
    )


@pytest.mark.parametrize("name", sorted(path.parent.name for path in GOLDEN.glob("*/*.yaml")))
def test_the_output_is_the_same(name: str) -> None:
    """`--check` against the golden files passes."""
    folder = GOLDEN / name
    result = corinth("generate", folder / f"{name}.yaml", "-o", folder, "--check")
    assert (result.status, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("rule", ["lane-capacity", "unknown-key", "duplicate-key", "yaml-syntax"])
def test_the_messages_are_the_same(rule: str) -> None:
    """A bad schema of each stage gets exactly the expected message."""
    result = corinth("validate", f"{rule}.yaml", cwd=BAD_SCHEMAS)
    expected = (BAD_SCHEMAS / f"{rule}.expected").read_text(encoding="utf-8")
    assert (result.status, result.stdout + result.stderr) == (1, expected)
