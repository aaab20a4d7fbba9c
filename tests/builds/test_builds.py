"""Goal: a build runs the generator when it has to, and rests when nothing changed.
Goal: a header that is gone is made again. Method: the program of examples/hello is built by make,
ninja, CMake (with both of its generators) and Meson, by the recipes of docs/getting-started.md
where it has one. Scripts in the place of corinth and the compiler count their runs, while the
schema and its include are edited and removed, and headers removed.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from corinth.render import output_names
from tests.support.process import run
from tests.support.schemas import examine
from tests.support.tree import GENERATOR, INCLUDE, ROOT

PAGE = ROOT / "docs" / "getting-started.md"
TIMEOUT_S = 120
WORLDS = "worlds: {gulf: {routing: {default_target: sea}}, sea: {}}\n"
SCHEMA = f"corinth: 1\nname: hello\ninclude: [parts/boat.yaml]\n{WORLDS}"
PART = "components: {Boat: {fields: {length_m: f32, crew: u16}}}\n"
FLAGS = f"-O0 -Igen -I{INCLUDE}"
NINJA = f"""rule corinth
  command = corinth generate $in -o gen --depfile $out.d --stamp $out
  depfile = $out.d
  restat = 1
rule cc
  command = cc {FLAGS} -MD -MF $out.d -c $in -o $out
  depfile = $out.d
build hello.stamp | $headers: corinth hello.yaml
build main.o: cc main.c | gen/hello.h
"""
SCRIPTS = Path(sys.executable).parent
"""Where the checkout's own ninja and meson are."""


@dataclass(frozen=True)
class Project:
    """A folder with the program and what counts the runs of the tools."""

    folder: Path

    def run(self, *command: str) -> tuple[int, int]:
        """Run a command, which succeeds; returns how often generator and compiler ran in it."""
        (self.folder / "log").write_text("", encoding="utf-8")
        path = f"{self.folder / 'bin'}{os.pathsep}{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "PYTHONPATH": str(GENERATOR), "CC": "cc"}
        done = run(command, cwd=self.folder, environment=environment, timeout_s=TIMEOUT_S)
        done.expect_success()
        ran = (self.folder / "log").read_text(encoding="utf-8").split()
        return ran.count("corinth"), ran.count("cc")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def count(self, name: str, command: str, words: str) -> None:
        """A script that stands for a tool, and counts those of its runs that have these words."""
        noted = f'case "$*" in {words}) echo {name} >>{self.folder}/log;; esac'
        self.write(f"bin/{name}", f'#!/bin/sh\n{noted}\nexec {command} "$@"\n')
        (self.folder / "bin" / name).chmod(0o755)


def recipes(language: str) -> list[str]:
    """The code blocks of the docs in this language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def recipe(language: str) -> str:
    """The only one in this language."""
    (block,) = recipes(language)
    return block


def with_make(project: Project) -> tuple[str, ...]:
    project.write("Makefile", recipe("make"))
    return ("make", "-j4")


def with_ninja(project: Project) -> tuple[str, ...]:
    model = examine(f"corinth: 1\nname: hello\n{WORLDS}").valid().model
    headers = " ".join(f"gen/{name}" for name in output_names(model))
    project.write("build.ninja", NINJA.replace("$headers", headers))
    return ("ninja",)


def with_meson(project: Project) -> tuple[str, ...]:
    """The form without a subproject: its lines stand in place of the second one."""
    whole, installed = recipes("meson")
    first, _, *others = whole.splitlines()
    project.write("meson.build", "\n".join([first, installed, *others, ""]))
    project.run("meson", "setup", "build")
    return ("ninja", "-C", "build")


def with_cmake_makefiles(project: Project) -> tuple[str, ...]:
    return with_cmake(project, "Unix Makefiles")


def with_cmake_ninja(project: Project) -> tuple[str, ...]:
    return with_cmake(project, "Ninja")


def with_cmake(project: Project, generator: str) -> tuple[str, ...]:
    project.write("CMakeLists.txt", recipe("cmake"))
    project.run("cmake", "-S", ".", "-B", "build", "-G", generator)
    return ("cmake", "--build", "build", "-j4")


@pytest.mark.parametrize(
    "prepare", [with_make, with_ninja, with_meson, with_cmake_makefiles, with_cmake_ninja]
)
def test_builds_rest(prepare: Callable[[Project], tuple[str, ...]], tmp_path: Path) -> None:
    """Each change runs the generator once, and the compiler if a header changed; then all rests."""
    project = Project(tmp_path)
    compiler = shutil.which("cc")
    assert compiler is not None
    project.count("corinth", f"{sys.executable} -m corinth", "*--depfile*|*--stamp*")
    project.count("cc", compiler, "*-c*main.c*")
    project.write("main.c", (ROOT / "examples/hello/main.c").read_text(encoding="utf-8"))
    project.write("hello.yaml", SCHEMA)
    project.write("parts/boat.yaml", PART)
    command = prepare(project)
    assert project.run(*command) == (1, 1)
    assert project.run(*command) == (0, 0)

    project.write("hello.yaml", f"{SCHEMA}# a comment\n")
    assert project.run(*command) == (1, 0)
    assert project.run(*command) == (0, 0)

    project.write("parts/boat.yaml", PART.replace("u16", "u32"))
    assert project.run(*command) == (1, 1)
    assert project.run(*command) == (0, 0)

    project.write("hello.yaml", f"corinth: 1\nname: hello\n{PART}{WORLDS}")
    (tmp_path / "parts" / "boat.yaml").unlink()
    assert project.run(*command) == (1, 1)
    assert project.run(*command) == (0, 0)

    for removed in ("hello.h", "hello_lanes.h", "hello_sea.h"):
        (header,) = tmp_path.rglob(removed)
        header.unlink()
        _, compiled = project.run(*command)
        assert header.exists()
        assert compiled == 1
        assert project.run(*command) == (0, 0)


def test_make_rests_without_a_stamp_too(tmp_path: Path) -> None:
    """The first Makefile that anyone writes names a header as the target, and has no stamp."""
    project = Project(tmp_path)
    project.count("corinth", f"{sys.executable} -m corinth", "*--depfile*")
    project.write("hello.yaml", f"corinth: 1\nname: hello\n{PART}{WORLDS}")
    project.write(
        "Makefile",
        "gen/hello.h: hello.yaml\n\tcorinth generate hello.yaml -o gen --depfile hello.d\n"
        "-include hello.d\n",
    )
    assert project.run("make") == (1, 0)
    assert project.run("make") == (0, 0)
    long_ago = time.time() - 60
    project.write("hello.yaml", f"# a comment\ncorinth: 1\nname: hello\n{PART}{WORLDS}")
    old = (tmp_path / "gen" / "hello.h").read_bytes()
    for path in (tmp_path / "gen").iterdir():
        os.utime(path, (long_ago, long_ago))
    assert project.run("make") == (1, 0)
    assert project.run("make") == (0, 0)
    assert (tmp_path / "gen" / "hello.h").read_bytes() == old
