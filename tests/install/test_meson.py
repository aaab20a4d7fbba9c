"""Goal: Corinth works as a Meson subproject, and takes nothing from its parent.

Method: a parent project in a folder of its own, made of the example and of what the docs tell to
write, is built, tested and installed by the environment's Meson.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.process import Result, run
from tests.support.tool import generate
from tests.support.tree import ROOT

HELLO = ROOT / "examples" / "hello"
PAGE = ROOT / "docs" / "getting-started.md"
TARGET = "executable('hello', 'main.c', generated, dependencies: corinth)"
STRICT = "default_options: ['warning_level=3', 'werror=true']"
"""As a user's project may be: what Meson takes over from it must not warn either."""
ENDED = "boat 1893 has arrived"
TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Parent:
    """A project that has this tree as its subproject, and how Meson is called for it."""

    folder: Path
    python: Path = Path(sys.executable)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def build(self) -> Path:
        return self.folder / "build"

    def meson(self, *arguments: str | Path) -> Result:
        path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
        return run(
            [self.python, TOOLS / "meson", *arguments],
            cwd=self.folder,
            environment={"PATH": path, **self.environment},
        )


def documented_project() -> str:
    """The meson.build of the docs, made strict, and with its program tested and installed."""
    block, _ = re.findall(r"^```meson\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    for given, becomes in (
        ("project('hello', 'c')", f"project('hello', 'c', {STRICT})"),
        (TARGET, f"program = {TARGET[:-1]}, install: true)\ntest('mine', program)"),
    ):
        assert block.count(given) == 1
        block = block.replace(given, becomes)
    return str(block)


def write_parent(folder: Path, project: str) -> None:
    (folder / "meson.build").write_text(project, encoding="utf-8")
    for name in ("hello.yaml", "main.c"):
        shutil.copy(HELLO / name, folder)
    (folder / "subprojects").mkdir()
    (folder / "subprojects" / "corinth").symlink_to(ROOT)


def without_packages(folder: Path) -> tuple[Path, Mapping[str, str]]:
    """A Python that can run Meson and has none of the tool's packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "bare"], check=True)
    only_meson = folder / "only_meson"
    only_meson.mkdir()
    spec = importlib.util.find_spec("mesonbuild")
    assert spec is not None
    assert spec.origin is not None
    (only_meson / "mesonbuild").symlink_to(Path(spec.origin).parent)
    return folder / "bare" / "bin" / "python", {"PYTHONPATH": str(only_meson)}


def test_a_parent_generates_builds_tests_and_installs(tmp_path: Path) -> None:
    """Goal: the parent's own program is all that is tested and installed, and it runs."""
    write_parent(tmp_path, documented_project())
    parent = Parent(tmp_path)
    parent.meson("setup", parent.build).expect_success()
    listed = parent.meson("test", "-C", parent.build, "--list").expect_success()
    assert [line for line in listed.stdout.splitlines() if "mine" in line] == ["hello:mine"]
    assert not re.search(r"^corinth:", listed.stdout, re.MULTILINE)
    parent.meson("test", "-C", parent.build).expect_success()
    installed = tmp_path / "installed"
    parent.meson("install", "-C", parent.build, "--destdir", installed).expect_success()
    files = [path for path in installed.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["hello"]
    assert ENDED in run(files, timeout_s=60.0).expect_success().stdout
    again = parent.meson("compile", "-C", parent.build).expect_success()
    assert "no work to do" in again.stdout


def test_committed_headers_need_no_package(tmp_path: Path) -> None:
    """Goal: who commits headers needs no package of Python. Method: a Python that has none."""
    project = (
        f"project('hello', 'c', {STRICT})",
        "subproject('corinth')",
        "executable('hello', 'main.c', dependencies: dependency('corinth'))",
    )
    write_parent(tmp_path, "\n".join((*project, "")))
    generate(HELLO / "hello.yaml", tmp_path)
    parent = Parent(tmp_path, *without_packages(tmp_path))
    said = parent.meson("setup", parent.build).expect_success().stdout
    assert "find_program('corinth') is left to the PATH" in said
    assert "jinja2, jsonschema, ruamel.yaml" in said
    parent.meson("compile", "-C", parent.build).expect_success()
    assert ENDED in run([parent.build / "hello"], timeout_s=60.0).expect_success().stdout


def test_what_its_own_tests_need_is_named(tmp_path: Path) -> None:
    """Goal: a build of this tree says which packages it lacks. Method: a Python without them."""
    parent = Parent(tmp_path, *without_packages(tmp_path))
    failed = parent.meson("setup", parent.build, ROOT)
    assert failed.status == 1
    assert "ERROR: Problem encountered: the tests and examples generate headers" in failed.stdout
    assert "-Dtests=disabled" in failed.stdout
    enough = ["-Dtests=disabled", "-Dexamples=disabled"]
    parent.meson("setup", "--wipe", *enough, parent.build, ROOT).expect_success()
