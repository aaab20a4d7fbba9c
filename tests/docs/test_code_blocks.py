"""Goal: every code block of README and docs works as it stands there. Method: a comment before each
says what it is (see blocks.py), and by that it is written to a file, validated, compiled by gcc and
clang, run, or compared with what was printed. A block without such a comment fails.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from corinth.render import render
from tests.docs.blocks import Block, read_blocks
from tests.support.compilers import COMPILERS, GCC, WARNINGS, Compiler, command_for
from tests.support.process import Result, run
from tests.support.schemas import examine
from tests.support.tree import GENERATOR, ROOT, SOURCE, TESTS

HERE = TESTS / "docs"
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "examples/hello/README.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
GENERATED_PAGES = ("docs/messages.md",)
"""Made as a whole from the rules and their tests; tests/unit/test_docs.py compares it."""

VERBS = ("file", "lines", "run", "prints", "part", "checkout", "tested", "none", "copy")
NO_CODE = ("", "text", "mermaid", "json")
"""The languages of a block that is no code."""

PART_LANGUAGES = {"c": ".c", "cpp": ".cc"}
STANDARDS = {".c": ("c11", "c2x"), ".cc": ("c++17", "c++2b")}
INSTALLERS = ("git", "pip", "pipx", "python3", "pip-compile", "cd", ".", "apt", "sudo")
"""Programs that a `checkout` block may call besides the checkout's own."""

TIMEOUT_S = 30.0
LATE_RUNS = 10
LATE_TIMEOUT_S = 10.0


Followed = Callable[[str, Compiler], "Session"]


def blocks_of(page: str) -> list[Block]:
    return read_blocks(page, (ROOT / page).read_text(encoding="utf-8"))


BLOCKS = [block for page in PAGES if page not in GENERATED_PAGES for block in blocks_of(page)]
PARTS = [block for block in BLOCKS if block.verb == "part"]
SESSIONS = [
    page for page in PAGES if any(b.page == page and b.verb in ("file", "run") for b in BLOCKS)
]


def harness_of(part: Block) -> Path:
    """The program that a part belongs to."""
    return HERE / f"{Path(part.page).stem}{PART_LANGUAGES[part.language]}"


HARNESSES = sorted({harness_of(part) for part in PARTS if part.language in PART_LANGUAGES})


def check_context(block: Block) -> None:
    """Demand that a block says what it is, in the words of blocks.py."""
    assert block.context, f"{block.place}: a comment must say what this block is; see blocks.py"
    assert block.verb in VERBS, f"{block.place}: unknown word `{block.verb}`"
    if block.verb == "none":
        assert block.language in NO_CODE, f"{block.place}: {block.language} is code"
    if block.verb == "tested":
        test = ROOT / block.rest.removeprefix("by ")
        assert Path(block.page).name in test.read_text(encoding="utf-8"), block.place
    if block.verb == "part":
        assert block.language in PART_LANGUAGES, f"{block.place}: a part is c or cpp"
    if block.verb == "checkout":
        for command in _commands(block.text):
            check_command(block, command)


def _commands(text: str) -> list[str]:
    """Commands, a line each, without comments; continued lines are joined."""
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [line.partition(" #")[0].strip() for line in lines if line.strip()]


def check_command(block: Block, command: str) -> None:
    """Demand that what a command calls is there: a script or a module of the checkout."""
    words = [word for word in command.split() if not re.match(r"\w+=", word)]
    program = words[0].removeprefix(".venv/bin/")
    if program in ("python", "python3") and "-m" in words:
        module = words[words.index("-m") + 1].replace(".", "/")
        known = [ROOT / f"{module}.py", GENERATOR / module / "__main__.py"]
        assert module == "venv" or any(path.exists() for path in known), f"{block.place}: {command}"
    elif "/" in program:
        assert os.access(ROOT / program, os.X_OK), f"{block.place}: there is no {program}"
    else:
        assert program in INSTALLERS, f"{block.place}: `{program}` isn't of the checkout"


@dataclass
class Session:
    """A reader who follows a page in an empty folder, with one compiler."""

    folder: Path
    tools: Path
    """Holds `corinth`, of this tree, `cc` and `c++`."""
    last: Result | None = None

    @staticmethod
    def begin(folder: Path, compiler: Compiler) -> Session:
        tools = folder / "tools"
        session = Session(folder / "work", tools)
        session.folder.mkdir(parents=True)
        tools.mkdir()
        tool = f'PYTHONPATH="{GENERATOR}" exec "{sys.executable}" -m corinth'
        cc, cxx = (
            " ".join(["exec", driver, *WARNINGS, "$EXTRA"])
            for driver in (compiler.c_driver, compiler.cxx_driver)
        )
        for name, command in (("corinth", tool), ("cc", cc), ("c++", cxx)):
            path = tools / name
            path.write_text(f'#!/bin/sh\n{command} "$@"\n', encoding="utf-8")
            path.chmod(0o755)
        return session

    def shell(self, text: str, extra: str = "", timeout_s: float = TIMEOUT_S) -> Result:
        """Run commands until one fails; `extra` is options for the compiler."""
        path = f"{self.tools}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "EXTRA": extra}
        command = ["sh", "-e", "-c", text]
        return run(command, cwd=self.folder, environment=environment, timeout_s=timeout_s)

    def follow(self, block: Block) -> None:
        """Do what the page says here."""
        steps: dict[str, Callable[[Block], None]] = {
            "file": self._file,
            "lines": self._lines,
            "copy": self._copy,
            "run": self._run,
            "prints": self._prints,
        }
        if block.verb in steps:
            steps[block.verb](block)

    def _file(self, block: Block) -> None:
        name, _, base = block.rest.partition(" after ")
        text = (self.folder / base).read_text(encoding="utf-8") if base else ""
        path = self.folder / name
        path.write_text(text + block.text, encoding="utf-8")
        if path.suffix == ".yaml":
            result = self.shell(f"corinth validate {name}")
            assert result.status == 0, f"{block.place}: {result.describe()}"

    def _lines(self, block: Block) -> None:
        names, _, words = block.rest.partition(" at ")
        name, _, base = names.partition(" from ")
        lines = (self.folder / base).read_text(encoding="utf-8").splitlines()
        for word, line in zip(words.split(), block.text.splitlines(), strict=True):
            found = [number for number, old in enumerate(lines) if word in old]
            assert len(found) == 1, f"{block.place}: {word} is in {len(found)} lines of {base}"
            at = found[0]
            indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at] = indentation + line
        (self.folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")

    def _copy(self, block: Block) -> None:
        source = ROOT / block.rest
        shutil.copy(source, self.folder / source.name)

    def _run(self, block: Block) -> None:
        self.last = self.shell(block.text)
        assert self.last.status == 0, f"{block.place}: {self.last.describe()}"

    def _prints(self, block: Block) -> None:
        if block.rest:
            self.last = self.shell(block.rest.removeprefix("after "))
        assert self.last is not None, f"{block.place}: nothing was run before"
        assert self.last.stdout + self.last.stderr == block.text, f"{block.place}: prints"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """The reader who has followed a page to its end with a compiler; each page only once."""

    @functools.cache
    def follow(page: str, compiler: Compiler) -> Session:
        session = Session.begin(tmp_path_factory.mktemp("page"), compiler)
        for block in blocks_of(page):
            session.follow(block)
        return session

    return follow


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_each_block_says_what_it_is(block: Block) -> None:
    """Goal: no block escapes. Method: the words of its comment are known and fit its language."""
    check_context(block)


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
@pytest.mark.parametrize("page", SESSIONS)
def test_a_page_can_be_followed(page: str, compiler: Compiler, followed: Followed) -> None:
    """Goal: files, commands and outputs fit each other. Method: follow the page as a reader."""
    followed(page, compiler)


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
@pytest.mark.parametrize("harness", HARNESSES, ids=lambda path: path.name)
def test_parts_make_a_program(harness: Path, compiler: Compiler, tmp_path: Path) -> None:
    """Goal: excerpts compile and do what their comments say. Method: a program that includes each
    part of its page, in the oldest and the newest standard; it runs and checks what came of it."""
    parts = [part for part in PARTS if harness_of(part) == harness]
    includes = re.findall(r'^ *#include "(\S+)\.inc"$', harness.read_text(), re.MULTILINE)
    assert sorted(includes) == sorted(part.rest for part in parts)
    for part in parts:
        (tmp_path / f"{part.rest}.inc").write_text(part.text, encoding="utf-8")
    ends = (TESTS / "c" / "schemas" / "ends.yaml").read_text(encoding="utf-8")
    for name, text in render(examine(ends).valid()).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    folders = [tmp_path, TESTS / "golden" / "server", ROOT / "examples" / "hello" / "gen"]
    runtime = []
    for source in sorted(SOURCE.glob("*.c")):
        runtime.append(tmp_path / f"{source.stem}.o")
        command = command_for(compiler, "c11", [])
        run([*command, "-c", source, "-o", runtime[-1]]).expect_success()
    for standard in STANDARDS[harness.suffix]:
        program = tmp_path / standard
        command = command_for(compiler, standard, folders, ["-g", "-pthread"])
        run([*command, harness, *runtime, "-o", program]).expect_success()
        run([program], timeout_s=TIMEOUT_S).expect_success()


@pytest.mark.parametrize("page", ["README.md", "docs/getting-started.md"])
def test_a_sleeping_receiver_is_woken(page: str, followed: Followed) -> None:
    """Goal: the first program never hangs. Method: build the page's program such that each further
    thread begins only once the main thread sleeps, as it does when it waits; run it many times."""
    session = followed(page, GCC)
    late = f"{HERE / 'late_threads.c'} -Wl,--wrap=pthread_create"
    (build,) = [
        b.text for b in BLOCKS if b.page == page and b.verb == "run" and "./hello" in b.text
    ]
    for command in (build, *["./hello"] * LATE_RUNS):
        session.shell(command, late, LATE_TIMEOUT_S).expect_success()


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
def test_the_first_program_in_cpp(compiler: Compiler, followed: Followed) -> None:
    """Goal: README's lines of C++ do what those of C do. Method: run the program with them."""
    printed = followed("README.md", compiler).shell("./hello-cpp").expect_success().stdout
    (said,) = [b.text for b in BLOCKS if b.page == "README.md" and b.context == "prints"]
    assert printed == said


def test_getting_started_builds_the_example() -> None:
    """Goal: the page and examples/hello are one. Method: compare the schemas, except for the line
    that names the file.
    """
    page = blocks_of("docs/getting-started.md")
    (schema,) = [block.text for block in page if block.context == "file hello.yaml"]
    example = ROOT / "examples" / "hello" / "hello.yaml"
    assert schema == f"# hello.yaml\n{example.read_text(encoding='utf-8')}"
