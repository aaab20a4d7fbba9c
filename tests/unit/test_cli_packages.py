"""Goal: a Python package that is missing or doesn't fit is named, with the way to get it.
Method: the tool run by a Python that sees only chosen packages of this environment, as links in a
folder, and for one that doesn't fit a file of its name.
"""

from __future__ import annotations

import re
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from corinth.packages import NEEDED
from tests.support.process import Result, run
from tests.support.tree import GENERATOR, ROOT

SCHEMA = "corinth: 1\nname: a\nworlds: {a: {role: standalone}}\n"
RUN = f"run: {sys.executable} -m pip install "


def corinth(packages: Path, *words: str) -> Result:
    """Without this environment's own packages."""
    return run(
        [sys.executable, "-S", "-m", "corinth", *words],
        cwd=packages.parent,
        environment={"PYTHONPATH": f"{GENERATOR}:{packages}"},
        timeout_s=60,
    )


def all_packages_but(missing: tuple[str, ...], folder: Path) -> Path:
    """A folder of links to the packages of this environment."""
    (folder / "a.yaml").write_text(SCHEMA, encoding="utf-8")
    packages = folder / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if path.name.split(".")[0] not in missing and "corinth" not in path.name:
            (packages / path.name).symlink_to(path)
    return packages


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("ruamel", "ruamel.yaml (Debian: apt install python3-ruamel.yaml)"),
        ("jsonschema", "jsonschema (Debian: apt install python3-jsonschema)"),
        ("jinja2", "jinja2 (Debian: apt install python3-jinja2)"),
        ("markupsafe", "markupsafe (Debian: apt install python3-markupsafe)"),
        ("attr", "attrs (Debian: apt install python3-attr)"),
        ("referencing", "referencing (Debian: apt install python3-referencing)"),
        ("rpds", "rpds-py (Debian: apt install python3-rpds-py)"),
    ],
)
def test_one_is_missing(module: str, names: str, tmp_path: Path) -> None:
    """One line, and exit code 3."""
    packages = all_packages_but((module,), tmp_path)
    result = corinth(packages, "generate", "a.yaml", "-o", "gen")
    said = f"the Python package {names.split()[0]} is missing; {RUN}{names}"
    assert (result.status, result.stderr) == (3, f"corinth: error: {said}\n")


def test_all_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    """A Python without packages; what needs none of them still works."""
    packages = all_packages_but(("ruamel", "jsonschema", "jinja2"), tmp_path)
    result = corinth(packages, "validate", "a.yaml")
    assert result.status == 3
    assert result.stderr == (
        "corinth: error: the Python packages ruamel.yaml, jsonschema and jinja2 are missing; "
        f"{RUN}ruamel.yaml jsonschema jinja2"
        " (Debian: apt install python3-ruamel.yaml python3-jsonschema python3-jinja2)\n"
    )
    assert corinth(packages, "--version").status == 0
    assert corinth(packages, "schema").status == 0
    assert corinth(packages, "generate").status == 2


def test_one_does_not_fit(tmp_path: Path) -> None:
    """A version that lacks what is imported."""
    packages = all_packages_but(("jsonschema",), tmp_path)
    (packages / "jsonschema.py").write_text("", encoding="utf-8")
    result = corinth(packages, "validate", "a.yaml")
    assert result.status == 3
    start = "corinth: error: the Python package jsonschema can't be used (cannot import name "
    assert result.stderr.startswith(start)
    assert f"; {RUN}jsonschema (Debian: " in result.stderr


def test_the_list_is_that_of_the_project() -> None:
    """What pyproject.toml names is what is looked for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split("[<>=]", dependency)[0] for dependency in project["dependencies"]}
    assert named == set(NEEDED)
