"""Goal: the tree keeps the style it promises. Method: every check over every file it is for."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from corinth import __version__, field_types
from corinth.lane_kinds import LANE_KINDS
from tests.style import checks
from tests.style.checks import Source
from tests.style.kinds import check_lane_kinds_are_asked, check_types_are_asked
from tests.style.readers import unread_files
from tests.style.templates import check_template
from tests.support.process import run
from tests.support.tree import ROOT

NOT_OURS = re.compile(
    r"(^|/)(\.git|\.venv|build|dist|__pycache__|\.\w+_cache|\.hypothesis|\.cache)(/|$)"
)
GENERATED = ("tests/golden/*", "examples/*/gen/*")
BROKEN_ON_PURPOSE = ("tests/bad_schemas/*",)
PROSE = (
    "runtime/*",
    "templates/*",
    "generator/*",
    "schemas/*",
    "docs/*",
    "scripts/*",
    "tests/bench/*",
    "tests/builds/*",
    "tests/docs/*",
    "tests/explorer/*",
    "tests/install/*",
    "tests/mutants/*",
    "tests/regression/*",
    "tests/support/*",
    "tests/unit/*",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
"""Where prose is plain. In the HTTP example and its tests a server answers, so they aren't here."""
CODE = (".py", ".c", ".h", ".j2")
TEXT = (*CODE, ".sh", ".build", ".toml", ".md", ".yaml", ".json", ".txt", ".in", "")


def paths() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT).as_posix()
        if path.is_file() and not NOT_OURS.search(relative):
            yield relative


def sources(suffixes: tuple[str, ...], *, without: tuple[str, ...] = ()) -> list[Source]:
    return [
        Source(path, (ROOT / path).read_text(encoding="utf-8"))
        for path in paths()
        if Path(path).suffix in suffixes
        and not any(fnmatch(path, pattern) for pattern in (*BROKEN_ON_PURPOSE, *without))
    ]


def files_of_tests() -> list[Source]:
    """What tests in C are made of; golden schemas are excepted: they are what users could write."""
    files = sources((".c", ".h", ".yaml", ".build", ".toml"), without=GENERATED)
    return [source for source in files if source.path.startswith("tests/")]


def prose() -> list[Source]:
    return [
        source
        for source in sources(TEXT)
        if any(fnmatch(source.path, pattern) for pattern in PROSE)
    ]


def views() -> list[Source]:
    return [each for each in sources((".py",)) if fnmatch(each.path, "generator/corinth/view/*")]


def expect_nothing(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("check", "files"),
    [
        (checks.check_function_length, lambda: sources(CODE)),
        (checks.check_line_length, lambda: sources(CODE)),
        (checks.check_file_length, lambda: sources(CODE, without=GENERATED)),
        (checks.check_banned_words, lambda: sources((*CODE, ".sh", ".build", ""))),
        (checks.check_retired_names, files_of_tests),
        (checks.check_plain_words, prose),
        (checks.check_whitespace, lambda: sources(TEXT)),
        (checks.check_include_guard, lambda: sources((".h",))),
        (check_template, lambda: sources((".j2",))),
        (checks.check_truth_values, views),
    ],
    ids=[
        "function length",
        "line length",
        "file length",
        "banned",
        "retired names",
        "plain",
        "whitespace",
        "guards",
        "templates",
        "truth values",
    ],
)
def test_every_file(
    check: Callable[[Source], list[str]], files: Callable[[], list[Source]]
) -> None:
    """Goal: no file breaks the rule. Method: the check of that name over each."""
    texts = files()
    assert texts, "the check looked at nothing"
    expect_nothing([finding for source in texts for finding in check(source)])


def test_types_are_asked() -> None:
    """Goal: a new kind of field type touches one module. Method: no other tests for its classes."""
    kinds = {
        item.__name__
        for item in vars(field_types).values()
        if isinstance(item, type) and item.__module__ == field_types.__name__
    }
    assert {"Primitive", "EnumType", "StructType", "ArrayType"} <= kinds
    generator = sources((".py",), without=("generator/corinth/field_types.py", "tests/*"))
    expect_nothing([f for each in generator for f in check_types_are_asked(each, kinds)])


def test_lane_kinds_are_asked() -> None:
    """Goal: a new kind of lane is a row of one table. Method: no other module tests for a name."""
    kinds = {name for kind in LANE_KINDS.values() for name in (kind.name, kind.ring)}
    generator = sources((".py",), without=("generator/corinth/lane_kinds.py", "tests/*"))
    expect_nothing([f for each in generator for f in check_lane_kinds_are_asked(each, kinds)])


def test_every_file_has_a_reader() -> None:
    """Goal: nothing lies around unused. Method: each is named by another or found by place."""
    readable = sources(TEXT, without=("CHANGELOG.md",))
    expect_nothing([f"{path}: nothing reads it" for path in unread_files(list(paths()), readable)])


def runtime() -> list[Source]:
    return [each for each in sources((".c", ".h")) if each.path.startswith("runtime/")]


def test_assertion_density() -> None:
    """Goal: the runtime asserts what it relies on. Method: count in its functions of some length
    the assertions that say more than that a pointer isn't null."""
    assert runtime()
    expect_nothing(checks.check_assertion_density(runtime()))


def test_static_assertions_can_fail() -> None:
    """Goal: no assertion is there for show. Method: look at what each of the runtime's names."""
    expect_nothing(checks.check_static_assertions(runtime()))


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "--diff", "."),
        ("mypy", "."),
    ],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_python(command: tuple[str, ...]) -> None:
    """Goal: Python is typed and tidy. Method: the tools, as pyproject.toml sets them up."""
    run([sys.executable, "-m", *command], cwd=ROOT, timeout_s=300).expect_success()


def test_one_version() -> None:
    """Goal: the tool and its package agree on the version. Method: compare with meson.build."""
    text = (ROOT / "meson.build").read_text(encoding="utf-8")
    declared = re.search(r"^  version: '([^']+)'", text, re.MULTILINE)
    assert declared is not None
    assert declared.group(1) == __version__


def test_the_lock_names_no_registry() -> None:
    """Goal: packages come from wherever pip is set up to look. Method: no address in the lock."""
    text = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)
    pinned = re.findall(
        r"^[\w.-]+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M
    )
    assert len(pinned) == len(re.findall(r"^[\w.-]+==", text, re.M)) > 0
